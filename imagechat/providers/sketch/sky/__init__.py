"""The sky: heavens, clouds and weather."""
