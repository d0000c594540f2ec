"""A backup in the place of a lost database: what is owed since before the loss was posted by it."""

from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from adapters.store import meta, tables
from adapters.store.owing import refresh
from adapters.store.places import chunks
from bot.model.delivery import DeliveryState

_UNDER_WAY = (DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value)
TAKEN = "taken as posted by the database that was lost and restored"


def note_loss(connection: Connection, lost_at: datetime) -> int:
    """See `bot.ports.Upkeep.restored`."""
    meta.write(connection, meta.LOST_AT, lost_at.isoformat())
    deliveries, lanes = tables.deliveries, tables.lanes
    waiting = (deliveries.c.state == DeliveryState.QUEUED.value) & lanes.c.paused.is_(None)
    owed = (
        select(deliveries.c.id, deliveries.c.channel_id)
        .join(lanes, lanes.c.channel_id == deliveries.c.channel_id)
        .where(deliveries.c.not_before <= lost_at, or_(waiting, deliveries.c.state.in_(_UNDER_WAY)))
    )
    found = {row.id: row.channel_id for row in connection.execute(owed)}
    for some in chunks(list(found)):
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(some))
            .values(
                state=DeliveryState.SENT.value, finished_at=lost_at, look_at=None, problem=TAKEN
            )
        )
    for some in chunks(sorted(set(found.values()))):
        connection.execute(
            update(lanes)
            .where(lanes.c.channel_id.in_(some))
            .values(busy_with=None, lease_owner="", lease_until=None)
        )
        refresh(connection, some)
    return len(found)
