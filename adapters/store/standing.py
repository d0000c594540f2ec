"""Subscriptions as rows, and back."""

from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.places import COLUMNS, channel_of
from bot.model.errors import BadFilter, BadOption, StoreDown
from bot.model.subscription import Cadence, EmptyDay, Every, Layout, Mode, Subscription
from bot.model.topic import TopicFilter
from bot.rules.parse import parse_stored
from bot.rules.schedule import zone_of


def selected() -> Select[Any]:
    """Every subscription with its channel and filter."""
    subscriptions, channels, filters = tables.subscriptions, tables.channels, tables.filters
    return (
        select(subscriptions, *COLUMNS, filters.c.canonical)
        .join(channels, channels.c.id == subscriptions.c.channel_id)
        .join(filters, filters.c.id == subscriptions.c.filter_id)
    )


def readable(connection: Connection, query: Select[Any]) -> list[Subscription]:
    """The subscriptions that `query`, made from `selected`, finds.

    Without damaged ones, which must not silence the others; `adapters.store.damage` tells of them.
    """
    return told_apart(connection, query)[0]


def told_apart(
    connection: Connection, query: Select[Any], asked: Mapping[str, object] | None = None
) -> tuple[list[Subscription], dict[int, str]]:
    """The subscriptions that can be read, and what is wrong with the others, by id.

    asked: the query's parameters.
    """
    found, damaged = list[Subscription](), dict[int, str]()
    for row in connection.execute(query, asked).mappings():
        try:
            found.append(subscription_of(row))
        except (StoreDown, ValueError) as problem:
            damaged[row["id"]] = _said(problem)
    return found, damaged


def problem_of(row: RowMapping) -> str:
    """Why the subscription in a row of `selected` cannot be read; empty if it can."""
    try:
        subscription_of(row)
    except (StoreDown, ValueError) as problem:
        return _said(problem)
    return ""


def _said(problem: Exception) -> str:
    if isinstance(problem, StoreDown):
        return str(problem)
    return f"A stored setting is no longer understood: {str(problem).rstrip('.')}. {_NEWER}"


_NEWER = (
    "A newer version of the program may have stored it: install that version, or restore a backup."
)


def manners_of(row: RowMapping) -> None:
    """Raises ValueError where the settings in a row of `subscriptions` cannot be read."""
    cadence_of(row["every"], row["at"], row["weekday"])
    _manners(row["mode"], row["layout"], row["empty"])
    _zone(row["zone"])


def subscription_of(row: RowMapping) -> Subscription:
    """The subscription in a row of `selected`."""
    return Subscription(
        id=row["id"],
        channel=channel_of(row),
        name=row["name"],
        filter=stored_filter(row["canonical"]),
        typed=row["typed"],
        cadence=cadence_of(row["every"], row["at"], row["weekday"]),
        zone=_zone(row["zone"]),
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


@lru_cache(maxsize=1 << 10)
def _zone(name: str) -> str:
    try:
        zone_of(name)
    except BadOption as problem:
        raise ValueError(str(problem)) from None
    return name


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
        msg = f"A stored filter is no longer understood: {canonical!r} ({problem}). {_NEWER}"
        raise StoreDown(msg) from problem
