"""What people ask for: one value per command, whichever surface it came from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.subscription import Cadence, Channel, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and where.

    member: the platform's opaque user id. zone: the person's IANA zone where the platform tells
    it. may_manage: whether this person may change the channel's subscriptions.
    """

    channel: Channel
    member: str = ""
    zone: str | None = None
    may_manage: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Papers that match a query. page counts from 1."""

    query: str
    page: int = 1
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Show:
    """One paper's card, by id or address."""

    paper: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Delivery options of a subscription; None means not given."""

    cadence: Cadence | None = None
    zone: str | None = None
    top: int | None = None
    name: str | None = None
    mode: Mode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """A new standing order for this channel."""

    filter: str
    options: Options = Options()


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Stop a subscription, by name or by its number in the list."""

    name: str


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """The channel's subscriptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a filter would have brought in the last `days` days."""

    filter: str
    days: int = 14


@dataclass(frozen=True, slots=True)
class Why:
    """Why this paper came to the channel, or why it did not."""

    paper: str


class Period(StrEnum):
    """The stretch a digest on demand covers."""

    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestNow:
    """The digest of a subscription (None: of all in the channel) for a period, shown at once.

    on: the last local date it covers; None is today.
    """

    name: str | None = None
    period: Period = Period.TODAY
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence a subscription (None: all of the channel), for `days` or until resumed."""

    name: str | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Let a paused subscription (None: all of the channel) speak again."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How sources, subscriptions and deliveries are doing."""


@dataclass(frozen=True, slots=True)
class Help:
    """How to use the bot, or one of its verbs."""

    verb: str = ""


Command = (
    Search
    | Show
    | Subscribe
    | Unsubscribe
    | ListSubscriptions
    | Preview
    | Why
    | DigestNow
    | Pause
    | Resume
    | ShowStatus
    | Help
)

CHANGES = (Subscribe, Unsubscribe, Pause, Resume)
"""Commands that change a channel's subscriptions and so need `Asker.may_manage`."""
