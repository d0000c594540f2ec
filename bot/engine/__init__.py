"""What happens by itself: ingest → plan → compose → deliver → tidy.

Each stage is a small function over the ports that may be stopped anywhere and run again: what it
did is in the store, and what it did not do is still due. `beat` says which stage runs how often.
"""
