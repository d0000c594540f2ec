"""Where papers come from: one adapter per source, and papers in files."""
