"""Papers stay here: the only place that knows SQL."""
