"""Channels, and their standing orders for papers."""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from bot.model.topic import TopicFilter


class Platform(StrEnum):
    """Where a channel lives."""

    SLACK = "slack"
    DISCORD = "discord"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True, order=True)
class Channel:
    """One place messages go to, written `slack:TEAM/CHANNEL` or `terminal:NAME`.

    Direct messages to a person go to `slack:TEAM/@U123` or `discord:GUILD/@123`.
    """

    platform: Platform
    workspace: str
    channel: str

    @property
    def person(self) -> str:
        """The id of the person whose direct messages these are; empty for other channels."""
        return self.channel[1:] if self.channel.startswith("@") else ""

    def __str__(self) -> str:
        if self.platform is Platform.TERMINAL:
            return f"{self.platform}:{self.channel}"
        return f"{self.platform}:{self.workspace}/{self.channel}"


class Every(StrEnum):
    """How often a subscription speaks."""

    INSTANT = "instant"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKDAYS = "weekdays"
    WEEKLY = "weekly"


DEFAULT_AT = time(9, 0)
DEFAULT_TOP = 10


@dataclass(frozen=True, slots=True)
class Cadence:
    """When a subscription speaks, in wall-clock words; the zone belongs to the channel.

    at: local time of daily, weekdays and weekly. weekday: 0 = Monday, for weekly only.
    """

    every: Every = Every.DAILY
    at: time | None = DEFAULT_AT
    weekday: int | None = None


class Mode(StrEnum):
    """How much of each paper a digest shows."""

    COMPACT = "compact"
    STANDARD = "standard"
    FULL = "full"


class Layout(StrEnum):
    """How the papers of a digest are laid out in the channel."""

    DIGEST = "digest"  # one message
    THREAD = "thread"  # one message, the details as replies to it
    POSTS = "posts"  # a message of its own for each paper
    FORUM = "forum"  # the same as posts of a forum, tagged with subscriptions


class EmptyDay(StrEnum):
    """What a dated digest says when nothing matched."""

    SILENT = "silent"
    NOTE = "note"  # a line, where a source was late or had no mailing
    ALWAYS = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel's standing order; its name is unique in the channel.

    typed: the filter as the person wrote it. zone: IANA name. top: papers a digest shows at most.
    next_due_at: the next instant it speaks; None for `instant` until something matches.
    hit_cursor: the last match already considered for a digest.
    heard_until: what was taken in before this moment it had in a database that was lost and
    restored; None where none was.
    paused_until: None while it runs; `datetime.max` (UTC) means until resumed.
    """

    id: int = 0
    channel: Channel
    name: str
    filter: TopicFilter
    typed: str = ""
    cadence: Cadence = field(default_factory=Cadence)
    zone: str = "UTC"
    top: int = DEFAULT_TOP
    mode: Mode = Mode.COMPACT
    layout: Layout = Layout.DIGEST
    empty: EmptyDay = EmptyDay.SILENT
    created_at: datetime
    created_by: str = ""
    next_due_at: datetime | None = None
    hit_cursor: int = 0
    heard_until: datetime | None = None
    paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Damaged:
    """A stored subscription that nobody can read, so that it sends nothing.

    filter: as it is stored. problem: what is wrong, and what to do.
    """

    channel: Channel
    name: str
    filter: str
    problem: str
