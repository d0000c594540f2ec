"""Changing a standing order, without losing a paper over it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.commands.options import read_options
from bot.commands.subscribing import pick
from bot.model.command import Asker, Edit
from bot.model.errors import BadOption
from bot.model.subscription import Every, Subscription
from bot.ports import Store
from bot.rules.saved import read_filter
from bot.rules.schedule import next_due, zone_of

_LENGTHS = {
    Every.INSTANT: timedelta(hours=1),
    Every.HOURLY: timedelta(hours=1),
    Every.WEEKDAYS: timedelta(days=3),
    Every.WEEKLY: timedelta(days=7),
}
"""How long before its next digest a subscription spoke last, at most; others: a day."""


async def edited(
    store: Store, asker: Asker, order: Edit, now: datetime
) -> tuple[Subscription, Subscription]:
    """A subscription of the asker's channel as it is, and as an edit makes it; not stored yet.

    Raises NotFound, BadFilter, BadOption.
    """
    before = await pick(store, asker.channel, order.name)
    options = read_options(dict(order.given), before.cadence)
    after = replace(
        before,
        name=options.name or before.name,
        cadence=options.cadence or before.cadence,
        zone=options.zone or before.zone,
        top=options.top or before.top,
        mode=options.mode or before.mode,
        layout=options.layout or before.layout,
        empty=options.empty or before.empty,
    )
    if order.filter is not None:
        existing = await store.subscriptions.of(asker.channel)
        named = {one.name: one.filter for one in existing}
        topic = read_filter(order.filter, named, before.name)
        after = replace(after, filter=topic, typed=order.filter)
    if (after.cadence, after.zone) != (before.cadence, before.zone):
        due = next_due(after.cadence, zone_of(after.zone), now)
        after = replace(after, next_due_at=now if due is None else due)
    if after == before:
        raise BadOption(f"“{before.name}” is like that already; nothing was changed.")
    return before, after


def last_spoke(subscription: Subscription, changed_at: datetime) -> datetime:
    """Since when its next digest counts, at the latest.

    A new filter is asked about everything announced since, so that a change loses no paper.
    changed_at: when it got its filter, or gets another; one that speaks as soon as a paper matches
    owes nothing of before, unless it was paused.
    """
    due, every = subscription.next_due_at, subscription.cadence.every
    if due is None:
        return changed_at if subscription.paused_until is None else subscription.created_at
    return max(subscription.created_at, due - _LENGTHS.get(every, timedelta(days=1)))
