"""Deliveries whose fate is unknown: whom to ask about which, and what the answer changes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from adapters.store import tables
from adapters.store.limits import take
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS
from adapters.store.reading import HEAD, delivery_of, target_of
from bot.model.delivery import FINAL_STATES, Delivery, DeliveryState, Settlement
from bot.model.subscription import Platform
from bot.rules.limits import REQUESTS_A_LOOK, look_limit, whole_limit
from bot.rules.settling import SUSPECT

MOST_ADOPTED = 50

AHEAD = timedelta(seconds=1)
"""Looks push in before posts that wait for the same limit: they free a channel."""

HELD_FOR = timedelta(minutes=10)
"""How long a message of unknown fate holds those behind it."""


def adopt(
    connection: Connection,
    platforms: frozenset[Platform],
    *,
    now: datetime,
    lease: timedelta,
    alone: bool,
) -> list[Delivery]:
    """Lease deliveries somebody should look for; see the port."""
    _overdue(connection, platforms, now)
    rows = connection.execute(_look_for(platforms, now, alone=alone)).mappings().all()
    waiting = defaultdict(list)
    for row in rows:
        waiting[look_limit(delivery_of(row).channel)].append(row)
    looking: list[tuple[Any, datetime | None]] = []
    put_off: list[dict[str, Any]] = []
    for limit, these in sorted(waiting.items(), key=lambda one: one[0].key if one[0] else ""):
        if limit is None:
            looking += [(row, None) for row in these]
            continue
        places = take(connection, limit, len(these), now=now, ahead=timedelta(0))
        turns = _turns(connection, these[: len(places.at)], now)
        looking += zip(these, turns, strict=False)
        put_off += [
            {"delivery": row["id"], "at": places.next_at + number * limit.interval}
            for number, row in enumerate(these[len(turns) :])
        ]
    if put_off:
        connection.execute(_LATER, put_off)
    return [_leased(connection, row, now + lease, at) for row, at in looking]


def _turns(connection: Connection, rows: Sequence[Any], now: datetime) -> Sequence[datetime | None]:
    """When each of those looks may go for which there is room beside the posts."""
    whole = whole_limit(delivery_of(rows[0]).channel) if rows else None
    if whole is None:
        return [None] * len(rows)
    places = take(connection, whole, len(rows) * REQUESTS_A_LOOK, now=now, ahead=AHEAD).at
    return places[: len(places) // REQUESTS_A_LOOK * REQUESTS_A_LOOK : REQUESTS_A_LOOK]


def _leased(connection: Connection, row: Any, until: datetime, at: datetime | None) -> Delivery:
    """A lease of one delivery: nobody else looks for it before `until`. at: the place of the look."""
    lanes, deliveries = tables.lanes, tables.deliveries
    lease = connection.scalar(
        update(lanes)
        .where(lanes.c.channel_id == row["lane"])
        .values(generation=lanes.c.generation + 1)
        .returning(lanes.c.generation)
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row["id"])
        # Taken back when it is settled: whoever dies in between is counted, but for who dies while
        # the look waits for its place.
        .values(generation=lease, look_at=until, crashes=deliveries.c.crashes + int(at is None))
    )
    leased = delivery_of({**row, "lease": lease, "lease_until": until})  # type: ignore[arg-type]  # a mapping like a row
    return replace(leased, send_at=at)


def begin_look(connection: Connection, delivery: Delivery) -> bool:
    """Count whoever dies from now on; False when somebody else took it over meanwhile."""
    return _write(connection, delivery, {"crashes": delivery.crashes + 1})


def _write(connection: Connection, delivery: Delivery, values: dict[str, Any]) -> bool:
    """Change what is looked for; False when somebody else took it over meanwhile."""
    deliveries = tables.deliveries
    written = connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == delivery.id,
            deliveries.c.state == DeliveryState.UNKNOWN.value,
            deliveries.c.generation == delivery.generation,
        )
        .values(**values)
    )
    return written.rowcount > 0


def _overdue(connection: Connection, platforms: frozenset[Platform], now: datetime) -> None:
    """Lanes whose lease is over: what was being sent is unknown; what is unknown holds no longer."""
    lanes, deliveries, channels = tables.lanes, tables.deliveries, tables.channels
    left = connection.execute(
        select(lanes.c.channel_id, lanes.c.busy_with)
        .join(channels, channels.c.id == lanes.c.channel_id)
        .where(
            lanes.c.busy_with.is_not(None),
            lanes.c.lease_until <= now,
            channels.c.platform.in_([one.value for one in platforms]),
        )
        .order_by(lanes.c.lease_until)
        .limit(MOST_ADOPTED)
        .with_for_update(of=lanes, skip_locked=True)
    ).all()
    if not left:
        return
    died = connection.scalars(
        update(deliveries)
        .where(
            deliveries.c.id.in_([row.busy_with for row in left]),
            deliveries.c.state == DeliveryState.SENDING.value,
        )
        .values(
            state=DeliveryState.UNKNOWN.value,
            crashes=deliveries.c.crashes + 1,
            # Its worker may wake up yet: its receipt must not count any more.
            generation=deliveries.c.generation + 1,
            look_at=now,
            problem="its worker did not come back",
        )
        .returning(deliveries.c.channel_id)
    ).all()
    free = {row.channel_id for row in left} - set(died)
    for some, values in (
        (died, {"lease_until": now + HELD_FOR, "generation": lanes.c.generation + 1}),
        (free, {"lease_until": None, "busy_with": None}),
    ):
        if some:
            connection.execute(
                update(lanes)
                .where(lanes.c.channel_id.in_(list(some)))
                .values(lease_owner="", **values)
            )
    refresh(connection, free)


def _look_for(platforms: frozenset[Platform], now: datetime, *, alone: bool) -> Any:
    deliveries, channels = tables.deliveries, tables.channels
    suspected = deliveries.c.crashes >= SUSPECT
    return (
        select(*HEAD, deliveries.c.generation.label("lease"), target_of(), *COLUMNS)
        .join(tables.lanes, tables.lanes.c.channel_id == deliveries.c.channel_id)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(
            # Written out, so that the partial index on this state serves.
            deliveries.c.state == DeliveryState.UNKNOWN.value,
            deliveries.c.look_at <= now,
            suspected if alone else ~suspected,
            channels.c.platform.in_([one.value for one in platforms]),
        )
        .order_by(deliveries.c.look_at, deliveries.c.id)
        .limit(1 if alone else MOST_ADOPTED)
        .with_for_update(of=deliveries, skip_locked=True)
    )


def settle(
    connection: Connection, delivery: Delivery, settled: Settlement, *, now: datetime
) -> bool:
    """Write what reading back led to; False when somebody else took it over meanwhile."""
    lanes = tables.lanes
    values: dict[str, Any] = {
        "state": settled.state.value,
        "problem": settled.problem,
        "message_id": settled.message_id,
        "look_at": settled.look_at,
        "looks": settled.looks,
        "resends": settled.resends,
        "crashes": delivery.crashes,
    }
    if settled.state in FINAL_STATES:
        values["finished_at"] = now
    if settled.state is DeliveryState.QUEUED:
        values["first_try_at"] = None  # the next attempt is the first that may arrive
    if not _write(connection, delivery, values):
        return False
    if settled.state is not DeliveryState.UNKNOWN:
        freed: dict[str, Any] = {
            "busy_with": None,
            "lease_until": None,
            "lease_owner": "",
            "next_at": settled.next_at,
        }
        if settled.state is DeliveryState.SENT:
            freed |= {"last_ok_at": now, "failures": 0, "failing_since": None}
        connection.execute(
            update(lanes)
            .where(lanes.c.channel_id == delivery.lane, lanes.c.busy_with == delivery.id)
            .values(**freed)
        )
        refresh(connection, [delivery.lane])
    return True


_LATER = (
    update(tables.deliveries)
    .where(tables.deliveries.c.id == bindparam("delivery"))
    .values(look_at=bindparam("at"))
)
