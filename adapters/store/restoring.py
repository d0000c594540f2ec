"""A backup in the place of a lost database: what is owed since before the loss was posted by it."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select, update

from adapters.store import meta, tables
from adapters.store.owing import refresh
from adapters.store.places import chunks
from adapters.store.standing import cadence_of
from adapters.store.subscriptions import is_running
from adapters.store.timing import BEFORE_BACKUP
from bot.model.delivery import DeliveryState
from bot.model.subscription import Every
from bot.rules.schedule import last_due, zone_of

_UNDER_WAY = (DeliveryState.SENDING.value, DeliveryState.UNKNOWN.value)
TAKEN = "taken as posted by the database that was lost and restored"


def note_loss(connection: Connection, lost_at: datetime) -> int:
    """See `bot.ports.Upkeep.restored`."""
    meta.write(connection, meta.LOST_AT, lost_at.isoformat())
    read_at = connection.scalar(select(func.max(tables.sources.c.last_success_at))) or lost_at
    since = (min(read_at, lost_at) - BEFORE_BACKUP).date()
    meta.write(connection, meta.LOST_SINCE, since.isoformat())
    _note_heard(connection, lost_at)
    return _take_as_posted(connection, lost_at)


def _note_heard(connection: Connection, lost_at: datetime) -> None:
    """Up to when the lost database had served each subscription.

    Dated ones that were due before the loss have just been composed, at that moment; `instant` ones
    were served as papers came.
    """
    subscriptions, done, lanes = tables.subscriptions, tables.occurrences.c, tables.lanes.c
    is_instant = subscriptions.c.every == Every.INSTANT.value
    stuck = select(lanes.channel_id).where(lanes.paused.is_not(None))
    connection.execute(
        update(subscriptions)
        .where(is_instant, is_running(lost_at), subscriptions.c.channel_id.not_in(stuck))
        .values(heard_until=lost_at)
    )
    composed = select(done.subscription_id).where(done.composed_at == lost_at)
    served = and_(~is_instant, subscriptions.c.id.in_(composed))
    kinds = [subscriptions.c[name] for name in ("every", "at", "weekday", "zone")]
    for kind in connection.execute(select(*kinds).where(served).distinct()).all():
        every, at, weekday, zone = kind
        heard_until = last_due(cadence_of(every, at, weekday), zone_of(zone), lost_at)
        same = [one.is_not_distinct_from(value) for one, value in zip(kinds, kind, strict=True)]
        connection.execute(
            update(subscriptions).where(served, *same).values(heard_until=heard_until)
        )


def _take_as_posted(connection: Connection, lost_at: datetime) -> int:
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
