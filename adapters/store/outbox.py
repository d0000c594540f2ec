"""The outbox: messages owed to channels, lane by lane.

Who holds a lane's lease is the only one to send in that channel. `generation` counts the leases:
a receipt counts only while the lane's generation is the one it was claimed with.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, update

from adapters.store import tables
from adapters.store.database import Database, Undo
from adapters.store.lane_status import lane_statuses, pause_lane
from adapters.store.owing import owe, refresh
from adapters.store.places import COLUMNS, channel_of, pairs
from adapters.store.receipts import settle, write_receipt
from bot.model.delivery import Delivery, DeliveryState, NewDelivery, Outcome, ReadBack
from bot.model.record import LaneStatus
from bot.model.subscription import Channel, Platform


class Outbox:
    """See `bot.ports.Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enqueue(self, delivery: NewDelivery, *, now: datetime) -> bool:
        """Owe one more message; False if its dedupe key was owed before."""

        def body(connection: Connection) -> bool:
            if not owe(connection, delivery, now=now, subscription=""):
                raise Undo
            return True

        return await self._database.attempt(body) is not None

    async def claim(
        self,
        worker: str,
        platforms: frozenset[Platform],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Delivery]:
        """Lease free lanes; per lane its first waiting delivery, made `sending`."""

        def body(connection: Connection) -> list[Delivery]:
            claiming = _Claiming(connection, worker, now, now + lease)
            return claiming.waiting(platforms, limit)

        return await self._database.write(body)

    async def record(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        retry_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write what became of a claimed delivery and free its lane."""
        return await self._database.write(
            lambda connection: write_receipt(
                connection, delivery, outcome, retry_at=retry_at, now=now
            )
        )

    async def adopt_unclear(
        self, worker: str, platforms: frozenset[Platform], *, now: datetime, lease: timedelta
    ) -> list[Delivery]:
        """Lease lanes whose delivery has an unknown fate and that nobody looks after."""

        def body(connection: Connection) -> list[Delivery]:
            return _Claiming(connection, worker, now, now + lease).unclear(platforms)

        return await self._database.write(body)

    async def settle(
        self, delivery: Delivery, found: ReadBack, *, resend: bool, now: datetime
    ) -> bool:
        """Write what reading back showed: sent, queued again, or still unknown."""
        return await self._database.write(
            lambda connection: settle(connection, delivery, found, resend=resend, now=now)
        )

    async def lanes(self, channel: Channel | None = None) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        return await self._database.read(lambda connection: lane_statuses(connection, channel))

    async def set_lane(self, channel: Channel, *, paused: str | None, now: datetime) -> None:
        """Pause a lane for a reason, or let it run again (None)."""
        await self._database.write(
            lambda connection: pause_lane(connection, channel, paused=paused, now=now)
        )


MOST_ADOPTED = 50


class _Claiming:
    """Leases handed to one worker in one transaction."""

    def __init__(
        self, connection: Connection, worker: str, now: datetime, lease_until: datetime
    ) -> None:
        self.connection = connection
        self.worker = worker
        self.now = now
        self.lease_until = lease_until

    def waiting(self, platforms: frozenset[Platform], limit: int) -> list[Delivery]:
        """First deliveries of lanes that may go; `sending` is durable before anybody sends."""
        lanes, deliveries = tables.lanes.c, tables.deliveries
        ready = self._lanes(platforms, lanes.ready_at <= self.now, lanes.ready_at, limit)
        self._expire(ready)
        heads = self._heads(ready)
        if not heads:
            return []
        self._lease(heads)
        self.connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(heads.values()))
            .values(
                state=DeliveryState.SENDING.value,
                attempt=deliveries.c.attempt + 1,
                first_try_at=func.coalesce(deliveries.c.first_try_at, self.now),
                generation=_generation_of_lane(),
            )
        )
        return self._claimed(list(heads.values()))

    def unclear(self, platforms: frozenset[Platform]) -> list[Delivery]:
        """Deliveries that are unknown, or `sending` under a lease that has run out."""
        lanes, deliveries = tables.lanes.c, tables.deliveries
        free = or_(lanes.lease_until.is_(None), lanes.lease_until <= self.now)
        left = self._lanes(
            platforms, lanes.busy_with.is_not(None) & free, lanes.lease_until, MOST_ADOPTED
        )
        if not left:
            return []
        query = select(lanes.channel_id, lanes.busy_with).where(lanes.channel_id.in_(left))
        held = pairs(self.connection, query)
        self._lease(held)
        self.connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(held.values()))
            .values(state=DeliveryState.UNKNOWN.value, generation=_generation_of_lane())
        )
        return self._claimed(list(held.values()))

    def _lanes(
        self,
        platforms: frozenset[Platform],
        condition: ColumnElement[bool],
        by: ColumnElement[datetime | None],
        limit: int,
    ) -> Sequence[int]:
        lanes, channels = tables.lanes, tables.channels
        query = (
            select(lanes.c.channel_id)
            .join(channels, channels.c.id == lanes.c.channel_id)
            .where(condition, channels.c.platform.in_([one.value for one in platforms]))
            .order_by(by, lanes.c.channel_id)
            .limit(limit)
            .with_for_update(of=lanes, skip_locked=True)
        )
        return self.connection.scalars(query).all()

    def _expire(self, channel_ids: Sequence[int]) -> None:
        """Give up first deliveries whose time has passed, until each lane has one in time."""
        deliveries = tables.deliveries
        while True:
            heads = list(self._heads(channel_ids).values())
            expired = self.connection.execute(
                update(deliveries)
                .where(deliveries.c.id.in_(heads), deliveries.c.expires_at <= self.now)
                .values(state=DeliveryState.EXPIRED.value, finished_at=self.now)
            )
            if not expired.rowcount:
                break
            refresh(self.connection, channel_ids)

    def _heads(self, channel_ids: Iterable[int]) -> dict[int, int]:
        """The first waiting delivery of each lane that may go by now."""
        lanes, deliveries = tables.lanes.c, tables.deliveries
        twin = deliveries.alias()
        first = (
            select(twin.c.id)
            .where(
                twin.c.channel_id == lanes.channel_id,
                twin.c.state == DeliveryState.QUEUED.value,
            )
            .order_by(twin.c.seq)
            .limit(1)
            .scalar_subquery()
        )
        query = select(lanes.channel_id, first).where(
            lanes.channel_id.in_(list(channel_ids)), lanes.ready_at <= self.now
        )
        return {channel_id: head for channel_id, head in self.connection.execute(query) if head}

    def _lease(self, held: dict[int, int]) -> None:
        lanes = tables.lanes
        for channel_id, delivery_id in held.items():
            self.connection.execute(
                update(lanes)
                .where(lanes.c.channel_id == channel_id)
                .values(
                    busy_with=delivery_id,
                    ready_at=None,
                    lease_owner=self.worker,
                    lease_until=self.lease_until,
                    generation=lanes.c.generation + 1,
                )
            )

    def _claimed(self, ids: list[int]) -> list[Delivery]:
        deliveries, lanes, channels = tables.deliveries, tables.lanes.c, tables.channels
        query = (
            select(deliveries, lanes.lease_until, *COLUMNS)
            .join(tables.lanes, lanes.channel_id == deliveries.c.channel_id)
            .join(channels, channels.c.id == deliveries.c.channel_id)
            .where(deliveries.c.id.in_(ids))
            .order_by(deliveries.c.id)
        )
        return [_delivery(row) for row in self.connection.execute(query).mappings()]


def _generation_of_lane() -> ColumnElement[int]:
    lanes = tables.lanes.c
    return (
        select(lanes.generation)
        .where(lanes.channel_id == tables.deliveries.c.channel_id)
        .scalar_subquery()
    )


def _delivery(row: RowMapping) -> Delivery:
    return Delivery(
        id=row["id"],
        channel=channel_of(row),
        seq=row["seq"],
        dedupe_key=row["dedupe_key"],
        payload=json.loads(row["payload"]),
        marker=row["marker"],
        attempt=row["attempt"],
        generation=row["generation"],
        state=DeliveryState(row["state"]),
        created_at=row["created_at"],
        first_try_at=row["first_try_at"],
        lease_until=row["lease_until"],
        expires_at=row["expires_at"],
        message_id=row["message_id"],
        problem=row["problem"],
    )
