"""Rate limits and tallies that all processes share: one row per key.

GCRA, the generic cell rate algorithm: a row holds the theoretical arrival time (tat) of the next
one, and one conditional UPDATE takes as many places as there are. Instants are microseconds since
1970, so that both engines count alike.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, case, delete, func, select, update

from adapters.store import tables
from adapters.store.places import insert_once
from bot.rules.limits import Limit

MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Places:
    """What a taker got: when each may go, and when more can be had."""

    at: tuple[datetime, ...]
    next_at: datetime


def take(
    connection: Connection, limit: Limit, count: int, *, now: datetime, ahead: timedelta
) -> Places:
    """Take up to `count` places under a limit; those that come up within `ahead` count as free."""
    step, slack = limit.interval // MICROSECOND, (limit.burst - 1) * limit.interval // MICROSECOND
    at, early = micros(now), ahead // MICROSECOND
    row = _take(connection, limit.key, count, at, step, slack + early)
    if row is None:
        insert_once(connection, tables.limits, fresh(limit.key))
        row = _take(connection, limit.key, count, at, step, slack + early)
    if row is None:
        limits = tables.limits.c
        query = select(limits.tat, limits.closed_until).where(limits.key == limit.key)
        tat, closed_until = connection.execute(query).one()
        return Places((), instant(max(at + 1, closed_until, tat - slack - early)))
    first = row.tat - row.granted * step
    return Places(
        tuple(instant(max(at, first + n * step - slack)) for n in range(row.granted)),
        instant(max(at + 1, row.tat - slack - early)),
    )


def _take(connection: Connection, key: str, count: int, now: int, step: int, tolerance: int) -> Any:
    limits = tables.limits
    start = case((limits.c.tat > now, limits.c.tat), else_=now)
    room = (now + tolerance - start) // step + 1
    granted = case((room < count, room), else_=count)
    return connection.execute(
        update(limits)
        .where(limits.c.key == key, limits.c.closed_until <= now, start <= now + tolerance)
        .values(tat=start + granted * step, granted=granted)
        .returning(limits.c.tat, limits.c.granted)
    ).first()


def close(connection: Connection, key: str, until: datetime) -> None:
    """Let nobody pass before `until`; a later end that is known already stays."""
    insert_once(connection, tables.limits, fresh(key))
    limits, then = tables.limits, micros(until)
    connection.execute(
        update(limits)
        .where(limits.c.key == key, limits.c.closed_until < then)
        .values(closed_until=then)
    )


def tally(connection: Connection, key: str, *, now: datetime, window: timedelta) -> int:
    """Count one more; how many there were within `window`, this one included."""
    tallies, minute = tables.tallies, micros(now) // 60_000_000
    row = {"key": key, "minute": minute, "count": 0}
    insert_once(connection, tallies, row)
    connection.execute(
        update(tallies)
        .where(tallies.c.key == key, tallies.c.minute == minute)
        .values(count=tallies.c.count + 1)
    )
    oldest = minute - window // timedelta(minutes=1)
    connection.execute(delete(tallies).where(tallies.c.key == key, tallies.c.minute < oldest))
    counted = select(func.sum(tallies.c.count)).where(
        tallies.c.key == key, tallies.c.minute.between(oldest, minute)
    )
    return int(connection.scalar(counted) or 0)


def fresh(key: str) -> dict[str, Any]:
    """A row for a key nobody has used yet."""
    return {"key": key, "tat": 0, "granted": 0, "closed_until": 0}


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    """The instant so many microseconds after 1970."""
    return EPOCH + at * MICROSECOND
