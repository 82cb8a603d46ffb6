"""The styles that remake a finished sheet, and the grades of its light."""
