"""What the store hands to the engine: rows as values, joined the way a decision needs them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.model.delivery import DeliveryKind, DeliveryState, NewDelivery, Role
from bot.model.paper import Event, Paper
from bot.model.subscription import Channel, Subscription
from bot.model.topic import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer of a search: the paper and its score, higher is better."""

    paper: Paper
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The first `limit` answers of a search, and how many there are altogether."""

    total: int
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What to look for in the stored papers.

    root None means every paper. since, until: announced within these dates, both included.
    newest: order by date instead of by relevance. today: what `since:7d` counts back from.
    """

    root: Node | None
    today: date
    limit: int = 10
    offset: int = 0
    since: date | None = None
    until: date | None = None
    newest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """A stored sighting that no filter has been asked about yet.

    late: it was announced too long ago to alert; it is stored and searchable, nothing more.
    """

    id: int
    paper_id: int
    paper: Paper
    source: str
    event: Event
    on: date
    late: bool = False


IMPORT = "import"
"""The source name of papers read from files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A stored sighting, for looking back: the paper as it is now, and when we learned of it."""

    paper: Paper
    source: str
    event: Event
    on: date
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredFilter:
    """One distinct filter that at least one running subscription listens with."""

    id: int
    canonical: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Distinct filters in use at a revision: all, or those that have changed after `since`.

    filters: in use. gone: ids that have fallen out of use, only said where `since` is not None.
    """

    revision: int
    filters: tuple[StoredFilter, ...]
    since: int | None = None
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A paper and the filters it matches: stored once per pair, whoever listens.

    sighting_id, event: what brought the paper.
    """

    paper_id: int
    sighting_id: int
    event: Event
    filter_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paper that matched. hit_id: of the match, grows with time; it stands for paper and event."""

    hit_id: int
    paper_id: int
    paper: Paper
    event: Event


def _nothing_else(_: Candidate) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Choice:
    """What one subscription may be shown: matching papers its channel has not been shown yet.

    papers: oldest first. also: names of the channel's other subscriptions that match one of them,
    looked up when asked, since few of them are shown. upto: the last match of all that was looked
    at, so that the next digest need not look there again.
    """

    papers: Sequence[Candidate] = ()
    also: Callable[[Candidate], tuple[str, ...]] = _nothing_else
    upto: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one due subscription gets: an occurrence, before it is committed.

    subscription: as it was read, with the `hit_cursor` the candidates were read from; hit_cursor:
    the last match that was looked at.
    """

    subscription: Subscription
    period: str
    next_due_at: datetime | None
    hit_cursor: int
    deliveries: Sequence[NewDelivery] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What one digest chose from: the papers it showed, and those it only counted.

    day: the day as of which they were put in order.
    """

    period: str
    day: date
    shown: tuple[Candidate, ...] = ()
    left_out: Choice = Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """How one source is doing. cursor: where it was read up to, None before the first reading."""

    name: str
    cursor: str | None = None
    next_poll_at: datetime | None = None
    last_try_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A paper a channel has been promised or shown, where and when.

    delivery: the dedupe key of the message it stands in, for edits and replies about it.
    """

    channel: Channel
    paper: str
    subscription: str
    state: str
    at: datetime
    message_id: str = ""
    delivery: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneStatus:
    """How deliveries to one channel are doing.

    state: running, failing (with passing trouble) or paused. until: when it is tried again by
    itself. dead: messages given up in the last week. resent: posted in the last week after an
    unclear attempt that nobody could look for, so they may stand there twice.
    """

    channel: Channel
    state: str
    reason: str = ""
    waiting: int = 0
    unknown: int = 0
    dead: int = 0
    resent: int = 0
    until: datetime | None = None
    last_ok_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A channel that its platform does not let us post to, why, and since when."""

    channel: Channel
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStatus:
    """One message as people see it: `papers deliveries`. size: bytes of its payload."""

    id: int
    channel: Channel
    state: DeliveryState
    kind: DeliveryKind
    role: Role
    dedupe_key: str
    papers: tuple[str, ...] = ()
    attempt: int = 0
    resends: int = 0
    created_at: datetime
    not_before: datetime
    expires_at: datetime
    finished_at: datetime | None = None
    message_id: str = ""
    problem: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreStatus:
    """The store in figures, for `papers status`. clock: what was wrong with clocks, in words."""

    papers: int = 0
    newest_on: date | None = None
    subscriptions: int = 0
    filters: int = 0
    unplanned: int = 0
    deliveries: dict[str, int] = field(default_factory=dict)
    oldest_waiting_at: datetime | None = None
    schema: str = ""
    clock: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One sighting of a paper. late: too long after its date to be news to anybody.

    planned: whether the filters have been asked about it.
    """

    source: str
    event: Event
    on: date
    first_seen_at: datetime
    late: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperHistory:
    """Everything a channel's `why` needs to know about one paper.

    sightings: in the order we learned of them. subscriptions: the channel's. hits: for each
    subscription (by id) whose filter matched it the hit, to compare with `hit_cursor`; events:
    what brought that hit; periods: the digest that chose from it. shown: what the channel was
    promised or shown.
    """

    paper: Paper
    paper_id: int
    sightings: tuple[Said, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    hits: dict[int, int] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)
    periods: dict[int, str] = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
