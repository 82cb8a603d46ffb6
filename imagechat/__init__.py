"""ImageChat: talk to language models and make pictures, in one conversation."""

__version__ = "0.1.0"
