"""Under the surface of the sea: its water, its light and who lives there."""
