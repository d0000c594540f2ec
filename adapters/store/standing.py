"""Subscriptions as rows, and back."""

import logging
from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.places import COLUMNS, channel_of
from bot.model.errors import BadFilter, StoreDown
from bot.model.subscription import Cadence, EmptyDay, Every, Layout, Mode, Subscription
from bot.model.topic import TopicFilter
from bot.rules.parse import parse_stored

log = logging.getLogger(__name__)


def selected() -> Select[Any]:
    """Every subscription with its channel and filter."""
    subscriptions, channels, filters = tables.subscriptions, tables.channels, tables.filters
    return (
        select(subscriptions, *COLUMNS, filters.c.canonical)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .join(filters, filters.c.id == subscriptions.c.filter_id)
    )


def load(connection: Connection, query: Select[Any]) -> list[Subscription]:
    """The subscriptions that `query`, made from `selected`, finds."""
    return [subscription_of(row) for row in connection.execute(query).mappings()]


def readable(connection: Connection, query: Select[Any]) -> list[Subscription]:
    """The same without those whose filter is damaged: they must not silence the others."""
    return told_apart(connection, query)[0]


def told_apart(
    connection: Connection, query: Select[Any], asked: Mapping[str, object] | None = None
) -> tuple[list[Subscription], list[int]]:
    """The subscriptions that can be read, and the ids of the damaged ones. asked: its parameters."""
    found, damaged = [], []
    for row in connection.execute(query, asked).mappings():
        try:
            found.append(subscription_of(row))
        except (StoreDown, ValueError):
            log.exception("subscription %d is damaged and left out", row["id"])
            damaged.append(row["id"])
    return found, damaged


def subscription_of(row: RowMapping) -> Subscription:
    """The subscription in a row of `selected`."""
    return Subscription(
        id=row["id"],
        channel=channel_of(row),
        name=row["name"],
        filter=stored_filter(row["canonical"]),
        typed=row["typed"],
        cadence=cadence_of(row["every"], row["at"], row["weekday"]),
        zone=row["zone"],
        top=row["top"],
        **_manners(row["mode"], row["layout"], row["empty"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        next_due_at=row["next_due_at"],
        hit_cursor=row["hit_cursor"],
        heard_until=row["heard_until"],
        paused_until=row["paused_until"],
    )


@lru_cache(maxsize=1 << 10)
def cadence_of(every: str, at: str | None, weekday: int | None) -> Cadence:
    """When a subscription speaks, by its columns."""
    return Cadence(Every(every), time.fromisoformat(at) if at else None, weekday)


@lru_cache(maxsize=1 << 6)
def _manners(mode: str, layout: str, empty: str) -> dict[str, Any]:
    return {"mode": Mode(mode), "layout": Layout(layout), "empty": EmptyDay(empty)}


def changeable(subscription: Subscription) -> dict[str, Any]:
    """The columns a change may change, but for the filter."""
    cadence = subscription.cadence
    return {
        "name": clean(subscription.name),
        "typed": clean(subscription.typed),
        "every": cadence.every.value,
        "at": None if cadence.at is None else cadence.at.isoformat(),
        "weekday": cadence.weekday,
        "zone": subscription.zone,
        "top": subscription.top,
        "mode": subscription.mode.value,
        "layout": subscription.layout.value,
        "empty": subscription.empty.value,
        "created_by": clean(subscription.created_by),
        "next_due_at": subscription.next_due_at,
        "paused_until": subscription.paused_until,
    }


@lru_cache(maxsize=1 << 12)
def stored_filter(canonical: str) -> TopicFilter:
    """The filter that was stored as this text."""
    try:
        return parse_stored(canonical)
    except BadFilter as problem:
        msg = (
            f"A stored filter is no longer understood: {canonical!r} ({problem}). A newer version "
            "of the program may have stored it: install that version, or restore a backup."
        )
        raise StoreDown(msg) from problem
