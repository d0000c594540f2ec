"""Looking back: what sources said within some days, about papers that may match."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, true

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.fulltext import Index
from adapters.store.holding import Holding
from adapters.store.query import Composer
from adapters.store.search import Searching
from bot.model.looking_back import Glimpse, LookBack, LookBackRequest
from bot.model.paper import Event, Metrics, Paper
from bot.model.record import Arrival, SearchRequest
from bot.model.topic import Node
from bot.rules.sifting import Sieve, asks_for_figures, told_terms
from bot.rules.synonyms import expand


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


_FIGURES = ("upvotes", "comments", "stars")
_BRIEF = ("id", "key", "title", "announced_on", *_FIGURES, "events")
_NAMED = ("authors", "organization", "categories")


def looked_back(connection: Connection, index: Index, request: LookBackRequest) -> LookBack:
    """What is asked about days that are over; see `bot.ports.PaperShelf`."""
    asked, seen, papers = request.arrivals, tables.sightings.c, tables.papers
    names = (*_BRIEF, *_NAMED) if request.named else _BRIEF
    query = select(
        seen.event, seen.source, seen.seen_on, seen.first_seen_at, *(papers.c[one] for one in names)
    ).join(tables.sightings, seen.paper_id == papers.c.id)
    rows = connection.execute(_within(query, connection, index, asked)).all()
    glimpses = [
        Glimpse(
            number, key, day, upvotes, comments, stars, _events(events), _EVENTS[event], source, on,
            at,
        )
        for event, source, on, at, number, key, _, day, upvotes, comments, stars, events, *_ in rows
    ]  # fmt: skip
    trees = [None if one is None else expand(one) for one in request.trees]
    within = _announced(connection, request, trees)
    numbers = frozenset([one.number for one in glimpses])
    holding = Holding(connection, Composer(index, asked.today), numbers | within.keys())
    told = holding.of([*request.terms, *told_terms(filter(None, trees))])
    sieve, every = Sieve(within, told), frozenset(within)
    return LookBack(
        glimpses=glimpses,
        papers=_Outlines(rows, named=request.named),
        told=told,
        totals=[
            len(every if tree is None else sieve.matching(tree, every, None, asked.today))
            for tree in trees
        ],
    )


class _Figures(NamedTuple):
    """What trees ask of a stored paper that the index does not tell."""

    day: date | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None


def _announced(
    connection: Connection, request: LookBackRequest, trees: Sequence[Node | None]
) -> dict[int, _Figures]:
    """The papers of the request's days, by id; with figures if any tree asks for them."""
    if not trees:
        return {}
    papers, (since, until) = tables.papers.c, request.days
    here = papers.announced_on.between(since, until)
    if not any(tree is not None and asks_for_figures(tree) for tree in trees):
        nothing = _Figures()
        return dict.fromkeys(connection.scalars(select(papers.id).where(here)), nothing)
    query = select(papers.id, papers.announced_on, *(papers[name] for name in _FIGURES))
    return {number: _Figures(*row) for number, *row in connection.execute(query.where(here))}


class _Outlines(dict[int, Paper]):
    """Papers by number, made of rows when they are first asked for: few of thousands ever are."""

    def __init__(self, rows: Sequence[Row[Any]], *, named: bool) -> None:
        super().__init__()
        self._named = named
        self._rows = {row.id: row for row in rows}

    def __missing__(self, number: int) -> Paper:
        row = self._rows[number]
        outline = Paper(
            key=row.key,
            title=row.title,
            url="",
            announced_on=row.announced_on,
            metrics=Metrics(upvotes=row.upvotes, comments=row.comments, stars=row.stars),
            events=_events(row.events),
        )
        if self._named:
            outline = replace(
                outline,
                authors=_texts(row.authors),
                organization=row.organization,
                categories=_texts(row.categories),
            )
        self[number] = outline
        return outline


_EVENTS = {event.value: event for event in Event}
_decode = json.JSONDecoder().raw_decode


def _texts(text: str) -> tuple[str, ...]:
    return tuple(_decode(text)[0])


@lru_cache(maxsize=1024)
def _events(text: str) -> frozenset[Event]:
    return frozenset(map(Event, _texts(text)))
