"""What people ask for: one value per command, whichever surface it came from."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.model.member import Member
from bot.model.personal import (
    Bib,
    Follow,
    ForgetMe,
    ListFollows,
    ListSaved,
    Mute,
    Save,
    Similar,
    Trend,
    UndoVote,
    Unfollow,
    Unmute,
    Unsave,
    Vote,
)
from bot.model.subscription import Cadence, Channel, EmptyDay, Layout, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and where.

    member: the platform's opaque user id. zone: the person's IANA zone where the platform tells
    it. may_manage: whether the platform lets this person change the channel's subscriptions.
    is_admin: creator of the channel or admin of the workspace. direct: nobody else reads here.
    may_see: ids of the workspace's channels this person can read; None: every public one.
    reads_public: whether they can read every public one beside those.
    """

    channel: Channel
    member: str = ""
    zone: str | None = None
    may_manage: bool = True
    is_admin: bool = True
    direct: bool = False
    may_see: frozenset[str] | None = None
    reads_public: bool = False

    @property
    def person(self) -> Member:
        """The one who asks, as the store knows people."""
        return Member(self.channel.platform, self.channel.workspace, self.member)

    @property
    def alone(self) -> bool:
        """Whether nobody else reads what is posted here."""
        return self.direct or bool(self.channel.person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Papers that match a query. page counts from 1.

    newest: by date instead of by relevance. verb: a verb the line also looks like, to be offered.
    """

    query: str
    page: int = 1
    limit: int = 10
    newest: bool = False
    verb: str = field(default="", compare=False)


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
    layout: Layout | None = None
    empty: EmptyDay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribe:
    """A new standing order for this channel."""

    filter: str
    options: Options = Options()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Change a subscription: its filter (None: as it is) and any option given.

    given: the options as typed, for `every` alone keeps the time of day.
    """

    name: str
    filter: str | None = None
    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """Stop a subscription, by name or by its number in the list."""

    name: str


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    """The channel's subscriptions, or those of all channels of the workspace one may see."""

    everywhere: bool = False


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
class Rest:
    """The papers a digest counted but did not show. period: its label; empty: the last one.

    name: of the subscription, its number in the list, or `#` and its id. page counts from 1.
    """

    name: str
    period: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Silence a subscription (None: all of the channel), for `days` or until resumed.

    weekday: until the next such day (0 = Monday) begins in the subscription's zone, instead.
    """

    name: str | None = None
    days: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Let a paused subscription (None: all of the channel) speak again."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """The channel's settings: shown, or changed where any is given (key, value as typed)."""

    given: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fill:
    """The form of a verb, for the name it is about (`edit alignment`)."""

    verb: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a change of this channel back, by its number in the log; 0: my last vote."""

    change: int = 0


@dataclass(frozen=True, slots=True)
class ShowLog:
    """What was changed here and what was posted, newest first."""


@dataclass(frozen=True, slots=True)
class Export:
    """The channel's subscriptions as text that `Import` takes. page counts from 1."""

    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Make the channel what this text says; dry_run only tells what would change."""

    text: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """The answer to this line, shown to the whole channel once, with who shared it."""

    line: str


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How sources, subscriptions and deliveries are doing."""


@dataclass(frozen=True, slots=True)
class Help:
    """How to use the bot, or one of its verbs."""

    verb: str = ""


Change = Subscribe | Edit | Unsubscribe | Pause | Resume
Asking = Search | Show | Why | Preview | DigestNow | Rest | Similar | Trend | Bib
Personal = (
    Follow | Unfollow | ListFollows | Mute | Unmute | Save | Unsave | ListSaved | Vote | UndoVote
    | ForgetMe
)  # fmt: skip
Command = (
    Asking
    | Change
    | Personal
    | ListSubscriptions
    | Settings
    | Fill
    | Undo
    | ShowLog
    | Export
    | Import
    | Share
    | ShowStatus
    | Help
)

CHANGES = (Subscribe, Edit, Unsubscribe, Pause, Resume)
"""Commands that change a channel's subscriptions and so need the right to manage it."""
