"""Where each source was read up to, when it is due, and how it is doing."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.database import Database
from adapters.store.places import insert_once
from bot.model.record import Source

MOST_SAID = 500  # characters of a problem that are kept


class SourceLog:
    """See `bot.ports.SourceLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[Source]:
        """Every source ever registered, by name."""
        return await self._database.read(_all)

    async def take_due(self, names: list[str], *, now: datetime, hold: timedelta) -> list[Source]:
        """Sources of these that are due, each handed to one caller for `hold` only."""
        return await self._database.write(
            lambda connection: _take_due(connection, names, now, now + hold)
        )

    async def succeeded(self, name: str, *, next_poll_at: datetime, now: datetime) -> None:
        """A reading went well; the cursor itself moved with `PaperShelf.save`."""
        values = {"next_poll_at": next_poll_at, "last_success_at": now, "failures": 0}
        await self._write(name, values | {"last_try_at": now, "problem": ""})

    async def failed(
        self, name: str, problem: str, *, next_poll_at: datetime, now: datetime
    ) -> None:
        """A reading failed; the cursor stays."""
        values = {"next_poll_at": next_poll_at, "last_try_at": now}
        failures = tables.sources.c.failures + 1
        await self._write(
            name, values | {"failures": failures, "problem": clean(problem)[:MOST_SAID]}
        )

    async def _write(self, name: str, values: dict[str, object]) -> None:
        def body(connection: Connection) -> None:
            sources = tables.sources
            _register(connection, name)
            connection.execute(update(sources).where(sources.c.name == name).values(**values))

        await self._database.write(body)


def _register(connection: Connection, name: str) -> None:
    insert_once(connection, tables.sources, {"name": name, "failures": 0, "problem": ""})


def _all(connection: Connection) -> list[Source]:
    sources = tables.sources
    rows = connection.execute(select(sources).order_by(sources.c.name)).mappings()
    return [Source(**row) for row in rows]


def _take_due(
    connection: Connection, names: list[str], now: datetime, held_until: datetime
) -> list[Source]:
    sources = tables.sources
    known = set(connection.scalars(select(sources.c.name).where(sources.c.name.in_(names))))
    for name in names:
        if name not in known:
            _register(connection, name)
    query = (
        select(sources)
        .where(
            sources.c.name.in_(names),
            or_(sources.c.next_poll_at.is_(None), sources.c.next_poll_at <= now),
        )
        .order_by(sources.c.next_poll_at, sources.c.name)
        .with_for_update(skip_locked=True)
    )
    due = [Source(**row) for row in connection.execute(query).mappings()]
    if due:
        connection.execute(
            update(sources)
            .where(sources.c.name.in_([source.name for source in due]))
            .values(next_poll_at=held_until, last_try_at=now)
        )
    return due
