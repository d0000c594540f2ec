"""Changes in words: for the log, for everybody, and taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.memory import Change
from bot.model.message import Action, Notice, Tone
from bot.model.record import Shown
from bot.model.subscription import Subscription
from bot.rules.schedule import describe

LOGGED = 15
"""Changes, and posts, that `log` shows."""

UNDOABLE = 5
"""Of the newest changes, those with a button that takes them back."""

_NAMES = {
    "tz": "Time zone of new subscriptions",
    "mode": "How much of each paper",
    "layout": "Layout",
    "empty": "When nothing matched",
    "manage": "Who may change subscriptions",
    "tally": "Show how many found a paper relevant",
    "threads": "Say in the thread what became of a paper",
    "publish": "Publish posts",
}


def changed_words(before: Subscription, after: Subscription) -> list[str]:
    """What differs, one phrase each."""
    pairs = (
        ("name", before.name, after.name),
        ("filter", before.filter.canonical, after.filter.canonical),
        ("when", describe(before.cadence, before.zone), describe(after.cadence, after.zone)),
        ("top", before.top, after.top),
        ("mode", before.mode, after.mode),
        ("layout", before.layout, after.layout),
        ("empty days", before.empty, after.empty),
    )
    return [f"{name}: {old} → {new}" for name, old, new in pairs if old != new]


def changed(change: Change) -> Notice:
    """A change in one line for everybody, with the button that takes it back."""
    return Notice(
        heading=change.what[:1].upper() + change.what[1:],
        lines=tuple(
            f"{one.filter.canonical} · {describe(one.cadence, one.zone)}"
            for one in change.after
            if not change.before
        ),
        actions=(Action("Undo", f"undo {change.number}"),),
    )


def undone(change: Change, number: int) -> Notice:
    """The confirmation that a change was taken back."""
    return Notice(
        heading=f"Undone: {change.what}",
        tone=Tone.DONE,
        actions=(Action("Redo", f"undo {number}"),),
    )


def settings(words: Mapping[str, str], change: int = 0) -> Notice:
    """A channel's settings, and how to change them."""
    return Notice(
        heading="Settings of this channel" if not change else "Settings changed",
        lines=(
            *(f"{_NAMES[key]}: {value}" for key, value in words.items()),
            "Change them with, for example, `settings tz:Europe/Berlin manage:admins threads:on`.",
        ),
        tone=Tone.DONE if change else Tone.INFO,
        actions=(Action("Undo", f"undo {change}"),) if change else (),
    )


def log(changes: Sequence[Change], shown: Sequence[Shown], zone: str | None) -> Notice:
    """What was changed and what was posted, newest first."""
    lines = [_change_line(one, zone) for one in changes] or ["Nothing was changed here yet."]
    posts = [
        f"{_at(one.at, zone)}: {one.paper} by “{one.subscription}”, {one.state}" for one in shown
    ]
    return Notice(
        heading="Log of this channel",
        lines=("Changes:", *lines, "Posts:", *(posts or ["Nothing was posted here yet."])),
        actions=tuple(
            Action(f"Undo {one.number}", f"undo {one.number}")
            for one in changes[:UNDOABLE]
            if one.is_reversible and not one.undone_at
        ),
    )


def _change_line(change: Change, zone: str | None) -> str:
    who = f" by member {change.who[:6]}" if change.who else ""
    undoing = f" (undo {change.number})" if change.is_reversible else ""
    undone_words = ", undone since" if change.undone_at else undoing
    return f"{change.number}. {_at(change.at, zone)}{who}: {change.what}{undone_words}"


def _at(instant: datetime, zone: str | None) -> str:
    return f"{instant.astimezone(ZoneInfo(zone or 'UTC')):%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def exported(pages: Sequence[str], page: int) -> Notice:
    """A channel as text to copy."""
    number = min(page, len(pages))
    part = f", page {number} of {len(pages)}" if len(pages) > 1 else ""
    more = (Action("More", f"export page:{number + 1}"),) if number < len(pages) else ()
    return Notice(
        heading=f"This channel as text{part}",
        lines=("Keep it, change it, and give it back with `import`.",),
        code=pages[number - 1],
        actions=(*more, Action("Import", "import")),
    )


def import_planned(lines: Sequence[str]) -> Notice:
    """What a text would change; nothing was changed."""
    if not lines:
        return Notice(heading="Everything is like that already")
    return Notice(heading="This would change; nothing was changed yet", code="\n".join(lines))


def imported(lines: Sequence[str], change: int) -> Notice:
    """What a text has changed."""
    return Notice(
        heading="Changed as the text says",
        code="\n".join(lines),
        tone=Tone.DONE,
        actions=(Action("Undo", f"undo {change}"),),
    )
