"""The fields of every form, with their choices, hints and first values."""

from collections.abc import Iterable

from bot.commands.context import Context
from bot.commands.options import LONGEST_NAME
from bot.model.form import Choice, Field, Form, Kind
from bot.model.memory import Muted
from bot.model.settings import ChannelSettings, Managers
from bot.model.subscription import (
    DEFAULT_AT,
    DEFAULT_TOP,
    Cadence,
    EmptyDay,
    Every,
    Layout,
    Mode,
    Platform,
    Subscription,
)
from bot.rules.schedule import WEEKDAYS

LONGEST_FILTER = 3_000
_EVERY = {
    Every.DAILY: "Daily",
    Every.WEEKDAYS: "On weekdays",
    Every.WEEKLY: "Weekly",
    Every.HOURLY: "Hourly",
    Every.INSTANT: "As soon as a paper matches",
}
_MODES = {
    Mode.COMPACT: "Compact: a few lines for each paper",
    Mode.STANDARD: "Standard: a longer extract",
    Mode.FULL: "Full: the whole abstract",
}
_LAYOUTS = {
    Layout.DIGEST: "One message",
    Layout.THREAD: "One message, details in its thread",
    Layout.POSTS: "A message for each paper",
    Layout.FORUM: "A forum post for each paper",
}
_EMPTY = {
    EmptyDay.SILENT: "Say nothing",
    EmptyDay.NOTE: "Say so if a source was late or had no mailing",
    EmptyDay.ALWAYS: "Always say so",
}
_MANAGERS = {
    Managers.ANYONE: "Anyone here",
    Managers.ADMINS: "The channel's creator and admins",
    Managers.LISTED: "Admins and the members named below",
}
_FILTER_HINT = (
    'Words must all occur; "a phrase"; OR; -left-out; author: cat: org: upvotes:>=20. '
    "Example: alignment -survey cat:cs.CL"
)


async def subscribe(context: Context) -> Form:
    """A new subscription; the zone is the channel's or else the asker's own."""
    store, asker = context.store, context.asker
    settings = await store.policy.settings(asker.channel)
    existing = await store.subscriptions.of(asker.channel)
    zone = settings.zone or (existing[-1].zone if existing else None) or asker.zone or "UTC"
    return Form(
        command="subscribe",
        title="Subscribe this channel",
        submit="Subscribe",
        fields=_order(
            filter_text="",
            name="",
            cadence=Cadence(),
            zone=zone,
            top=DEFAULT_TOP,
            shape=(
                settings.mode or Mode.COMPACT,
                settings.layout or Layout.DIGEST,
                settings.empty or EmptyDay.SILENT,
            ),
        ),
    )


def edit(one: Subscription) -> Form:
    """A subscription as it is."""
    return Form(
        command=f"edit {one.name}",
        title=f"Edit {one.name}"[:60],
        fields=_order(
            filter_text=one.typed or one.filter.canonical,
            name=one.name,
            cadence=one.cadence,
            zone=one.zone,
            top=one.top,
            shape=(one.mode, one.layout, one.empty),
        ),
    )


def _order(
    *,
    filter_text: str,
    name: str,
    cadence: Cadence,
    zone: str,
    top: int,
    shape: tuple[Mode, Layout, EmptyDay],
) -> tuple[Field, ...]:
    mode, layout, empty = shape
    at = (cadence.at or DEFAULT_AT).strftime("%H:%M")
    weekday = WEEKDAYS[cadence.weekday or 0]
    return (
        Field(
            name="filter",
            label="What to look for",
            value=filter_text,
            hint=_FILTER_HINT,
            kind=Kind.TEXT,
            required=True,
            most=LONGEST_FILTER,
        ),
        _choice("every", "How often", _EVERY, cadence.every),
        Field(name="at", label="At what time", value=at, hint="Such as 09:00 or 9:30pm", most=10),
        Field(name="tz", label="Time zone", value=zone, hint="Such as Europe/Berlin", most=60),
        Field(name="name", label="A short name", value=name, most=LONGEST_NAME,
              hint="One word; made from the filter if left empty"),
        Field(name="on", label="On which day", value=weekday, kind=Kind.CHOICE,
              hint="Only when weekly", choices=tuple(Choice(day, day) for day in WEEKDAYS)),
        Field(name="top", label="Papers shown at most", value=str(top), most=2),
        _choice("mode", "How much of each paper", _MODES, mode),
        _choice("layout", "Layout", _LAYOUTS, layout),
        _choice("empty", "When nothing matched", _EMPTY, empty),
    )  # fmt: skip


def settings(now: ChannelSettings, platform: Platform) -> Form:
    """The channel's settings. managers is empty at first: hashes cannot be read back."""
    publish = _switch("publish", "Publish posts (announcement channels)", on=now.publish)
    default = (Choice("default", "The program's default"),)
    named = f"{len(now.listed)} are named; " if now.listed else ""
    return Form(
        command="settings",
        title="Settings of this channel",
        fields=(
            Field(name="tz", label="Time zone of new subscriptions", value=now.zone or "",
                  hint="Such as Europe/Berlin; empty: of the person who subscribes", most=60),
            _choice("manage", "Who may change subscriptions", _MANAGERS, now.managers),
            _choice("mode", "How much of each paper", _MODES, now.mode or "default", default),
            _choice("layout", "Layout", _LAYOUTS, now.layout or "default", default),
            _choice("empty", "When nothing matched", _EMPTY, now.empty or "default", default),
            _switch("threads", "Say in the thread what became of a paper", on=now.threads),
            _switch("tally", "Show how many found a paper relevant", on=now.tally),
            *([publish] if platform is Platform.DISCORD else []),
            Field(name="managers", label="Members who may", most=1_000,
                  hint=f"{named}member ids; naming any replaces them"),
        ),
    )  # fmt: skip


def mute(muted: Iterable[Muted]) -> Form:
    """A filter to hide from one's own digests."""
    terms = ", ".join(one.term for one in muted)
    return Form(
        command="mute",
        title="Mute in my digests",
        submit="Mute",
        note=(f"Muted now: {terms}.",) if terms else (),
        fields=(
            Field(name="filter", label="Hide papers with", required=True,
                  hint="A word or a filter, such as survey or cat:cs.CV"),
            Field(name="for", label="For how long", hint="Such as 2w; empty: until unmuted",
                  most=5),
        ),
    )  # fmt: skip


def import_text() -> Form:
    """A channel as text, to be looked at or carried out."""
    return Form(
        command="import",
        title="Import",
        submit="Import",
        fields=(
            Field(name="text", label="The text, as export writes it", kind=Kind.TEXT,
                  required=True, most=LONGEST_FILTER,
                  hint="Subscriptions it does not list are stopped"),
            Field(name="do", label="What to do", value="look", kind=Kind.CHOICE,
                  choices=(Choice("look", "Show what would change"),
                           Choice("change", "Make it so"))),
        ),
    )  # fmt: skip


def follow() -> Form:
    """Whom to follow."""
    return Form(
        command="follow",
        title="Follow",
        submit="Follow",
        fields=(
            Field(name="filter", label="Author or organisation", required=True,
                  hint='Such as author:"Jan Leike" or org:DeepMind'),
        ),
    )  # fmt: skip


def _choice(
    name: str,
    label: str,
    choices: dict[Every, str]
    | dict[Mode, str]
    | dict[Layout, str]
    | dict[EmptyDay, str]
    | dict[Managers, str],
    value: str,
    before: tuple[Choice, ...] = (),
) -> Field:
    listed = tuple(Choice(str(one), words) for one, words in choices.items())
    return Field(
        name=name, label=label, value=str(value), kind=Kind.CHOICE, choices=before + listed
    )


def _switch(name: str, label: str, *, on: bool) -> Field:
    return Field(
        name=name,
        label=label,
        value="on" if on else "off",
        kind=Kind.CHOICE,
        choices=(Choice("on", "Yes"), Choice("off", "No")),
    )
