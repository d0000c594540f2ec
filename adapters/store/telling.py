"""Whose channels are paused and who was not told of it yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from adapters.store import tables
from adapters.store.owing import owe
from adapters.store.places import COLUMNS, channel_of, find_channel
from bot.model.delivery import NewDelivery
from bot.model.record import Pause


def untold(
    connection: Connection, *, now: datetime, cooldown: timedelta, limit: int
) -> list[Pause]:
    """Channels that a platform paused since anybody was told; see the port."""
    lanes, channels, absences = tables.lanes.c, tables.channels.c, tables.absences.c
    left = select(absences.since).where(
        absences.platform == channels.platform,
        absences.workspace == channels.workspace,
        absences.channel == "",
    )
    query = (
        select(lanes.paused, lanes.paused_at, *COLUMNS)
        .join(tables.channels, channels.id == lanes.channel_id)
        .where(
            lanes.paused.is_not(None),
            lanes.paused_by == "channel",
            or_(
                lanes.told_at.is_(None),
                (lanes.told_at < lanes.paused_at) & (lanes.told_at <= now - cooldown),
            ),
            # Where the bot was put out there is nobody it could write to.
            ~left.exists(),
        )
        .order_by(lanes.paused_at)
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return [Pause(channel_of(row), row["paused"], row["paused_at"]) for row in rows]


def tell(
    connection: Connection, pause: Pause, letters: Sequence[NewDelivery], *, now: datetime
) -> bool:
    """Owe the letters about a pause; False if somebody else has, or it is over."""
    lanes = tables.lanes
    told = connection.execute(
        update(lanes)
        .where(
            lanes.c.channel_id == find_channel(connection, pause.channel),
            lanes.c.paused_at == pause.since,
            or_(lanes.c.told_at.is_(None), lanes.c.told_at < lanes.c.paused_at),
        )
        .values(told_at=now)
    )
    if not told.rowcount:
        return False
    for letter in letters:
        owe(connection, letter, now=now, subscription="")
    return True
