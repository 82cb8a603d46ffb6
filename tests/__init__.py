"""Tests, in rooms that mirror the code's; see `conftest.py` for what surrounds each of them."""
