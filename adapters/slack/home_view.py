"""The view of App Home. Pure.

Controls carry `CHANNEL line`, or `- line` for what belongs to the person alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.slack import limits
from adapters.slack.blocks import Block, channel_name, context, header, paragraph, plain, run
from adapters.slack.wording import line, units
from bot.commands.answers.subscriptions import next_words, paused_words
from bot.model.subscription import Subscription
from bot.rules.schedule import describe

HOME_PREFIX = "papers_home:"
"""How the ids of App Home's controls begin; the rest tells them apart."""

MOST_OF_CHANNELS, MOST_OF_MINE, MOST_HEALTH = 60, 20, 10
"""Blocks of each part; with five headings, buttons and the next digests they fit into one view."""

MOST_NEXT = 5
ROW, HEALTH = 900, 300
OWN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A subscription as App Home shows it. channel: empty for the person's own.

    suspended: why nothing can be posted there; empty if it can.
    """

    subscription: Subscription
    channel: str
    paused: bool
    now: datetime
    suspended: str = ""


def home_view(rows: Sequence[Row], follows: Sequence[Row], health: Sequence[str]) -> dict[str, Any]:
    """The Home tab; at most as many rows as Slack takes, the rest is counted."""
    blocks: list[Block] = [
        paragraph(run("Find papers from any channel with /papers, or start here.")),
        _buttons(
            (
                ("Follow an author", "follow"),
                ("Mute a word", "mute"),
                ("Saved papers", "saved"),
                ("Help", "help"),
            )
        ),
        header("Next digests"),
        *_next([*rows, *follows]),
        header("Subscriptions of this workspace"),
        *_rows(
            rows,
            MOST_OF_CHANNELS,
            "No channel you can see has a subscription yet. In a channel, type /papers subscribe.",
        ),
        header("What I follow"),
        *_rows(follows, MOST_OF_MINE, "You follow nobody yet."),
        header("Health"),
        *(context(words) for one in health[:MOST_HEALTH] if (words := line(one, HEALTH))),
    ]
    return {"type": "home", "blocks": blocks}


def _next(rows: Sequence[Row]) -> Iterable[Block]:
    due = sorted(
        (
            row
            for row in rows
            if row.subscription.next_due_at and not row.paused and not row.suspended
        ),
        key=lambda row: (row.subscription.next_due_at, row.subscription.name),
    )
    if not due:
        return [context("None is waiting.")]
    runs: list[Block] = []
    for row in due[:MOST_NEXT]:
        at = row.subscription.next_due_at
        if at is not None:
            local = at.astimezone(ZoneInfo(row.subscription.zone))
            runs += [
                run(f"{local:%a %d %b %H:%M}  "),
                *_where(row),
                run(f"{row.subscription.name}\n"),
            ]
    return [paragraph(*runs)]


def _rows(rows: Sequence[Row], most: int, none: str) -> list[Block]:
    """Each with its menu, under the name of its channel, on at most so many blocks."""
    blocks: list[Block] = [] if rows else [context(none)]
    channel = ""
    for number, row in enumerate(sorted(rows, key=lambda row: row.channel)):
        name = [paragraph(channel_name(row.channel))] if row.channel != channel else []
        if len(blocks) + len(name) + 2 > most:
            left = context(f"{len(rows) - number} more; /papers list all shows them.")
            return [*blocks, left]
        blocks += [*name, _row(row, number)]
        channel = row.channel
    return blocks


def _row(row: Row, number: int) -> Block:
    one = row.subscription
    when = paused_words(one, row.now) or next_words(one)
    if row.suspended:
        when = f"suspended: {row.suspended}"
    words = f"{one.name}: {one.filter.canonical} · {describe(one.cadence, one.zone)} · {when}"
    section: Block = {"type": "section", "text": plain(line(words, ROW))}
    pause = ("Resume", f"resume {one.name}") if row.paused else ("Pause", f"pause {one.name}")
    entries = [
        ("Edit…", f"edit {one.name}"),
        pause,
        ("Stop", f"unsubscribe {one.name}"),
        *([("Settings of the channel", "settings")] if row.channel else []),
    ]
    options = [
        {"text": plain(label), "value": value}
        for label, command in entries
        if units(value := f"{row.channel or OWN} {command}") <= limits.OPTION_VALUE
    ]
    if options:
        action_id = f"{HOME_PREFIX}{row.channel or 'mine'}:{number}"
        section["accessory"] = {"type": "overflow", "action_id": action_id, "options": options}
    return section


def _where(row: Row) -> list[Block]:
    return [channel_name(row.channel), run("  ")] if row.channel else []


def _buttons(entries: Iterable[tuple[str, str]]) -> Block:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": f"{HOME_PREFIX}do:{number}",
                "text": plain(label),
                "value": f"{OWN} {command}",
            }
            for number, (label, command) in enumerate(entries)
        ],
    }
