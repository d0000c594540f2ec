"""The shelf: stored papers, what was said about them, and the search over them."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Boolean, ColumnElement, Connection, literal_column, select

from adapters.folding import Folder
from adapters.store import tables
from adapters.store.arrivals import arrivals_of, looked_back
from adapters.store.convert import paper_of
from adapters.store.database import Database
from adapters.store.fulltext import Index
from adapters.store.history import history_of
from adapters.store.places import chunks
from adapters.store.saving import Saving
from adapters.store.search import CHUNK, Searching
from adapters.store.timing import Timing
from bot.model.looking_back import LookBack, LookBackRequest
from bot.model.paper import Announcements, Event, Paper, Saved
from bot.model.record import IMPORT, Arrival, PaperHistory, Results, SearchRequest, Unplanned
from bot.model.subscription import Channel


class Papers:
    """See `bot.ports.PaperShelf`."""

    def __init__(self, database: Database, index: Index) -> None:
        self._database = database
        self._index = index
        self._folder = Folder()

    async def save(
        self, source: str, announcements: Announcements, *, now: datetime, late_before: date | None
    ) -> Saved:
        """Add or merge papers, their sightings and the cursor; see the port."""

        def body(connection: Connection) -> Saved:
            timing = Timing.of(connection, source, now, late_before)
            saving = Saving(connection, self._index, source, now, self._folder)
            return saving.save(announcements, timing)

        return await self._database.write(body)

    async def close(self) -> None:
        """End the process that folds papers, if one runs."""
        await asyncio.to_thread(self._folder.dismiss)

    async def get(self, key: str) -> Paper | None:
        """The paper with this key or any other known id of it."""

        def body(connection: Connection) -> Paper | None:
            aliases, papers = tables.aliases.c, tables.papers
            mine = select(aliases.paper_id).where(aliases.alias == key)
            row = connection.execute(
                select(papers).where(papers.c.id == mine.scalar_subquery())
            ).mappings().first()  # fmt: skip
            return None if row is None else paper_of(row)

        return await self._database.read(body)

    async def search(self, request: SearchRequest) -> Results:
        """Stored papers that match; the tree is expanded here."""
        return await self._database.read(
            lambda connection: Searching(connection, self._index, request).results()
        )

    async def arrivals(self, request: SearchRequest) -> list[Arrival]:
        """Sightings of papers that match, for looking back; see the port."""
        return await self._database.read(
            lambda connection: arrivals_of(connection, self._index, request)
        )

    async def look_back(self, request: LookBackRequest) -> LookBack:
        """What is asked about days that are over; see the port."""
        return await self._database.read(
            lambda connection: looked_back(connection, self._index, request)
        )

    async def load(self, keys: Sequence[str]) -> dict[str, Paper]:
        """The papers with these keys."""

        def body(connection: Connection) -> dict[str, Paper]:
            found: dict[str, Paper] = {}
            for start in range(0, len(keys), CHUNK):
                wanted = tables.papers.c.key.in_(keys[start : start + CHUNK])
                rows = connection.execute(select(tables.papers).where(wanted)).mappings()
                found |= {row["key"]: paper_of(row) for row in rows}
            return found

        return await self._database.read(body)

    async def unplanned(self, limit: int) -> list[Unplanned]:
        """Sightings no filter has been asked about yet; see the port."""
        return await self._database.read(lambda connection: _unplanned(connection, limit))

    async def history(self, channel: Channel, key: str) -> PaperHistory | None:
        """What a channel has had to do with this paper."""
        return await self._database.read(lambda connection: history_of(connection, channel, key))


def _unplanned(connection: Connection, limit: int) -> list[Unplanned]:
    seen = tables.sightings.c
    announced = _waiting(connection, _ANNOUNCED, limit=limit)
    if not announced:
        return _waiting(connection, limit=limit)
    # A paper's first sighting is what brought it: of when it was news, and to whom.
    papers = sorted({one.paper_id for one in announced})
    for some in chunks(papers):
        announced += _waiting(connection, seen.source == IMPORT, seen.paper_id.in_(some))
    return sorted(announced, key=lambda one: one.id)


def _waiting(
    connection: Connection, *where: ColumnElement[bool], limit: int | None = None
) -> list[Unplanned]:
    seen, papers = tables.sightings.c, tables.papers
    rows = connection.execute(
        select(
            papers,
            seen.id.label("sighting_id"),
            seen.event.label("sighting_event"),
            seen.source,
            seen.seen_on,
            seen.late,
        )
        .join(tables.sightings, seen.paper_id == papers.c.id)
        .where(seen.planned_at.is_(None), *where)
        .order_by(seen.id)
        .limit(limit)
    ).mappings()
    return [
        Unplanned(
            id=row["sighting_id"],
            paper_id=row["id"],
            paper=paper_of(row),
            source=row["source"],
            event=Event(row["sighting_event"]),
            on=row["seen_on"],
            late=row["late"],
        )
        for row in rows
    ]


# Spelt out as in the partial index, which is not used otherwise.
_ANNOUNCED = literal_column(f"sightings.source <> '{IMPORT}'", Boolean)
