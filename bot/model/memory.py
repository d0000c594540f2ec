"""What the store remembers of people and channels beside subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model.delivery import NewDelivery
from bot.model.message import Digest
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
    where it is they that changed. damaged: names of subscriptions that were stopped although
    nobody can read them; that cannot be undone.
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
    damaged: tuple[str, ...] = ()

    @property
    def is_reversible(self) -> bool:
        """Whether it tells what to go back to; that a damaged one was stopped does not."""
        return bool(self.before or self.after or self.settings)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things are in a channel. reason: why nothing is posted there; empty while it is.

    since: when that began. refused: a post was refused there, and the platform had told nothing.
    """

    channel: Channel
    reason: str = ""
    since: datetime | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A public channel where a paper was posted or unfurled before."""

    channel: Channel
    at: datetime
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to a paper, in the words of its card."""

    id: int
    paper: Paper
    what: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StalePage:
    """A posted page that does not say yet what happened to its papers since.

    key: the dedupe key of the delivery it came with. edits: how often it was written anew.
    in_thread: whether it is itself an answer in a thread. tell: whether the channel wants to be
    told in the thread. votes: how often papers on it were judged so far. tallies: by every key of a
    paper on it, how many found it relevant and how many not; empty where the channel wants none.
    """

    id: int
    channel: Channel
    key: str
    words: Digest
    edits: int
    news: tuple[News, ...]
    in_thread: bool = False
    tell: bool = False
    votes: int = 0
    tallies: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A page's new words, and the messages that bring them to its channel."""

    page: StalePage
    words: Digest
    deliveries: tuple[NewDelivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A channel that cannot be posted to; `channel.channel` empty: a whole workspace.

    purge_at: when its data are deleted unless it comes back; None: they are kept.
    """

    channel: Channel
    reason: str
    since: datetime
    purge_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long until somebody may ask again. shared: the whole workspace has asked too often."""

    length: timedelta
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a command may run. first: nobody has handled its event yet. wait: it came too soon."""

    first: bool = True
    wait: Wait | None = None
