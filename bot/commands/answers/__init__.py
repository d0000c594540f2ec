"""Reports as messages: the words people read."""

from bot.commands.answers.explanations import explained
from bot.commands.answers.mistakes import problem
from bot.commands.answers.papers import one_paper, results
from bot.commands.answers.previews import previewed
from bot.commands.answers.status import status
from bot.commands.answers.subscriptions import (
    listed,
    next_words,
    paused,
    paused_words,
    resumed,
    subscribed,
    unsubscribed,
)

__all__ = [
    "explained",
    "listed",
    "next_words",
    "one_paper",
    "paused",
    "paused_words",
    "previewed",
    "problem",
    "results",
    "resumed",
    "status",
    "subscribed",
    "unsubscribed",
]
