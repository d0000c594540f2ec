"""Channels and workspaces that cannot be posted to: paused, let back, moved, and deleted at last."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from adapters.store import circuits, tables
from adapters.store.convert import clean
from adapters.store.database import Database
from adapters.store.installations_purge import purge, purge_rows
from adapters.store.moving import join_channels
from adapters.store.owing import refresh
from adapters.store.places import COLUMNS, channel_of, ensure_channel, find_channel, insert_once
from bot.model.memory import Absence, Standing
from bot.model.subscription import Channel, Platform


class Absences:
    """See `bot.ports.Absences`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leave(self, absence: Absence) -> bool:
        """Remember it and pause the lanes concerned; False if it was away before."""
        return await self._database.write(lambda connection: _leave(connection, absence))

    async def come_back(self, channel: Channel) -> bool:
        """Let a channel be posted to again; channel empty: its workspace."""
        return await self._database.write(lambda connection: _come_back(connection, channel))

    async def known(self, channel: Channel) -> bool:
        """Whether the store knows this channel at all."""
        return await self._database.read(
            lambda connection: find_channel(connection, channel) is not None
        )

    async def rename(self, old: Channel, new: Channel) -> bool:
        """The same channel has another id now."""
        return await self._database.write(lambda connection: _rename(connection, old, new))

    async def channels(self, platform: Platform) -> list[Standing]:
        """Every channel of a platform, and how things are there."""
        channels, lanes = tables.channels, tables.lanes.c
        query = (
            select(*COLUMNS, lanes.paused, lanes.paused_at, lanes.paused_by, lanes.probe_at)
            .join(tables.lanes, lanes.channel_id == channels.c.id)
            .where(channels.c.platform == platform.value)
            .order_by(*COLUMNS)
        )
        return await self._database.read(
            lambda connection: [_standing(row) for row in connection.execute(query).mappings()]
        )

    async def of(self, platform: Platform, workspace: str) -> list[Absence]:
        """Who is away in a workspace, itself first."""
        absences = tables.absences.c
        query = (
            select(tables.absences)
            .where(absences.platform == platform.value, absences.workspace == workspace)
            .order_by(absences.channel)
        )
        return await self._database.read(
            lambda connection: [_absence(row) for row in connection.execute(query).mappings()]
        )

    async def purge(self, *, now: datetime) -> int:
        """Delete everything of those whose `purge_at` has come; how many they were."""
        gone = 0
        while await self._database.write(lambda connection: _purge_one(connection, now)):
            gone += 1
        return gone


def _is(channel: Channel) -> ColumnElement[bool]:
    absences = tables.absences.c
    return (
        (absences.platform == channel.platform.value)
        & (absences.workspace == channel.workspace)
        & (absences.channel == channel.channel)
    )


def _leave(connection: Connection, absence: Absence) -> bool:
    channel = absence.channel
    row = {
        "platform": channel.platform.value,
        "workspace": clean(channel.workspace),
        "channel": clean(channel.channel),
        "reason": clean(absence.reason),
        "since": absence.since,
        "purge_at": absence.purge_at,
    }
    if channel.channel:
        ensure_channel(connection, channel)
    new = insert_once(connection, tables.absences, row)
    if not new:
        connection.execute(
            update(tables.absences)
            .where(_is(channel), tables.absences.c.reason != row["reason"])
            .values(reason=row["reason"], purge_at=absence.purge_at)
        )
    lanes = tables.lanes
    connection.execute(
        update(lanes)
        .where(lanes.c.channel_id.in_(_rows_of(channel)), lanes.c.paused_by != "person")
        .values(
            paused=row["reason"],
            paused_by="channel",
            paused_at=absence.since,
            probe_at=None,
            ready_at=None,
        )
    )
    return new


def _rows_of(channel: Channel) -> Any:
    """The rows of a channel, or of all channels of a workspace."""
    channels = tables.channels.c
    rows = select(channels.id).where(
        channels.platform == channel.platform.value, channels.workspace == channel.workspace
    )
    return rows.where(channels.channel == channel.channel) if channel.channel else rows


def _come_back(connection: Connection, channel: Channel) -> bool:
    """Also a lane that only its last refusal paused runs again: the platform says it may."""
    returned = connection.execute(delete(tables.absences).where(_is(channel))).rowcount > 0
    circuits.forget(connection, (channel.platform.value, channel.workspace))
    absences, channels, lanes = tables.absences, tables.channels, tables.lanes
    away = select(absences.c.channel).where(
        absences.c.platform == channel.platform.value,
        absences.c.workspace == channel.workspace,
        absences.c.channel != "",
    )
    rows = _rows_of(channel)
    if not channel.channel:
        rows = rows.where(channels.c.channel.not_in(away))
    waiting = select(lanes.c.channel_id).where(
        lanes.c.channel_id.in_(rows),
        lanes.c.paused.is_not(None),
        lanes.c.paused_by != "person",
    )
    paused = list(connection.scalars(waiting))
    if paused:
        connection.execute(
            update(lanes)
            .where(lanes.c.channel_id.in_(paused))
            .values(
                paused=None,
                paused_by="",
                paused_at=None,
                probe_at=None,
                probes=0,
                failures=0,
                failing_since=None,
                next_at=None,
            )
        )
        refresh(connection, paused)
    return returned or bool(paused)


def _rename(connection: Connection, old: Channel, new: Channel) -> bool:
    channels, row = tables.channels, find_channel(connection, old)
    if row is None:
        return False
    taken = find_channel(connection, new)
    if taken is not None:  # it spoke under its new id before we were told
        join_channels(connection, old=row, new=taken)
        connection.execute(delete(tables.absences).where(_is(old)))
        return True
    connection.execute(
        update(channels).where(channels.c.id == row).values(channel=clean(new.channel))
    )
    connection.execute(update(tables.absences).where(_is(old)).values(channel=clean(new.channel)))
    return True


def _purge_one(connection: Connection, now: datetime) -> bool:
    absences = tables.absences
    due = (
        select(absences)
        .where(absences.c.purge_at <= now)
        .order_by(absences.c.purge_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = connection.execute(due).mappings().first()
    if row is None:
        return False
    channel = channel_of(row)
    if not channel.channel:
        purge(connection, channel.platform.value, channel.workspace)
        return True
    found = find_channel(connection, channel)
    if found is not None:
        purge_rows(connection, {tables.channels: tables.channels.c.id == found})
    connection.execute(delete(absences).where(_is(channel)))
    return True


def _standing(row: Any) -> Standing:
    return Standing(
        channel=channel_of(row),
        reason=row["paused"] or "",
        since=row["paused_at"],
        # Only what was refused is tried again by itself.
        refused=row["paused_by"] == "channel" and row["probe_at"] is not None,
    )


def _absence(row: Any) -> Absence:
    return Absence(
        channel=channel_of(row),
        reason=row["reason"],
        since=row["since"],
        purge_at=row["purge_at"],
    )
