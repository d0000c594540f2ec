"""What we decide: pure functions from values to values; the current time is an argument."""
