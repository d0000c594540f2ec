"""Answers about standing orders: made, listed, stopped, paused, resumed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.answers.words import volume
from bot.commands.previewing import PreviewReport, explained
from bot.model.message import Action, Notice, Tone
from bot.model.subscription import Subscription
from bot.rules.cards import card
from bot.rules.reading import reading
from bot.rules.schedule import describe

_FOREVER_YEAR = 9999


def subscribed(subscription: Subscription, report: PreviewReport) -> Notice:
    """The confirmation: what was saved, what it means, how much to expect, when it speaks."""
    return Notice(
        heading=f"Subscribed: {subscription.name}",
        lines=(
            f"Filter: {subscription.filter.canonical}",
            f"That is: {reading(subscription.filter)}.",
            f"It speaks {describe(subscription.cadence, subscription.zone)}; "
            f"{next_words(subscription)}. A digest shows the best {subscription.top}.",
            volume(report),
        ),
        tone=Tone.DONE,
        cards=tuple(card(one.paper, why=one.why) for one in explained(report, 1)),
        actions=(
            Action("Preview", f"preview {subscription.filter.canonical}"),
            Action("Undo", f"unsubscribe {subscription.name}"),
        ),
    )


def listed(subscriptions: list[Subscription], now: datetime) -> Notice:
    """A channel's subscriptions, numbered."""
    if not subscriptions:
        return Notice(
            heading="This channel has no subscriptions yet",
            lines=("Make one, for example: subscribe alignment -survey every:daily at:09:00",),
        )
    return Notice(
        heading="Subscriptions of this channel",
        lines=tuple(
            f"{number}. {one.name}: {one.filter.canonical} · "
            f"{describe(one.cadence, one.zone)} · {paused_words(one, now) or next_words(one)}"
            for number, one in enumerate(subscriptions, start=1)
        ),
    )


def paused_words(subscription: Subscription, now: datetime) -> str:
    """How long it is silent; empty when it is not."""
    until = subscription.paused_until
    if until is None or until <= now:
        return ""
    if until.year == _FOREVER_YEAR:
        return "paused until resumed"
    return f"paused until {_local(until, subscription.zone)}"


def next_words(subscription: Subscription) -> str:
    """When it speaks next, in its own zone."""
    if subscription.next_due_at is None:
        return "next: when a paper matches"
    return f"next: {_local(subscription.next_due_at, subscription.zone)}"


def _local(instant: datetime, zone: str) -> str:
    return f"{instant.astimezone(ZoneInfo(zone)):%a %d %b %Y %H:%M} ({zone})"


def unsubscribed(subscription: Subscription) -> Notice:
    """The confirmation, with the line that undoes it."""
    return Notice(
        heading=f"Stopped: {subscription.name}",
        lines=(f"Its filter was {subscription.filter.canonical}",),
        tone=Tone.DONE,
        actions=(
            Action("Undo", f"subscribe {subscription.filter.canonical} name:{subscription.name}"),
        ),
    )


def paused(subscriptions: list[Subscription], now: datetime) -> Notice:
    """Which subscriptions are silent, and until when."""
    return Notice(
        heading="Paused",
        lines=tuple(f"{one.name}: {paused_words(one, now)}" for one in subscriptions),
        tone=Tone.DONE,
    )


def resumed(subscriptions: list[Subscription]) -> Notice:
    """Which subscriptions speak again, and when."""
    return Notice(
        heading="Resumed",
        lines=tuple(f"{one.name}: {next_words(one)}" for one in subscriptions),
        tone=Tone.DONE,
    )
