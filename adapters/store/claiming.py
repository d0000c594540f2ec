"""Leases of lanes: who may send in a channel now, and which message."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, select, update

from adapters.store import tables
from adapters.store.bulk import update_many
from adapters.store.circuits import Circuits
from adapters.store.limits import take
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS
from adapters.store.reading import HEAD, delivery_of, target_of
from bot.model.delivery import Delivery, DeliveryKind, DeliveryState
from bot.model.subscription import Platform
from bot.rules.limits import Limit, limit_of
from bot.rules.settling import SUSPECT

AHEAD = timedelta(milliseconds=500)
"""How long before its turn in a shared limit a message may be claimed; the worker waits for it."""

ALONE_EVERY = timedelta(seconds=2)
"""How far apart suspected messages are handed out, each alone, so that the others get on."""

MOST_ROUNDS = 10
"""Looks at the next lanes in one claim, so that a transaction is short however many are due."""

LONGEST_QUEUE = timedelta(days=1)

NO_TARGET = "the message it was about was never posted"


class Claiming:
    """Leases handed to one worker in one transaction."""

    def __init__(
        self, connection: Connection, worker: str, now: datetime, lease: timedelta
    ) -> None:
        self.connection = connection
        self.worker = worker
        self.now = now
        self.lease_until = now + lease
        self.circuits = Circuits(connection, now)

    def claim(self, platforms: frozenset[Platform], limit: int) -> list[Delivery]:
        """First deliveries of lanes that may go; `sending` is durable before anybody sends."""
        claimed: list[Delivery] = []
        for _ in range(MOST_ROUNDS):
            wanted = limit - len(claimed)
            lanes = self._ready(platforms, wanted)
            if not lanes:
                break
            fit = self._fit(self._heads(lanes))
            suspects = [one for one in fit if one.crashes >= SUSPECT]
            alone = suspects[: not claimed]
            self._put_off(
                {
                    one.lane: self.now + number * ALONE_EVERY
                    for number, one in enumerate(suspects[len(alone) :], 1)
                }
            )
            going = alone or [one for one in fit if one.crashes < SUSPECT]
            claimed += self._lease(self._within_limits(going))
            # Fewer lanes than wanted were all that may go, unless the next of one comes up now.
            last = len(lanes) < wanted and len(fit) == len(lanes)
            if last or len(claimed) >= limit or (alone and claimed):
                break
        return claimed

    def _ready(self, platforms: frozenset[Platform], limit: int) -> Sequence[int]:
        names = [one.value for one in platforms]
        asked = {"by": self.now, "platforms": names, "most": limit}
        return self.connection.scalars(_READY, asked).all()

    def _heads(self, lanes: Sequence[int]) -> Sequence[RowMapping]:
        """The first waiting delivery of each of these lanes; a statement of its own.

        On PostgreSQL it sees what was committed before the lanes were locked, and nothing older.
        """
        rows = self.connection.execute(_HEADS, {"lanes": list(lanes)}).mappings().all()
        empty = set(lanes) - {row["lane"] for row in rows}
        if empty:
            refresh(self.connection, empty)
        return rows

    def _fit(self, heads: Sequence[RowMapping]) -> list[Delivery]:
        """Those that can still be sent and whose workspace takes something."""
        fit: list[Delivery] = []
        finished: list[dict[str, Any]] = []
        put_off: dict[int, datetime] = {}
        for row in heads:
            delivery = delivery_of(row)
            if delivery.expires_at <= self.now:
                finished.append(_end(delivery, DeliveryState.EXPIRED, delivery.problem))
            elif delivery.kind is not DeliveryKind.POST and not delivery.target:
                finished.append(_end(delivery, DeliveryState.CANCELLED, NO_TARGET))
            elif until := self.circuits.closed_until(delivery.channel):
                put_off[delivery.lane] = until
            else:
                fit.append(delivery)
        if finished:
            self.connection.execute(_FINISH, [row | {"at": self.now} for row in finished])
            refresh(self.connection, [row["lane"] for row in finished])
        self._put_off(put_off)
        return fit

    def _within_limits(self, fit: list[Delivery]) -> list[Delivery]:
        """Those that get a place in the shared limits, and when it comes up."""
        by_limit: dict[Limit, list[Delivery]] = defaultdict(list)
        going = []
        for one in fit:
            limit = limit_of(one.channel, one.kind)
            if limit is None:
                going.append(one)
            else:
                by_limit[limit].append(one)
        put_off: dict[int, datetime] = {}
        # In one order, so that two workers on PostgreSQL do not wait for each other's rows.
        for limit in sorted(by_limit, key=lambda one: one.key):
            # Who has waited longest goes first, also before lanes that came up just now.
            these = sorted(by_limit[limit], key=lambda one: (one.not_before, one.id))
            places = take(self.connection, limit, len(these), now=self.now, ahead=AHEAD)
            going += [replace(one, send_at=at) for one, at in zip(these, places.at, strict=False)]
            put_off |= self._queue(limit, these[len(places.at) :], places.next_at)
        self._put_off(put_off, kept=True)
        return going

    def _queue(
        self, limit: Limit, late: Sequence[Delivery], opens_at: datetime
    ) -> dict[int, datetime]:
        """When each of these comes up again: behind all that were put off before.

        A lane is touched once and not with every claim, however many wait for the same limit.
        """
        if not late:
            return {}
        queue = Limit(f"{limit.key}/queue", limit.interval)
        turns = take(self.connection, queue, len(late), now=opens_at, ahead=LONGEST_QUEUE)
        at = [*turns.at, *[turns.next_at] * (len(late) - len(turns.at))]
        return {one.lane: when for one, when in zip(late, at, strict=True)}

    def _put_off(self, until: dict[int, datetime], *, kept: bool = False) -> None:
        """Look at these lanes again then. kept: also if more is owed to them meanwhile."""
        rows = [{"lane": lane, "until": at} for lane, at in until.items()]
        if rows:
            self.connection.execute(_QUEUE if kept else _PUT_OFF, rows)

    def _lease(self, going: list[Delivery]) -> list[Delivery]:
        if not going:
            return []
        leased = [
            replace(
                one,
                state=DeliveryState.SENDING,
                attempt=one.attempt + 1,
                generation=one.generation + 1,
                first_try_at=one.first_try_at or self.now,
                lease_until=self.lease_until,
            )
            for one in going
        ]
        sent = [
            {
                "id": one.id,
                "state": one.state.value,
                "attempt": one.attempt,
                "first_try_at": one.first_try_at,
                "generation": one.generation,
            }
            for one in leased
        ]
        update_many(self.connection, tables.deliveries, sent)
        held = [
            {
                "channel_id": one.lane,
                "busy_with": one.id,
                "ready_at": None,
                "lease_owner": self.worker,
                "lease_until": self.lease_until,
                "generation": one.generation,
            }
            for one in leased
        ]
        update_many(self.connection, tables.lanes, held)
        return leased


def _end(delivery: Delivery, state: DeliveryState, problem: str) -> dict[str, Any]:
    return {
        "delivery": delivery.id,
        "lane": delivery.lane,
        "end": state.value,
        "why": problem,
    }


def _first() -> Any:
    lanes, first = tables.lanes.c, tables.deliveries.alias()
    return (
        select(first.c.id)
        .where(
            first.c.channel_id == lanes.channel_id,
            first.c.state == DeliveryState.QUEUED.value,
        )
        .order_by(first.c.seq)
        .limit(1)
        .correlate(tables.lanes)
        .scalar_subquery()
    )


def ready_lanes(column: ColumnElement[Any]) -> Select[Any]:
    """A column of the lanes that may go `by` an instant, of these `platforms`."""
    lanes, channels = tables.lanes, tables.channels
    return (
        select(column)
        .select_from(lanes)
        .join(channels, channels.c.id == lanes.c.channel_id)
        .where(
            lanes.c.ready_at <= bindparam("by"),
            channels.c.platform.in_(bindparam("platforms", expanding=True)),
        )
    )


_READY = (
    ready_lanes(tables.lanes.c.channel_id)
    .order_by(tables.lanes.c.ready_at, tables.lanes.c.channel_id)
    .limit(bindparam("most"))
    .with_for_update(of=tables.lanes, skip_locked=True)
)
_HEADS = (
    select(*HEAD, tables.lanes.c.generation.label("lease"), target_of(), *COLUMNS)
    .select_from(tables.lanes)
    .join(tables.deliveries, tables.deliveries.c.id == _first())
    .join(tables.channels, tables.channels.c.id == tables.lanes.c.channel_id)
    .where(
        tables.lanes.c.channel_id.in_(bindparam("lanes", expanding=True)),
        tables.lanes.c.busy_with.is_(None),
    )
    .order_by(tables.lanes.c.ready_at, tables.lanes.c.channel_id)
)
_FINISH = (
    update(tables.deliveries)
    .where(tables.deliveries.c.id == bindparam("delivery"))
    .values(state=bindparam("end"), problem=bindparam("why"), finished_at=bindparam("at"))
)
_PUT_OFF = (
    update(tables.lanes)
    .where(tables.lanes.c.channel_id == bindparam("lane"))
    .values(ready_at=bindparam("until"))
)
_QUEUE = _PUT_OFF.values(next_at=bindparam("until"))
