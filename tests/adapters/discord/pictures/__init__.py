"""Draws the messages the bot really sends as Discord would show them, to look at and for the docs.

`python -m tests.adapters.discord.pictures FOLDER` writes HTML pages, and pictures where a Chromium is
installed.
"""
