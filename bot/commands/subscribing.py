"""Standing orders: make, stop, list, pause and resume them."""

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.command import Asker, Pause, Subscribe
from bot.model.errors import BadOption, NotFound
from bot.model.subscription import (
    DEFAULT_TOP,
    Cadence,
    Channel,
    EmptyDay,
    Layout,
    Mode,
    Subscription,
)
from bot.ports import Store
from bot.rules.saved import read_filter
from bot.rules.schedule import instant_on, next_due, zone_of

MOST_PER_CHANNEL = 25
MOST_PER_WORKSPACE = 200
UNTIL_RESUMED = datetime.max.replace(tzinfo=UTC)
_WORD = re.compile(r"[^\W_]+")
_EXCLUDED = re.compile(r"(?<!^)\s+(?:-|NOT )")
_OPERATORS = frozenset({"or", "and", "not"})
_SHORT_NAME = 30


async def new_subscription(
    store: Store, asker: Asker, order: Subscribe, now: datetime
) -> Subscription:
    """What an order makes of the asker's channel; not stored yet.

    Raises BadFilter, BadOption.
    """
    existing = await store.subscriptions.of(asker.channel)
    topic = read_filter(order.filter, {one.name: one.filter for one in existing})
    options = order.options
    twin = next((one for one in existing if one.filter.key == topic.key), None)
    if twin is not None and options.name is None and options.cadence in {None, twin.cadence}:
        raise BadOption(
            f"This channel has that subscription already: “{twin.name}” ({twin.filter.canonical}).",
            "filter",
        )
    await _check_limits(store, asker.channel, existing)
    settings = await store.policy.settings(asker.channel)
    cadence = options.cadence or Cadence()
    neighbour = existing[-1].zone if existing else None
    zone = options.zone or settings.zone or neighbour or asker.zone or "UTC"
    damaged = await store.subscriptions.damaged(asker.channel)
    taken = {one.name for one in existing} | {one.name for one in damaged}
    return Subscription(
        channel=asker.channel,
        name=options.name or free_name(order.filter, taken),
        filter=topic,
        typed=order.filter,
        cadence=cadence,
        zone=zone,
        top=options.top or DEFAULT_TOP,
        mode=options.mode or settings.mode or Mode.COMPACT,
        layout=options.layout or settings.layout or Layout.DIGEST,
        empty=options.empty or settings.empty or EmptyDay.SILENT,
        created_at=now,
        created_by=asker.member,
        next_due_at=next_due(cadence, zone_of(zone), now),
    )


def name_taken(name: str) -> BadOption:
    """The mistake of a name that is in use."""
    return BadOption(
        f"This channel has a subscription called “{name}” already; choose another with name:…",
        "name",
    )


async def _check_limits(store: Store, channel: Channel, existing: list[Subscription]) -> None:
    if len(existing) >= MOST_PER_CHANNEL:
        raise BadOption(
            f"This channel has {len(existing)} subscriptions, which is the most it can have; "
            "stop one first (see `list`).",
            "filter",
        )
    if not channel.workspace:
        return
    others = await store.subscriptions.count(channel.platform, channel.workspace)
    if others >= MOST_PER_WORKSPACE:
        raise BadOption(
            f"This workspace has {others} subscriptions, which is the most it can have; "
            "stop one first.",
            "filter",
        )


def free_name(typed: str, taken: set[str]) -> str:
    """A short name from the first words of a filter as typed, not yet used in the channel."""
    wanted = _EXCLUDED.split(typed, maxsplit=1)[0]
    words = [word for word in _WORD.findall(wanted.lower()) if word not in _OPERATORS]
    name = "-".join(words[:3])[:_SHORT_NAME].strip("-") or "papers"
    lowered = {one.lower() for one in taken}
    if name not in lowered:
        return name
    return next(
        candidate
        for number in range(2, len(taken) + 3)
        if (candidate := f"{name}-{number}") not in lowered
    )


async def pick(store: Store, channel: Channel, name: str) -> Subscription:
    """The channel's subscription of this name, or of this number in the list.

    Raises NotFound that says which there are.
    """
    existing = await store.subscriptions.of(channel)
    for one in existing:
        if one.name.lower() == name.lower():
            return one
    if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(existing):
        return existing[int(name) - 1]
    damaged = await store.subscriptions.damaged(channel)
    if any(one.name.lower() == name.lower() for one in damaged):
        raise NotFound(
            f"“{name[:40]}” is damaged: nothing but `unsubscribe` can be done with it; `list` says why."
        )
    names = ", ".join(f"“{one.name}”" for one in existing)
    there_is = f"It has {names}." if names else "It has none yet; `subscribe` makes one."
    raise NotFound(f"This channel has no subscription “{name[:40]}”. {there_is}")


def silenced(one: Subscription, order: Pause, now: datetime) -> Subscription:
    """The subscription while it is paused."""
    return replace(one, paused_until=_until(order, zone_of(one.zone), now))


def _until(order: Pause, zone: ZoneInfo, now: datetime) -> datetime:
    """When a pause ends: after days, at the next midnight that begins a weekday, or never."""
    if order.weekday is not None:
        day = now.astimezone(zone).date()
        ahead = (order.weekday - day.weekday() - 1) % 7 + 1
        midnight = instant_on(day + timedelta(days=ahead), time(0, 0), zone)
        return midnight or now + timedelta(days=ahead)
    return now + timedelta(days=order.days) if order.days else UNTIL_RESUMED


def running(one: Subscription, now: datetime) -> Subscription:
    """The subscription when it speaks again.

    What matched meanwhile comes with the next regular digest; `instant` ones speak at once.
    """
    due = next_due(one.cadence, zone_of(one.zone), now)
    return replace(one, paused_until=None, next_due_at=now if due is None else due)


async def chosen(store: Store, channel: Channel, name: str | None) -> list[Subscription]:
    """The one of this name, or all of the channel. Raises NotFound if there is none."""
    if name is not None:
        return [await pick(store, channel, name)]
    found = await store.subscriptions.of(channel)
    if not found:
        raise NotFound("This channel has no subscriptions yet; `subscribe` makes one.")
    return found
