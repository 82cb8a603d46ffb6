"""Abstract pictures: one room for each arrangement."""
