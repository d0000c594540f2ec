"""What people and the bot do together, told once and played on every platform."""
