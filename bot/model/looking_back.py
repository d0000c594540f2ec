"""Days that are over, as thousands of papers are looked at for a preview: in brief."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from bot.model.paper import Event, Paper, PaperKey
from bot.model.record import SearchRequest
from bot.model.topic import Node, Term


class Glimpse(NamedTuple):
    """A stored sighting, with the figures of its paper as they are now.

    number: the paper's, one for all its sightings. day: when it was announced, or else published.
    events: everything said about the paper so far. on, first_seen_at: of the sighting.
    """

    number: int
    key: PaperKey
    day: date | None
    upvotes: int | None
    comments: int | None
    stars: int | None
    events: frozenset[Event]
    event: Event
    source: str
    on: date
    first_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackRequest:
    """What is asked about days that are over.

    arrivals: which sightings, as `PaperShelf.arrivals` has it. terms: of expanded trees; which
    papers each one holds of. trees, days: of how many papers announced within these days, both
    included, each tree holds; None: of all. named: whether somebody asks for authors,
    organisations and categories.
    """

    arrivals: SearchRequest
    days: tuple[date, date]
    terms: Sequence[Term] = ()
    trees: Sequence[Node | None] = ()
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """The arrivals, oldest first, and the answers.

    papers: by number, made when they are asked for: key, title, day, figures and events, and what
    `named` adds. told: of each term the numbers of the papers it holds of. totals: of each tree.
    """

    glimpses: Sequence[Glimpse]
    papers: Mapping[int, Paper]
    told: Mapping[Term, frozenset[int]]
    totals: Sequence[int]
