"""Independent ways to say which papers a filter matches."""
