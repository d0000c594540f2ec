"""Two records of one work become one: which source is believed for which field.

Rules: design page on sources, §4.2. A missing field never erases a stored one.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.model.paper import Metrics, Paper, Status

# Worth of a source's bibliography; what is not named here is worth 1.
RANKS = {"arxiv_oai": 3, "arxiv_api": 3, "arxiv_rss": 2, "import": 2}

_BIBLIOGRAPHY = (
    "title",
    "url",
    "abstract",
    "authors",
    "categories",
    "published_on",
    "updated_on",
    "version",
    "comment",
    "journal_ref",
    "license",
)
# Hugging Face is the one that knows these; of others only what is missing is taken.
_EXTRAS = ("organization", "keywords", "code_url", "project_url", "thumbnail_url")


def rank_of(source: str) -> int:
    """How much a source's bibliography is worth, by the part of its name before the colon."""
    return RANKS.get(source.partition(":")[0], 1)


def merge(old: Paper, old_rank: int, new: Paper, source: str) -> tuple[Paper, int]:
    """`old` with what `new`, as told by `source`, adds to it, and the rank of the result.

    Returns `old` itself when nothing changes.
    """
    rank = rank_of(source)
    better = _is_better(old, old_rank, new, rank)
    changes: dict[str, Any] = {}
    for name in _BIBLIOGRAPHY:
        _take(changes, old, new, name, wins=better)
    for name in _EXTRAS:
        _take(changes, old, new, name, wins=source.startswith("hf"))
    if new.blurb and (source.startswith("hf") or not old.blurb):
        _set(changes, old, blurb=new.blurb, blurb_origin=new.blurb_origin)
    _set(
        changes,
        old,
        metrics=_newest(old.metrics, new.metrics),
        status=_status(old, new),
        ids=old.ids + tuple(known for known in new.ids if known not in old.ids),
        announced_on=_earlier(old.announced_on, new.announced_on),
        events=old.events | new.events,
        sources=old.sources | new.sources,
    )
    return (replace(old, **changes) if changes else old), (rank if better else old_rank)


def _take(changes: dict[str, Any], old: Paper, new: Paper, name: str, *, wins: bool) -> None:
    mine, theirs = getattr(old, name), getattr(new, name)
    if theirs and theirs != mine and (wins or not mine):
        changes[name] = theirs


def _set(changes: dict[str, Any], old: Paper, **values: object) -> None:
    changes.update((name, value) for name, value in values.items() if value != getattr(old, name))


def _is_better(old: Paper, old_rank: int, new: Paper, rank: int) -> bool:
    if old.version and new.version and old.version != new.version:
        return new.version > old.version
    return rank >= old_rank


def _newest(old: Metrics, new: Metrics) -> Metrics:
    return Metrics(
        upvotes=old.upvotes if new.upvotes is None else new.upvotes,
        comments=old.comments if new.comments is None else new.comments,
        stars=old.stars if new.stars is None else new.stars,
    )


def _status(old: Paper, new: Paper) -> Status:
    """A withdrawn work stays so until a later version stands again."""
    if new.status is not Status.ACTIVE or (new.version or 0) > (old.version or new.version or 0):
        return new.status
    return old.status


def _earlier(one: date | None, other: date | None) -> date | None:
    return min(filter(None, (one, other)), default=None)


def raised(old: Metrics, new: Metrics) -> bool:
    """Whether any public counter went up."""
    pairs = ((old.upvotes, new.upvotes), (old.comments, new.comments), (old.stars, new.stars))
    return any(after is not None and after > (before or 0) for before, after in pairs)
