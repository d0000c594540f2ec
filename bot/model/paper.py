"""Papers, and what sources say about them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

PaperKey = str
"""Canonical identity of a work: `arxiv:2403.09472`, else `doi:…`, else `url:<sha256>`."""


class Event(StrEnum):
    """What a source says happened to a paper. Alerts fire on events, never on polls."""

    NEW = "new"
    LISTED = "listed"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"
    WITHDRAWN = "withdrawn"
    HOT = "hot"


QUIET_EVENTS = frozenset({Event.REPLACE, Event.REPLACE_CROSS, Event.WITHDRAWN})
"""Events that alert only where a topic filter asks for them with `version:`."""


class Status(StrEnum):
    """Whether a work still stands."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    RETRACTED = "retracted"


class BlurbOrigin(StrEnum):
    """Who wrote the short text on a card; machine-written text is labelled as such."""

    ABSTRACT = "abstract"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Public counters as last observed; None means never observed. Never part of identity."""

    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One work, whatever the source or version.

    title, abstract: plain text, white space collapsed, NFC, LaTeX kept as written.
    authors: names in order, all of them. categories: arXiv codes, the primary one first.
    published_on: date of the first version. announced_on: date of the first sighting.
    ids: every known identity as `scheme:value`, the key among them.
    blurb: a source's own short summary; empty when there is none.
    events: everything sources have said about it so far.
    """

    key: PaperKey
    title: str
    url: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published_on: date | None = None
    updated_on: date | None = None
    announced_on: date | None = None
    version: int | None = None
    ids: tuple[str, ...] = ()
    organization: str = ""
    blurb: str = ""
    blurb_origin: BlurbOrigin = BlurbOrigin.MACHINE
    comment: str = ""
    journal_ref: str = ""
    license: str = ""
    keywords: tuple[str, ...] = ()
    code_url: str = ""
    project_url: str = ""
    thumbnail_url: str = ""
    status: Status = Status.ACTIVE
    metrics: Metrics = field(default_factory=Metrics)
    events: frozenset[Event] = frozenset()
    sources: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        # Equal papers have equal keys, and a day's papers are looked up very often.
        return hash(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One source saying something about a paper on a date (in the source's own zone).

    at: the very moment, where the source tells it. source_key: the source's own name for the
    record, for the audit trail.
    """

    paper: Paper
    event: Event
    on: date
    at: datetime | None = None
    source_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that could not become a paper: where it stood, and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcements:
    """What one reading of a source brought, oldest first.

    cursor: where to read on next time, as the source's own text; None leaves the stored one
    untouched (an empty or partial answer never moves a cursor).
    """

    sightings: tuple[Sighting, ...] = ()
    cursor: str | None = None
    rejected: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What storing announcements changed, in papers."""

    new: int = 0
    merged: int = 0
    unchanged: int = 0
