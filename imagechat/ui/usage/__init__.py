"""The Usage tab: what was used and what it cost, what is left, and for those who look after others everybody's."""
