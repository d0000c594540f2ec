"""Rows to values and back, nothing else."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import RowMapping

from bot.model.paper import BlurbOrigin, Event, Metrics, Paper, Status

MOST = 1 << 53  # counters above this are nonsense, and beyond it JSON readers disagree
TEXTS = (
    "key",
    "title",
    "url",
    "abstract",
    "organization",
    "blurb",
    "comment",
    "journal_ref",
    "license",
    "code_url",
    "project_url",
    "thumbnail_url",
)
LISTS = ("authors", "categories", "ids", "keywords")
_SAME = (*TEXTS, "published_on", "updated_on", "announced_on", "version")
_READ = (
    *_SAME,
    *LISTS,
    "blurb_origin",
    "status",
    "upvotes",
    "comments",
    "stars",
    "events",
    "sources",
)


def storable(paper: Paper) -> Paper:
    """`paper` without what one of the engines refuses: NUL, lone surrogates, endless numbers."""
    texts = [getattr(paper, name) for name in TEXTS]
    for name in LISTS:
        texts.extend(getattr(paper, name))
    whole = "".join(texts)
    if not (whole.isascii() and "\0" not in whole) and clean(whole) != whole:
        cleaned: dict[str, Any] = {name: clean(getattr(paper, name)) for name in TEXTS}
        for name in LISTS:
            cleaned[name] = tuple(map(clean, getattr(paper, name)))
        paper = replace(paper, **cleaned)
    metrics = paper.metrics
    counts = (metrics.upvotes, metrics.comments, metrics.stars)
    if any(count is not None and not 0 <= count <= MOST for count in counts):
        upvotes, comments, stars = map(_fit, counts)
        fitting = Metrics(upvotes=upvotes, comments=comments, stars=stars)
        paper = replace(paper, metrics=fitting)
    if paper.version is not None and not 0 < paper.version < 10_000:
        paper = replace(paper, version=None)
    return paper


def _fit(count: int | None) -> int | None:
    return None if count is None else min(max(count, 0), MOST)


def clean(text: str) -> str:
    """`text` as both engines take it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def paper_row(paper: Paper) -> dict[str, Any]:
    """The columns of a paper that come from the paper itself."""
    row: dict[str, Any] = {name: getattr(paper, name) for name in _SAME}
    for name in LISTS:
        row[name] = listed(getattr(paper, name))
    row["blurb_origin"] = paper.blurb_origin.value
    row["status"] = paper.status.value
    row["upvotes"] = paper.metrics.upvotes
    row["comments"] = paper.metrics.comments
    row["stars"] = paper.metrics.stars
    row["events"] = _set_listed(paper.events)
    row["sources"] = _set_listed(paper.sources)
    return row


def paper_of(row: RowMapping | Mapping[str, Any]) -> Paper:
    """The paper in a row of `papers`."""
    return _paper_of(tuple([row[name] for name in _READ]))


@lru_cache(maxsize=2048)
def _paper_of(columns: tuple[Any, ...]) -> Paper:
    """Kept, for a day's papers are read again for every channel that gets them."""
    row = dict(zip(_READ, columns, strict=True))
    values: dict[str, Any] = {name: row[name] for name in _SAME}
    for name in LISTS:
        values[name] = tuple(_decode(row[name])[0])
    return Paper(
        **values,
        blurb_origin=BlurbOrigin(row["blurb_origin"]),
        status=Status(row["status"]),
        metrics=Metrics(upvotes=row["upvotes"], comments=row["comments"], stars=row["stars"]),
        events=_events(row["events"]),
        sources=_sources(row["sources"]),
    )


_decode = json.JSONDecoder().raw_decode


@lru_cache(maxsize=1024)
def _events(text: str) -> frozenset[Event]:
    return frozenset(map(Event, json.loads(text)))


@lru_cache(maxsize=1024)
def _sources(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


def listed(values: tuple[str, ...]) -> str:
    """Texts as one text."""
    return _encode(values) if values else "[]"


_encode = json.JSONEncoder(ensure_ascii=False).encode


@lru_cache(maxsize=1024)
def _set_listed(values: frozenset[str]) -> str:
    return listed(tuple(sorted(values)))
