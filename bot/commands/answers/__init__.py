"""Reports as messages: the words people read."""

from bot.commands.answers.changes import (
    LOGGED,
    changed,
    exported,
    import_planned,
    imported,
    log,
    settings,
    undone,
)
from bot.commands.answers.explanations import explained
from bot.commands.answers.mistakes import problem
from bot.commands.answers.papers import one_paper, results
from bot.commands.answers.personal import (
    following,
    follows,
    forgotten,
    kept,
    kept_no_longer,
    muted,
    saved,
    unfollowed,
    unmuted,
    vote_undone,
    voted,
)
from bot.commands.answers.previews import previewed
from bot.commands.answers.remainders import rest
from bot.commands.answers.status import status
from bot.commands.answers.subscriptions import (
    edited,
    listed,
    listed_everywhere,
    next_words,
    paused,
    paused_words,
    resumed,
    subscribed,
    unsubscribed,
    unsubscribed_damaged,
)
from bot.commands.answers.trends import bibliography, similar, trending

__all__ = [
    "LOGGED",
    "bibliography",
    "changed",
    "edited",
    "explained",
    "exported",
    "following",
    "follows",
    "forgotten",
    "import_planned",
    "imported",
    "kept",
    "kept_no_longer",
    "listed",
    "listed_everywhere",
    "log",
    "muted",
    "next_words",
    "one_paper",
    "paused",
    "paused_words",
    "previewed",
    "problem",
    "rest",
    "results",
    "resumed",
    "saved",
    "settings",
    "similar",
    "status",
    "subscribed",
    "trending",
    "undone",
    "unfollowed",
    "unmuted",
    "unsubscribed",
    "unsubscribed_damaged",
    "vote_undone",
    "voted",
]
