"""What is a visitor's own beside what they made: who they are, keys, browsers, everything at once."""
