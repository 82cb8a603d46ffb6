"""For those who look after others: people and their groups, budgets, reports, and what was done."""
