"""Lanes as people see and steer them: running, paused and why, how much is waiting."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from adapters.store import tables
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS, channel_of, ensure_channel
from adapters.store.subscriptions import is_in
from bot.model.delivery import DeliveryState
from bot.model.record import LaneStatus
from bot.model.subscription import Channel


def lane_statuses(connection: Connection, channel: Channel | None) -> list[LaneStatus]:
    """How deliveries to one channel, or to each, are doing."""
    lanes, channels = tables.lanes.c, tables.channels
    query = (
        select(
            *COLUMNS,
            lanes.paused,
            lanes.last_ok_at,
            _how_many(DeliveryState.QUEUED).label("waiting"),
            _how_many(DeliveryState.UNKNOWN).label("unknown"),
        )
        .join(tables.lanes, lanes.channel_id == channels.c.id)
        .order_by(*COLUMNS)
    )
    if channel is not None:
        query = query.where(is_in(channel))
    return [
        LaneStatus(
            channel=channel_of(row),
            state="running" if row["paused"] is None else "paused",
            reason=row["paused"] or "",
            waiting=row["waiting"],
            unknown=row["unknown"],
            last_ok_at=row["last_ok_at"],
        )
        for row in connection.execute(query).mappings()
    ]


def _how_many(state: DeliveryState) -> ColumnElement[int]:
    deliveries = tables.deliveries.c
    return (
        select(func.count())
        .select_from(tables.deliveries)
        .where(
            deliveries.channel_id == tables.channels.c.id,
            # Written out, so that the partial indexes on these states serve.
            deliveries.state == state.value,
        )
        .correlate(tables.channels)
        .scalar_subquery()
    )


def pause_lane(
    connection: Connection, channel: Channel, *, paused: str | None, now: datetime
) -> None:
    """Pause a lane for a reason; or let it run again, at once and not after a back-off."""
    lanes = tables.lanes
    channel_id = ensure_channel(connection, channel)
    values = {"paused": paused, "paused_at": None if paused is None else now}
    if paused is None:
        values["next_at"] = None
    connection.execute(update(lanes).where(lanes.c.channel_id == channel_id).values(**values))
    refresh(connection, [channel_id])


def pause_workspace(
    connection: Connection, channel: Channel, *, reason: str, now: datetime
) -> None:
    """Pause every lane of the workspace `channel` belongs to; paused ones keep their reason."""
    channels, lanes = tables.channels.c, tables.lanes
    siblings = select(channels.id).where(
        channels.platform == channel.platform.value, channels.workspace == channel.workspace
    )
    connection.execute(
        update(lanes)
        .where(lanes.c.channel_id.in_(siblings), lanes.c.paused.is_(None))
        .values(paused=reason, paused_at=now, ready_at=None)
    )
