"""What people see, in plain words; renderers turn it into each platform's own form.

No markup anywhere: every text is literal and every renderer escapes it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, NamedTuple, Self

from bot.model.subscription import Channel, Mode


class Action(NamedTuple):
    """Something a reader can do: a label and the command line it stands for (`why arxiv:…`)."""

    label: str
    command: str


class Link(NamedTuple):
    """A labelled address; renderers drop addresses that are not plain http(s)."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class SeenIn:
    """Where a paper stood before: a channel the reader can read, the day in words, its address."""

    channel: Channel
    day: str
    url: str = ""


class InChannel(str):
    """A line that says where; renderers name the channel as the platform does."""

    __slots__ = ("channel",)

    channel: Channel

    def __new__(cls, channel: Channel) -> Self:
        """`In slack:T…/C…:`, where nobody renders it better."""
        made = super().__new__(cls, f"In {channel}:")
        made.channel = channel
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a card says of a paper whoever it is for: many cards have the same one.

    byline: "Noether, Hilbert +3 · Göttingen". summary: a sentence or two (whole abstract in
    mode `full`); machine_written labels text a model wrote. facts: "cs.CL", "42 upvotes", …
    actions: at most two, shown at once; more: what else can be done with it, behind one control
    labelled “More”.
    """

    paper: str
    title: str
    url: str
    byline: str = ""
    summary: str = ""
    machine_written: bool = False
    facts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    actions: tuple[Action, ...] = ()
    more: tuple[Action, ...] = ()

    def __hash__(self) -> int:
        # Faces are looked up for every card; few of one paper differ, and equality tells those apart.
        return hash(self.paper)


@dataclass(frozen=True, slots=True)
class Card:
    """One paper, as it is shown to somebody.

    why: the reasons it is here, "matched “alignment” in the title". seen: where else in the
    workspace it stood; renderers name the channel as the platform does. stop: what ends the
    subscription that brought it.
    """

    face: Face
    why: tuple[str, ...] = ()
    seen: tuple[SeenIn, ...] = ()
    stop: Action | None = None

    def saying(self, **changes: Any) -> "Card":
        """The same card with these fields of its face changed."""
        return replace(self, face=replace(self.face, **changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The ranked, capped message of one subscription for one period.

    omitted: matching papers not shown, counted honestly. note: one line such as a catch-up
    remark. actions: what else can be done with it, such as seeing the rest. footer: which subscription this is and how to change it. name: the subscription.
    topic: what a thread or forum post made for this message is called; empty when it needs none.
    tags: what a forum post is tagged with: the names of the subscriptions that match. mode: how
    much of each paper it shows.
    """

    heading: str
    cards: tuple[Card, ...]
    omitted: int = 0
    note: str = ""
    footer: str = ""
    name: str = ""
    topic: str = ""
    actions: tuple[Action, ...] = ()
    tags: tuple[str, ...] = ()
    mode: Mode = Mode.COMPACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Papers somebody asked for. total: how many there are altogether."""

    heading: str
    cards: tuple[Card, ...]
    total: int = 0
    note: str = ""
    footer: str = ""
    actions: tuple[Action, ...] = ()


class Tone(StrEnum):
    """How a notice is meant; shown in words, never by colour alone."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Anything else: a confirmation, an explanation, a list of lines, an error.

    lines: one paragraph each, `InChannel` above what concerns a channel. code: text to be shown in fixed width below the lines (a filter
    with a caret under the wrong column).
    """

    heading: str
    lines: tuple[str, ...] = ()
    code: str = ""
    tone: Tone = Tone.INFO
    cards: tuple[Card, ...] = ()
    actions: tuple[Action, ...] = ()


Message = Digest | Listing | Notice
