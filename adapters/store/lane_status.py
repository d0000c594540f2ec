"""Lanes as people see and steer them: running, failing or paused and why, how much is waiting."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, func, select, update

from adapters.store import circuits, tables
from adapters.store.hints import tell
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS, channel_of, chunks, ensure_channel, find_channels, is_in
from bot.model.delivery import DeliveryState
from bot.model.hint import Hint
from bot.model.record import LaneStatus
from bot.model.subscription import Channel, Platform

SHOWN_FOR = timedelta(days=7)


def lane_statuses(
    connection: Connection, channel: Channel | None, *, now: datetime
) -> list[LaneStatus]:
    """How deliveries to one channel, or to each, are doing."""
    lanes, channels, deliveries = tables.lanes.c, tables.channels, tables.deliveries.c
    waiting = _how_many(deliveries.state == DeliveryState.QUEUED.value)
    unknown = _how_many(deliveries.state == DeliveryState.UNKNOWN.value)
    query = (
        select(
            *COLUMNS,
            lanes.paused,
            lanes.probe_at,
            lanes.failures,
            lanes.next_at,
            lanes.last_ok_at,
            waiting.label("waiting"),
            unknown.label("unknown"),
            channels.c.id,
        )
        .join(tables.lanes, lanes.channel_id == channels.c.id)
        .order_by(*COLUMNS)
    )
    if channel is not None:
        query = query.where(is_in(channel))
    since, resent = now - SHOWN_FOR, tables.deliveries.c.resends > 0
    dead = _ended(connection, DeliveryState.DEAD, since)
    again = _ended(connection, DeliveryState.SENT, since, resent)
    return [_status(row, dead, again) for row in connection.execute(query).mappings()]


def suspended_in(connection: Connection, platform: Platform, workspace: str) -> dict[Channel, str]:
    """The paused lanes of a workspace, and why."""
    lanes, channels = tables.lanes.c, tables.channels
    query = (
        select(*COLUMNS, lanes.paused)
        .join(tables.lanes, lanes.channel_id == channels.c.id)
        .where(
            channels.c.platform == platform.value,
            channels.c.workspace == workspace,
            lanes.paused.is_not(None),
        )
    )
    rows = connection.execute(query).mappings()
    return {channel_of(row): row["paused"] for row in rows}


def _status(row: RowMapping, dead: dict[int, int], again: dict[int, int]) -> LaneStatus:
    state, until = "running", None
    if row["paused"] is not None:
        state, until = "paused", row["probe_at"]
    elif row["failures"]:
        state, until = "failing", row["next_at"]
    return LaneStatus(
        channel=channel_of(row),
        state=state,
        reason=row["paused"] or "",
        waiting=row["waiting"],
        unknown=row["unknown"],
        dead=dead.get(row["id"], 0),
        resent=again.get(row["id"], 0),
        until=until,
        last_ok_at=row["last_ok_at"],
    )


def waiting_in(connection: Connection, channels: Collection[Channel]) -> dict[Channel, int]:
    """How many messages wait for each of these channels; those without any are left out."""
    deliveries = tables.deliveries.c
    names = {row: channel for channel, row in find_channels(connection, channels).items()}
    counted: dict[Channel, int] = {}
    for some in chunks(sorted(names)):
        query = (
            select(deliveries.channel_id, func.count())
            # Written out, so that the partial index on this state serves.
            .where(
                deliveries.channel_id.in_(some),
                deliveries.state == DeliveryState.QUEUED.value,
            )
            .group_by(deliveries.channel_id)
        )
        counted.update((names[row[0]], row[1]) for row in connection.execute(query))
    return counted


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    deliveries = tables.deliveries.c
    return (
        select(func.count())
        .select_from(tables.deliveries)
        # Written out in `condition`, so that the partial indexes on these states serve.
        .where(deliveries.channel_id == tables.channels.c.id, condition)
        .correlate(tables.channels)
        .scalar_subquery()
    )


def _ended(
    connection: Connection, state: DeliveryState, since: datetime, *more: ColumnElement[bool]
) -> dict[int, int]:
    """How many messages of each channel came to this end since."""
    deliveries = tables.deliveries.c
    query = (
        select(deliveries.channel_id, func.count())
        .where(deliveries.state == state.value, deliveries.finished_at >= since, *more)
        .group_by(deliveries.channel_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def pause_lane(
    connection: Connection,
    channel: Channel,
    *,
    paused: str | None,
    probe_at: datetime | None,
    now: datetime,
) -> None:
    """Pause a lane for a reason; or let it run again, at once and not after a back-off."""
    lanes = tables.lanes
    channel_id = ensure_channel(connection, channel)
    values = _paused_by_somebody(paused, now)
    if paused and probe_at:
        values |= {"paused_by": "channel", "probe_at": probe_at}
    connection.execute(update(lanes).where(lanes.c.channel_id == channel_id).values(**values))
    refresh(connection, [channel_id])
    tell(connection, Hint.MESSAGES)
    scope = circuits.scope_of(channel)
    if paused is None and scope is not None:
        circuits.forget(connection, scope)


def steer_workspace(
    connection: Connection,
    platform: Platform,
    workspace: str,
    *,
    paused: str | None,
    now: datetime,
) -> int:
    """Pause every lane of a workspace, or resume those paused by anybody but a person; how many."""
    lanes, channels = tables.lanes, tables.channels.c
    inside = lanes.c.channel_id.in_(
        select(channels.id).where(
            channels.platform == platform.value, channels.workspace == workspace
        )
    )
    which = lanes.c.paused.is_(None) if paused else lanes.c.paused_by.in_(("channel", "workspace"))
    values = _paused_by_somebody(paused, now)
    if paused:
        values["paused_by"] = "workspace"
    steered = connection.scalars(
        update(lanes).where(inside, which).values(**values).returning(lanes.c.channel_id)
    ).all()
    refresh(connection, steered)
    tell(connection, Hint.MESSAGES)
    if paused is None:
        circuits.forget(connection, (platform.value, workspace))
    return len(steered)


def _paused_by_somebody(paused: str | None, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {
        "paused": paused,
        "paused_by": "person" if paused else "",
        "paused_at": now if paused else None,
        "probe_at": None,
        "probes": 0,
    }
    if paused is None:
        values |= {"next_at": None, "failures": 0, "failing_since": None}
    return values


def pause_workspace(
    connection: Connection,
    scope: circuits.Scope,
    *,
    reason: str,
    probe_at: datetime,
    now: datetime,
) -> None:
    """Pause every lane of a workspace, or of a platform; paused ones keep their reason."""
    lanes = tables.lanes
    siblings = select(tables.channels.c.id).where(circuits.inside(scope))
    connection.execute(
        update(lanes)
        .where(lanes.c.channel_id.in_(siblings), lanes.c.paused.is_(None))
        .values(paused=reason, paused_by="workspace", paused_at=now)
    )
    paused = connection.scalars(
        update(lanes)
        .where(lanes.c.channel_id.in_(siblings), lanes.c.paused_by == "workspace")
        .values(probe_at=probe_at)
        .returning(lanes.c.channel_id)
    ).all()
    refresh(connection, paused)
