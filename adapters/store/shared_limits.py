"""Limits that all processes share, behind their port."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, select, update

from adapters.store import tables
from adapters.store.database import Database
from adapters.store.limits import close, fresh, instant, micros, tally
from adapters.store.places import insert_once


class SharedLimits:
    """See `bot.ports.RateLimits`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tally(self, key: str, *, now: datetime, window: timedelta) -> int:
        """Count one more of `key`; how many there were within `window`."""
        return await self._database.write(
            lambda connection: tally(connection, key, now=now, window=window)
        )

    async def close(self, key: str, *, until: datetime) -> None:
        """Let nobody through `key` before `until`."""
        await self._database.write(lambda connection: close(connection, key, until))

    async def enter(self, key: str, *, now: datetime, longest: timedelta) -> datetime | None:
        """Go in alone, for `longest` or until `leave`; else the instant to ask again."""

        def body(connection: Connection) -> datetime | None:
            insert_once(connection, tables.limits, fresh(key))
            limits, at = tables.limits, micros(now)
            entered = connection.execute(
                update(limits)
                .where(limits.c.key == key, limits.c.tat <= at, limits.c.closed_until <= at)
                .values(tat=micros(now + longest))
            )
            if entered.rowcount:
                return None
            later = case(
                (limits.c.tat > limits.c.closed_until, limits.c.tat), else_=limits.c.closed_until
            )
            return instant(
                connection.execute(select(later).where(limits.c.key == key)).scalar_one()
            )

        return await self._database.write(body)

    async def leave(self, key: str, *, until: datetime) -> None:
        """Come out; the next may go in from `until`."""
        limits = tables.limits
        statement = update(limits).where(limits.c.key == key).values(tat=micros(until))
        await self._database.write(lambda connection: connection.execute(statement) and None)
