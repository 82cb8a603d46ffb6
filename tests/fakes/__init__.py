"""Honest stand-ins: models whose words say what they shall do, behind the same interface as every other."""
