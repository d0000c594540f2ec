"""Leases of lanes: who may send in a channel now, and which message."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, or_, select, update

from adapters.store import tables
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS, channel_of, pairs
from bot.model.delivery import Delivery, DeliveryKind, DeliveryState
from bot.model.subscription import Platform

MOST_ADOPTED = 50
NO_TARGET = "the message it was about was never posted"


class Claiming:
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
        self._give_up(ready)
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

    def _give_up(self, channel_ids: Sequence[int]) -> None:
        """Finish first deliveries that cannot go any more, until each lane has one that can."""
        deliveries = tables.deliveries
        while True:
            heads = list(self._heads(channel_ids).values())
            finished = sum(
                self.connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id.in_(heads), condition)
                    .values(finished_at=self.now, **values)
                ).rowcount
                for condition, values in (
                    (
                        deliveries.c.expires_at <= self.now,
                        {"state": DeliveryState.EXPIRED.value},
                    ),
                    (
                        (deliveries.c.kind != DeliveryKind.POST.value) & ~_target().exists(),
                        {"state": DeliveryState.CANCELLED.value, "problem": NO_TARGET},
                    ),
                )
            )
            if not finished:
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
            select(
                deliveries,
                lanes.lease_until,
                _target().scalar_subquery().label("target"),
                *COLUMNS,
            )
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


def _target() -> Select[str]:
    """The id of the message that a delivery is about.

    It was owed to the same lane before, so by the time the later one is first it is done with.
    """
    deliveries, earlier = tables.deliveries.c, tables.deliveries.alias()
    return (
        select(earlier.c.message_id)
        .where(
            earlier.c.dedupe_key == deliveries.about,
            earlier.c.channel_id == deliveries.channel_id,
            earlier.c.state == DeliveryState.SENT.value,
            earlier.c.message_id != "",
        )
        .correlate(tables.deliveries)
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
        kind=DeliveryKind(row["kind"]),
        target=row["target"] or "",
        message_id=row["message_id"],
        problem=row["problem"],
    )
