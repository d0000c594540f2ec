"""Leases and counted uses: one row each, changed under its lock."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from adapters.store import tables
from adapters.store.database import Database
from adapters.store.locks import Lock, take
from adapters.store.places import insert_once

FAR = 2
"""A lease that ends later than so many lengths ahead was written by a clock that was wrong."""


class Leases:
    """See `bot.ports.Leases`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, name: str, holder: str, *, now: datetime, length: timedelta) -> int | None:
        """Take or keep a lease; its generation, None while another has it."""

        def body(connection: Connection) -> int | None:
            leases = tables.leases
            row = {"name": name, "holder": "", "generation": 0, "held_until": None}
            insert_once(connection, leases, row)
            mine = leases.c.name == name
            found = connection.execute(select(leases).where(mine).with_for_update()).one()
            until, generation = found.held_until, int(found.generation)
            is_free = until is None or not now < until <= now + FAR * length
            if found.holder != holder or is_free:
                if not is_free:
                    return None
                generation += 1
            connection.execute(
                update(leases)
                .where(mine)
                .values(holder=holder, generation=generation, held_until=now + length)
            )
            return generation

        return await self._database.write(body)

    async def release(self, name: str, holder: str) -> None:
        """Give a lease back, if this holder has it."""
        leases = tables.leases
        given_back = (
            update(leases)
            .where(leases.c.name == name, leases.c.holder == holder)
            .values(held_until=None)
        )
        await self._database.write(lambda connection: connection.execute(given_back).rowcount)

    async def spend(self, name: str, *, now: datetime, most: int, within: timedelta) -> int | None:
        """Count one use; how many are left, None when none was."""

        def body(connection: Connection) -> int | None:
            uses = tables.uses
            take(connection, Lock.USES, of=name)
            old = (uses.c.name == name) & (uses.c.used_at <= now - within)
            connection.execute(delete(uses).where(old))
            spent = _spent(connection, name, now - within)
            if spent >= most:
                return None
            connection.execute(insert(uses).values(name=name, used_at=now))
            return most - spent - 1

        return await self._database.write(body)

    async def spent(self, name: str, *, now: datetime, within: timedelta) -> int:
        """How many uses were counted in the last `within`."""
        return await self._database.read(lambda connection: _spent(connection, name, now - within))


def _spent(connection: Connection, name: str, since: datetime) -> int:
    uses = tables.uses.c
    query = select(func.count()).where(uses.name == name, uses.used_at > since)
    return int(connection.scalar(query) or 0)
