"""Papers and channels for tests: one default each, override what matters."""

from itertools import count
from typing import Any

from bot.model.message import Card, Face
from bot.model.paper import Metrics, Paper
from bot.model.subscription import Channel, Platform

LAB = Channel(Platform.TERMINAL, "", "lab")
READING_CLUB = Channel(Platform.TERMINAL, "", "reading-club")
_numbers = count(1)


def a_paper(title: str = "On Rings", *, upvotes: int | None = None, **more: Any) -> Paper:
    """A paper of its own identity."""
    number = f"2611.{next(_numbers):05}"
    facts: dict[str, Any] = {
        "key": f"arxiv:{number}",
        "url": f"https://arxiv.org/abs/{number}",
        "abstract": "We say something that holds.",
        "authors": ("Emmy Noether",),
        "categories": ("math.RA",),
        "ids": (f"arxiv:{number}",),
        "version": 1,
        "metrics": Metrics(upvotes=upvotes),
    }
    return Paper(title=title, **{**facts, **more})


def a_card(**fields: Any) -> Card:
    """A card, by the fields of its own and those of its face together."""
    own = {name: fields.pop(name) for name in ("why", "seen", "stop") if name in fields}
    return Card(Face(**fields), **own)
