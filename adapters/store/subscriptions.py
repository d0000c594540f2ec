"""Standing orders, and the distinct filters they listen with."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from adapters.store import standing, tables
from adapters.store.damage import damaged_among, damaged_anywhere, remove_damaged
from adapters.store.database import Database
from adapters.store.hits import newest_hit
from adapters.store.meta import filters_revision, next_filters_revision
from adapters.store.places import ensure_channel, insert_once, is_in
from bot.model.errors import Conflict
from bot.model.record import Filters, StoredFilter
from bot.model.subscription import Channel, Damaged, Every, Platform, Subscription
from bot.model.topic import TopicFilter

log = logging.getLogger(__name__)

DAMAGED_WAIT = timedelta(hours=1)
"""How long a row nobody can read is not looked at again once it was due."""


class Subscriptions:
    """See `bot.ports.SubscriptionBook`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, subscription: Subscription) -> Subscription:
        """Store it; it starts with what is matched from now on, never with a backlog."""
        return await self._database.write(
            lambda connection: add_one(connection, subscription, newest_hit(connection))
        )

    async def remove(self, channel: Channel, name: str) -> Subscription | None:
        """Take it out and return it; None if there is none of that name in the channel."""
        return await self._database.write(lambda connection: remove_one(connection, channel, name))

    async def of(self, channel: Channel | None = None) -> list[Subscription]:
        """Those of one channel, or all, by channel and age."""
        subscriptions, channels = tables.subscriptions.c, tables.channels.c
        query = standing.selected().order_by(
            channels.platform, channels.workspace, channels.channel, subscriptions.id
        )
        if channel is not None:
            query = query.where(is_in(channel))
        return await self._database.read(lambda connection: standing.readable(connection, query))

    async def damaged(self, channel: Channel | None = None) -> list[Damaged]:
        """Those of one channel, or all, that cannot be read and so send nothing."""
        if channel is None:
            return await self._database.read(damaged_anywhere)
        where = is_in(channel)
        return await self._database.read(lambda connection: damaged_among(connection, where))

    async def damaged_of_workspace(self, platform: Platform, workspace: str) -> list[Damaged]:
        """Those of one workspace."""
        where = _is_of(platform, workspace)
        return await self._database.read(lambda connection: damaged_among(connection, where))

    async def of_workspace(self, platform: Platform, workspace: str) -> list[Subscription]:
        """Those of one workspace, by channel and age."""
        subscriptions, channels = tables.subscriptions.c, tables.channels.c
        query = (
            standing.selected()
            .where(_is_of(platform, workspace))
            .order_by(channels.channel, subscriptions.id)
        )
        return await self._database.read(lambda connection: standing.readable(connection, query))

    async def change(self, subscription: Subscription) -> bool:
        """Store everything but id, channel, hit_cursor and creation; False if it is gone."""
        return await self._database.write(lambda connection: change_one(connection, subscription))

    async def filters(self, since: int | None = None) -> Filters:
        """Distinct filters in use: all, or what has changed after a revision; see the port."""
        return await self._database.read(lambda connection: _filters(connection, since))

    async def count(self, platform: Platform, workspace: str) -> int:
        """How many subscriptions a workspace has."""
        subscriptions, channels = tables.subscriptions.c, tables.channels.c
        query = (
            select(func.count())
            .select_from(tables.subscriptions)
            .join(tables.channels, channels.id == subscriptions.channel_id)
            .where(channels.platform == platform.value, channels.workspace == workspace)
        )
        return await self._database.read(lambda connection: connection.scalar(query) or 0)

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next running subscription is due."""
        return await self._database.read(
            lambda connection: connection.scalar(_NEXT_DUE, {"now": now})
        )

    async def move(self, moved: Mapping[int, tuple[datetime, datetime]]) -> int:
        """Change due times from what was read to what is right; how many were changed."""
        return await self._database.write(lambda connection: _move(connection, moved))

    async def due(self, now: datetime, limit: int) -> list[Subscription]:
        """Running subscriptions with `next_due_at <= now`, longest overdue first.

        Damaged rows step aside for a while, or they would stand before all others for ever.
        """
        asked = {"now": now, "most": limit}
        while True:
            found, damaged = await self._database.read(
                lambda connection: standing.told_apart(connection, _DUE, asked)
            )
            for number, problem in damaged.items():
                log.error("subscription %d is damaged and left out: %s", number, problem)
            if damaged:
                await self._put_off(damaged, now)
            if found or not damaged:
                return found

    async def _put_off(self, damaged: Collection[int], now: datetime) -> None:
        subscriptions = tables.subscriptions
        due = subscriptions.c.id.in_(damaged) & (subscriptions.c.next_due_at <= now)
        later = update(subscriptions).where(due).values(next_due_at=now + DAMAGED_WAIT)
        await self._database.write(lambda connection: connection.execute(later))


def _is_of(platform: Platform, workspace: str) -> ColumnElement[bool]:
    channels = tables.channels.c
    return (channels.platform == platform.value) & (channels.workspace == workspace)


def is_running(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """The condition on `subscriptions` that one is not paused at an instant."""
    paused_until = tables.subscriptions.c.paused_until
    return or_(paused_until.is_(None), paused_until <= now)


def _something_waits() -> ColumnElement[bool]:
    """The condition on `lanes` that a message is owed there."""
    return or_(tables.lanes.c.ready_at.is_not(None), tables.lanes.c.busy_with.is_not(None))


def add_one(connection: Connection, subscription: Subscription, after_hit: int) -> Subscription:
    """Store it, listening to matches after its own `hit_cursor` and after this one.

    Raises Conflict when the channel has that name already.
    """
    channel_id = ensure_channel(connection, subscription.channel)
    stored = replace(subscription, hit_cursor=max(subscription.hit_cursor, after_hit))
    row = standing.changeable(stored) | {
        "channel_id": channel_id,
        "filter_id": _use_filter(connection, stored.filter),
        "created_at": stored.created_at,
        "hit_cursor": stored.hit_cursor,
        "heard_until": stored.heard_until,
    }
    _refuse_same_name(connection, stored, channel_id)
    made = insert(tables.subscriptions).returning(tables.subscriptions.c.id)
    return replace(stored, id=connection.execute(made, row).scalar_one())


def _move(connection: Connection, moved: Mapping[int, tuple[datetime, datetime]]) -> int:
    subscriptions = tables.subscriptions
    changed = 0
    for number, (read, right) in moved.items():
        mine = (subscriptions.c.id == number) & (subscriptions.c.next_due_at == read)
        moving = update(subscriptions).where(mine).values(next_due_at=right)
        changed += connection.execute(moving).rowcount
    return changed


def _refuse_same_name(connection: Connection, stored: Subscription, channel_id: int) -> None:
    subscriptions = tables.subscriptions.c
    same = select(subscriptions.id).where(
        subscriptions.channel_id == channel_id,
        subscriptions.name == stored.name,
        subscriptions.id != stored.id,
    )
    if connection.scalar(same) is not None:
        msg = f"{stored.channel} has a subscription named “{stored.name}” already."
        raise Conflict(msg)


def remove_one(connection: Connection, channel: Channel, name: str) -> Subscription | None:
    """Take it out and return it; None if there is none of that name."""
    subscriptions = tables.subscriptions
    query = standing.selected().where(is_in(channel), subscriptions.c.name == name)
    row = connection.execute(query.with_for_update(of=subscriptions)).mappings().first()
    if row is None:
        return None
    connection.execute(delete(subscriptions).where(subscriptions.c.id == row["id"]))
    _release_filter(connection, row["filter_id"])
    return standing.subscription_of(row)


def remove_unreadable(connection: Connection, channel: Channel, name: str) -> bool:
    """Take out a damaged one; False if there is none of that name."""
    filter_id = remove_damaged(connection, channel, name)
    if filter_id is not None:
        _release_filter(connection, filter_id)
    return filter_id is not None


def change_one(
    connection: Connection, subscription: Subscription, *, from_now: bool = False
) -> bool:
    """Store everything but id, channel, hit_cursor and creation; False if it is gone.

    from_now: whether one that speaks as soon as a paper matches leaves alone what another filter
    has matched for others before.
    """
    subscriptions = tables.subscriptions
    mine = subscriptions.c.id == subscription.id
    before = connection.execute(
        select(subscriptions.c.filter_id, subscriptions.c.channel_id).where(mine).with_for_update()
    ).first()
    if before is None:
        return False
    _refuse_same_name(connection, subscription, before.channel_id)
    filter_id = _filter_id(connection, subscription.filter)
    if filter_id != before.filter_id:
        filter_id = _use_filter(connection, subscription.filter)
        _release_filter(connection, before.filter_id)
    row = standing.changeable(subscription) | {"filter_id": filter_id}
    is_instant = subscription.cadence.every is Every.INSTANT and subscription.paused_until is None
    if from_now and is_instant and filter_id != before.filter_id:
        row["hit_cursor"] = newest_hit(connection)
    connection.execute(update(subscriptions).where(mine).values(**row))
    return True


def _filter_id(connection: Connection, topic: TopicFilter) -> int | None:
    filters = tables.filters.c
    return connection.scalar(select(filters.id).where(filters.key == topic.key))


def _use_filter(connection: Connection, topic: TopicFilter) -> int:
    """The row of a filter, with one use more; the first one changes the filters' revision."""
    filters = tables.filters
    row = {"key": topic.key, "canonical": topic.canonical, "uses": 0, "revision": 0}
    insert_once(connection, filters, row)
    used = connection.execute(
        update(filters)
        .where(filters.c.key == topic.key)
        .values(uses=filters.c.uses + 1)
        .returning(filters.c.id, filters.c.uses)
    ).one()
    if used.uses == 1:
        _note_change(connection, used.id)
    return int(used.id)


def _release_filter(connection: Connection, filter_id: int) -> None:
    filters = tables.filters
    used = connection.execute(
        update(filters)
        .where(filters.c.id == filter_id)
        .values(uses=filters.c.uses - 1)
        .returning(filters.c.uses)
    ).one()
    if used.uses == 0:
        _note_change(connection, filter_id)


def _note_change(connection: Connection, filter_id: int) -> None:
    """It has come into use or fallen out of it, which makes a new revision."""
    filters, revision = tables.filters, next_filters_revision(connection)
    connection.execute(update(filters).where(filters.c.id == filter_id).values(revision=revision))


def _filters(connection: Connection, since: int | None) -> Filters:
    filters = tables.filters.c
    revision = filters_revision(connection)
    if since is not None and since > revision:
        since = None
    query = select(filters.id, filters.canonical, filters.uses)
    if since is None:
        query = query.where(filters.uses > 0)
    else:
        query = query.where(filters.revision > since)
    rows = connection.execute(query.order_by(filters.id)).all()
    return Filters(
        revision=revision,
        since=since,
        filters=tuple(StoredFilter(row.id, row.canonical) for row in rows if row.uses > 0),
        gone=tuple(row.id for row in rows if row.uses <= 0),
    )


_NOW: BindParameter[Any] = bindparam("now")
_NEXT_DUE = select(func.min(tables.subscriptions.c.next_due_at)).where(is_running(_NOW))
_DUE = (
    standing.selected()
    .join(tables.lanes, tables.lanes.c.channel_id == tables.subscriptions.c.channel_id)
    .where(tables.subscriptions.c.next_due_at <= _NOW, is_running(_NOW))
    # A channel that cannot be posted to catches up in one digest when it is back; what waits
    # there already shows when that is.
    .where(
        tables.lanes.c.paused.is_(None),
        or_(tables.lanes.c.failing_since.is_(None), ~_something_waits()),
    )
    .order_by(tables.subscriptions.c.next_due_at, tables.subscriptions.c.id)
    .limit(bindparam("most"))
)
