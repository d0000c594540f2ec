"""Looking back: what sources said within some days, about papers that may match."""

from dataclasses import replace

from sqlalchemy import Connection, select

from adapters.store import tables
from adapters.store.convert import paper_of
from adapters.store.fulltext import Index
from adapters.store.search import Searching
from bot.model.paper import Event
from bot.model.record import Arrival, SearchRequest


def arrivals_of(connection: Connection, index: Index, request: SearchRequest) -> list[Arrival]:
    """Sightings on the request's dates, oldest first; see `bot.ports.PaperShelf`."""
    seen, papers = tables.sightings.c, tables.papers
    query = select(
        papers, seen.source, seen.event.label("seen_event"), seen.seen_on, seen.first_seen_at
    ).join(tables.sightings, seen.paper_id == papers.c.id)
    if request.since is not None:
        query = query.where(seen.seen_on >= request.since)
    if request.until is not None:
        query = query.where(seen.seen_on <= request.until)
    if request.root is not None:
        # The dates are those of sightings here, not of papers.
        asked = Searching(connection, index, replace(request, since=None, until=None))
        query = query.where(papers.c.id.in_(asked.wider()))
    rows = connection.execute(query.order_by(seen.id).limit(request.limit)).mappings()
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
