"""The alert engine: which new papers reach which channel, when, and why.

model     what things are: paper, topic filter, subscription, delivery, message, command
rules     what we decide: pure functions over those values, `now` always an argument
ports     what we need from the world: sources, store, messengers, clock
engine    what happens by itself: ingest → plan → compose → deliver → tidy
commands  what people ask for: one grammar, one handler, one answer per command

Time wakes `engine`, people wake `commands`; they meet only in the store.
"""
