"""Tests that drive a real Chromium against the app in a process of its own."""
