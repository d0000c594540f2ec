"""Months of recorded announcements through the whole bot, audited against the reference."""
