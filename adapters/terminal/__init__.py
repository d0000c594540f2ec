"""The terminal as a third platform: it needs no token, and shows messages as plain text."""
