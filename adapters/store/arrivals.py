"""Looking back: what sources said within some days, about papers that may match."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, true

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.fulltext import Index
from adapters.store.query import Composer
from adapters.store.search import CHUNK, Searching, load_papers
from bot.model.paper import Event, Metrics, Paper, PaperKey
from bot.model.record import Arrival, LookBack, SearchRequest
from bot.model.topic import Author, Organization, Term, Text
from bot.rules.search_tokens import CUT

_SAID = ("source", "event", "seen_on", "first_seen_at")


def arrivals_of(connection: Connection, index: Index, request: SearchRequest) -> list[Arrival]:
    """Sightings on the request's dates, oldest first; see `bot.ports.PaperShelf`."""
    seen, papers = tables.sightings.c, tables.papers
    query = select(
        papers, seen.source, seen.event.label("seen_event"), seen.seen_on, seen.first_seen_at
    ).join(tables.sightings, seen.paper_id == papers.c.id)
    rows = connection.execute(_within(query, connection, index, request)).mappings()
    return [
        Arrival(
            paper=paper_of(row),
            source=row["source"],
            event=Event(row["seen_event"]),
            on=row["seen_on"],
            first_seen_at=row["first_seen_at"],
        )
        for row in rows
    ]


def _within(
    query: Select[Any], connection: Connection, index: Index, request: SearchRequest
) -> Select[Any]:
    """Sightings on the request's dates, of papers that may match, in the order they came."""
    seen, papers = tables.sightings.c, tables.papers.c
    said: list[ColumnElement[bool]] = [true()]
    if request.since is not None:
        said.append(seen.seen_on >= request.since)
    if request.until is not None:
        said.append(seen.seen_on <= request.until)
    if request.root is not None:
        # Ids follow the date: nothing older need be looked up than the oldest of these papers.
        first = connection.scalar(select(func.min(seen.paper_id)).where(*said)) or 0
        # The dates are those of sightings here, not of papers.
        asked = Searching(connection, index, replace(request, since=None, until=None))
        query = query.where(papers.id.in_(asked.wider(first)))
    return query.where(*said).order_by(seen.id).limit(request.limit)


class _Row(NamedTuple):
    """What filters and ranking ask of a paper besides its text, and one sighting of it."""

    id: int
    key: PaperKey
    title: str
    authors: str
    organization: str
    categories: str
    published_on: date | None
    announced_on: date | None
    version: int | None
    upvotes: int | None
    comments: int | None
    stars: int | None
    events: str
    source: str
    event: str
    seen_on: date
    first_seen_at: datetime


_OF_PAPERS = _Row._fields[: -len(_SAID)]


def looked_back(
    connection: Connection, index: Index, request: SearchRequest, terms: Sequence[Term]
) -> LookBack:
    """The same, told by the index which of them each term holds of; see the port."""
    seen, papers = tables.sightings.c, tables.papers
    query = select(*(papers.c[name] for name in _OF_PAPERS), *(seen[name] for name in _SAID)).join(
        tables.sightings, seen.paper_id == papers.c.id
    )
    within = _within(query, connection, index, request)
    rows = list(map(_Row._make, connection.execute(within).all()))
    keys = {row.id: row.key for row in rows}
    told = _told(connection, Composer(index, request.today), keys, terms) if rows else {}
    brief = not rows or len(told) == len(set(terms))
    if brief:
        known = {row.id: row for row in rows}
        read = {paper_id: _brief(row) for paper_id, row in known.items()}
    else:
        read = {}
        for start in range(0, len(keys), CHUNK):
            read |= load_papers(connection, list(keys)[start : start + CHUNK])
    arrivals = [
        Arrival(
            paper=read[row.id],
            source=row.source,
            event=Event(row.event),
            on=row.seen_on,
            first_seen_at=row.first_seen_at,
        )
        for row in rows
    ]
    return LookBack(arrivals=arrivals, told=told, brief=brief)


def _told(
    connection: Connection, composer: Composer, keys: Mapping[int, PaperKey], terms: Sequence[Term]
) -> dict[Term, frozenset[PaperKey]]:
    """Of each term the index answers exactly, the papers among `keys` it holds of."""
    index, every, first = composer.index, frozenset(keys), min(keys)

    def hits(query: str) -> frozenset[int]:
        # No paper asked about is older than the oldest of them, and ids follow the date.
        asked = composer.ids(query).where(index.id >= first)
        return every.intersection(connection.scalars(asked).all())

    may_be_cut = [
        one for one in terms if not index.is_sqlite or isinstance(one, Author | Organization)
    ]
    unsure = may_be_cut if may_be_cut and hits(index.word("keys", CUT)) else []
    told: dict[Term, frozenset[PaperKey]] = {}
    for term in dict.fromkeys(terms):
        query = _exactly(composer, term)
        if query and term not in unsure:
            told[term] = frozenset(keys[one] for one in hits(query))
    return told


def _exactly(composer: Composer, term: Term) -> str:
    """The query that a term of an expanded tree stands for; empty if there is none."""
    if isinstance(term, Text):
        if term.exact or term.near:
            return ""
        return composer.index.phrase(term.tokens, term.scope, prefix=term.prefix)
    question = composer.question(term)
    return question.match if question.exact else ""


def _brief(row: _Row) -> Paper:
    return Paper(
        key=row.key,
        title=row.title,
        url="",
        authors=_texts(row.authors),
        organization=row.organization,
        categories=_codes(row.categories),
        published_on=row.published_on,
        announced_on=row.announced_on,
        version=row.version,
        metrics=_counted(row.upvotes, row.comments, row.stars),
        events=_events(row.events),
    )


# What thousands of papers share is made once.
@lru_cache(maxsize=4096)
def _counted(upvotes: int | None, comments: int | None, stars: int | None) -> Metrics:
    return Metrics(upvotes=upvotes, comments=comments, stars=stars)


@lru_cache(maxsize=4096)
def _codes(text: str) -> tuple[str, ...]:
    return _texts(text)


_decode = json.JSONDecoder().raw_decode


def _texts(text: str) -> tuple[str, ...]:
    return tuple(_decode(text)[0])


@lru_cache(maxsize=1024)
def _events(text: str) -> frozenset[Event]:
    return frozenset(map(Event, _texts(text)))
