"""Answers about standing orders: made, listed, stopped, paused, resumed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.answers.changes import changed_words
from bot.commands.answers.words import unknown, volume
from bot.commands.previewing import SAMPLE_DAYS, PreviewReport
from bot.model.message import Action, Card, InChannel, Notice, Tone
from bot.model.subscription import Channel, Damaged, Platform, Subscription
from bot.rules.cards import face
from bot.rules.reading import reading
from bot.rules.schedule import describe
from bot.rules.slips import notes

_FOREVER_YEAR = 9999

_FIRST_LINE = {
    Platform.SLACK: "/papers subscribe alignment -survey every:daily at:09:00",
    Platform.DISCORD: "/papers-admin subscribe filter:alignment -survey every:daily at:09:00",
    Platform.TERMINAL: "subscribe alignment -survey every:daily at:09:00",
}
"""A first subscription as it is typed there."""


def undo_action(change: int) -> tuple[Action, ...]:
    """The button that takes a change back; none where it was not logged."""
    return (Action("Undo", f"undo {change}"),) if change else ()


def subscribed(subscription: Subscription, report: PreviewReport, change: int = 0) -> Notice:
    """The confirmation: what was saved, what it means, how much to expect, when it speaks.

    With the best of the last SAMPLE_DAYS as samples: it begins with what comes from now on, so
    this is the one time they are shown.
    """
    return Notice(
        heading=f"Subscribed: {subscription.name}",
        lines=(
            f"Filter: {subscription.filter.canonical}",
            f"That is: {reading(subscription.filter)}.",
            *notes(subscription.typed, subscription.filter.root),
            f"It speaks {describe(subscription.cadence, subscription.zone)}; "
            f"{next_words(subscription)}. A digest shows the best {subscription.top}.",
            volume(report),
            *([unknown(report.unknown)] if report.unknown else []),
            *(
                [f"A sample, the best of the last {SAMPLE_DAYS} days; it is not posted:"]
                if report.samples
                else []
            ),
        ),
        tone=Tone.DONE,
        cards=tuple(Card(face(one.paper, inert=True), one.why) for one in report.samples),
        actions=(
            Action("Preview", f"preview {subscription.filter.canonical}"),
            Action("Edit", f"edit {subscription.name}"),
            *undo_action(change),
        ),
    )


def listed(
    subscriptions: list[Subscription],
    now: datetime,
    suspended: str = "",
    platform: Platform = Platform.SLACK,
    damaged: Sequence[Damaged] = (),
) -> Notice:
    """A channel's subscriptions, numbered. suspended: why nothing can be posted there now."""
    if not subscriptions and not damaged:
        return Notice(
            heading="This channel has no subscriptions yet",
            lines=(f"Make one, for example: {_FIRST_LINE[platform]}",),
        )
    return Notice(
        heading="Subscriptions of this channel",
        tone=Tone.WARNING if suspended or damaged else Tone.INFO,
        lines=_why_not(suspended)
        + tuple(
            f"{number}. {one.name}: {one.filter.canonical} · "
            f"{describe(one.cadence, one.zone)} · {paused_words(one, now) or next_words(one)}"
            for number, one in enumerate(subscriptions, start=1)
        )
        + tuple(map(damaged_words, damaged)),
    )


def _why_not(suspended: str) -> tuple[str, ...]:
    if not suspended:
        return ()
    return (f"Suspended: {suspended}. They go on by themselves once I can post.",)


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


def edited(
    before: Subscription, after: Subscription, report: PreviewReport | None = None, change: int = 0
) -> Notice:
    """What was changed, and when it speaks next. report: what another filter would have brought."""
    words = [line[:1].upper() + line[1:] for line in changed_words(before, after)]
    if report:
        words += [f"That is: {reading(after.filter)}.", *notes(after.typed, after.filter.root)]
        words += [volume(report), *([unknown(report.unknown)] if report.unknown else [])]
    return Notice(
        heading=f"Changed: {after.name}",
        lines=(*words, f"{next_words(after)[:1].upper()}{next_words(after)[1:]}."),
        tone=Tone.DONE,
        actions=(Action("Edit", f"edit {after.name}"), *undo_action(change)),
    )


def listed_everywhere(
    subscriptions: Sequence[Subscription],
    now: datetime,
    suspended: Mapping[Channel, str],
    damaged: Sequence[Damaged] = (),
) -> Notice:
    """The subscriptions of all channels of a workspace that the asker can read.

    suspended: why nothing can be posted to some channels. damaged: those that send nothing.
    """
    if not subscriptions and not damaged:
        return Notice(heading="No channel you can see here has subscriptions yet")
    by_channel: dict[Channel, list[str]] = {}
    for one in subscriptions:
        words = f"{one.name}: {one.filter.canonical} · {describe(one.cadence, one.zone)}"
        silent = paused_words(one, now)
        by_channel.setdefault(one.channel, []).append(f"{words} · {silent}" if silent else words)
    for broken in damaged:
        by_channel.setdefault(broken.channel, []).append(damaged_words(broken))
    return Notice(
        heading="Subscriptions of this workspace",
        tone=Tone.WARNING if damaged else Tone.INFO,
        lines=tuple(
            line
            for channel, told in by_channel.items()
            for line in (InChannel(channel), *_why_not(suspended.get(channel, "")), *told)
        ),
    )


def damaged_words(one: Damaged) -> str:
    """What a damaged subscription does not do, why, and what to do about it."""
    return (
        f"“{one.name}” is damaged and sends nothing. {one.problem} Or take it out with "
        f"`unsubscribe {one.name}` and subscribe anew."
    )


def unsubscribed_damaged(name: str) -> Notice:
    """The confirmation, of one that nobody can read any more."""
    return Notice(
        heading=f"Stopped: {name}",
        lines=("It was damaged, so this cannot be undone.",),
        tone=Tone.DONE,
    )


def unsubscribed(subscription: Subscription, change: int = 0) -> Notice:
    """The confirmation, with the line that undoes it."""
    return Notice(
        heading=f"Stopped: {subscription.name}",
        lines=(f"Its filter was {subscription.filter.canonical}",),
        tone=Tone.DONE,
        actions=undo_action(change),
    )


def paused(subscriptions: Sequence[Subscription], now: datetime, change: int = 0) -> Notice:
    """Which subscriptions are silent, and until when."""
    return Notice(
        heading="Paused",
        lines=tuple(f"{one.name}: {paused_words(one, now)}" for one in subscriptions),
        tone=Tone.DONE,
        actions=undo_action(change),
    )


def resumed(subscriptions: Sequence[Subscription], change: int = 0) -> Notice:
    """Which subscriptions speak again, and when."""
    return Notice(
        heading="Resumed",
        lines=tuple(f"{one.name}: {next_words(one)}" for one in subscriptions),
        tone=Tone.DONE,
        actions=undo_action(change),
    )
