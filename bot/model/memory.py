"""What the store remembers of people and channels beside subscriptions."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.paper import Paper
from bot.model.settings import ChannelSettings
from bot.model.subscription import Channel, Subscription


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper a channel's members have judged, and how many of them either way."""

    paper: Paper
    relevant: int
    not_for_us: int


@dataclass(frozen=True, slots=True)
class Muted:
    """A filter a member hides; until None: for good."""

    term: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A page of a member's saved papers, newest first, and how many there are."""

    total: int
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of a channel, as the log keeps it.

    number: what `undo` calls it. who: the member's hash. what: a sentence without its full stop.
    before, after: the subscriptions touched. settings: the channel's settings before and after,
    where it is they that changed.
    """

    channel: Channel
    what: str
    at: datetime
    number: int = 0
    who: str = ""
    before: tuple[Subscription, ...] = ()
    after: tuple[Subscription, ...] = ()
    settings: tuple[ChannelSettings, ChannelSettings] | None = None
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A public channel where a paper was posted or unfurled before."""

    channel: Channel
    at: datetime
    message_id: str = ""
