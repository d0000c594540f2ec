"""Everything that touches the world; each folder fills ports of `bot`."""
