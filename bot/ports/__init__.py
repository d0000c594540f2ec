"""What the bot needs from the world, one Protocol per concern.

Every store operation is one whole transaction: it either happened or it did not, and no network
call can stand inside it, because its body never leaves the store. Every datetime is aware, UTC.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.model.delivery import Delivery, NewDelivery, Outcome, Payload, ReadBack
from bot.model.message import Message
from bot.model.paper import Announcements, Paper, Saved
from bot.model.record import (
    Candidate,
    Filters,
    Hit,
    LaneStatus,
    PaperHistory,
    Results,
    SearchRequest,
    Shown,
    Source,
    StoreStatus,
    Unplanned,
)
from bot.model.subscription import Channel, Platform, Subscription


class PaperSource(Protocol):
    """Where papers come from; one adapter each."""

    @property
    def name(self) -> str:
        """Its name in commands, settings and the database, such as `arxiv_rss:cs.CL`."""
        ...

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """Everything announced since `cursor` (None: the source's current window).

        Raises SourceDown (try later), SourceRefused (a person must look) or SourceGarbled
        (their format changed); then nothing was taken and the cursor stays.
        """
        ...

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """When to ask again after a success at `now`, by the source's own rhythm."""
        ...


class Lookup(Protocol):
    """Finds single papers by id at a live source."""

    async def look_up(self, arxiv_ids: list[str]) -> Announcements:
        """The papers with these ids (no version suffix); unknown ids are simply absent.

        Raises like `PaperSource.fetch`.
        """
        ...


Renderer = Callable[[Message], list[Payload]]
"""A message as one or more platform messages within every limit of the platform. Pure."""


class Messenger(Protocol):
    """Posts to one platform."""

    @property
    def platform(self) -> Platform:
        """The platform it posts to."""
        ...

    def pages(self, message: Message) -> list[Payload]:
        """The platform's renderer."""
        ...

    async def post(self, to: Channel, page: Payload, *, marker: str) -> Outcome:
        """Send one page once, without retries of its own, and say what became of it.

        marker: opaque text of at most 25 characters, the same over all attempts; platforms that
        can use it to recognise a repeat do. Never raises for what the platform or the network
        does: every such case is an Outcome.
        """
        ...

    async def find(self, to: Channel, *, marker: str, since: datetime) -> ReadBack:
        """Whether a page with this marker stands in the channel, posted at or after `since`."""
        ...


class PaperShelf(Protocol):
    """Stored papers, what was said about them, and the search index over them."""

    async def save(
        self, source: str, announcements: Announcements, *, now: datetime, late_before: date | None
    ) -> Saved:
        """Add or merge papers, add their sightings and move the source's cursor, all at once.

        A sighting is stored once per (source, paper, event, version); seeing it again changes
        metrics only. Raised counters add a `hot` sighting. Sightings on a date before
        `late_before` are marked late: stored, never alerted (None: none is late).
        """
        ...

    async def get(self, key: str) -> Paper | None:
        """The paper with this key or any other known id of it (`scheme:value`)."""
        ...

    async def search(self, request: SearchRequest) -> Results:
        """Stored papers that match, best or newest first. Exactly `bot.rules.matching`'s answer."""
        ...

    async def unplanned(self, limit: int) -> list[Unplanned]:
        """Sightings no filter has been asked about yet, oldest first."""
        ...

    async def history(self, channel: Channel, key: str) -> PaperHistory | None:
        """What a channel's subscriptions and deliveries have had to do with this paper."""
        ...


class SubscriptionBook(Protocol):
    """Standing orders."""

    async def add(self, subscription: Subscription) -> Subscription:
        """Store it (id is set). Raises Conflict when the channel already has that name."""
        ...

    async def remove(self, channel: Channel, name: str) -> Subscription | None:
        """Take it out and return it; None if there is none of that name in the channel."""
        ...

    async def of(self, channel: Channel | None = None) -> list[Subscription]:
        """Those of one channel, or all, by channel and age."""
        ...

    async def change(self, subscription: Subscription) -> bool:
        """Store everything but id, channel, hit_cursor and creation; False if it is gone."""
        ...

    async def filters(self) -> Filters:
        """All distinct filters in use, with a revision that changes whenever they do."""
        ...

    async def count(self, platform: Platform, workspace: str) -> int:
        """How many subscriptions a workspace has."""
        ...

    async def due(self, now: datetime, limit: int) -> list[Subscription]:
        """Running subscriptions with `next_due_at <= now`, longest overdue first."""
        ...


class MatchLedger(Protocol):
    """Which papers matched which filters, and which a channel was shown."""

    async def plan(
        self, planned: list[int], hits: list[Hit], *, revision: int, now: datetime
    ) -> int:
        """Store hits (once per paper and filter), tick off the sightings, wake `instant` ones.

        Returns the number of new hits. Raises Conflict when the filters' revision has changed.
        """
        ...

    async def candidates(self, subscription: Subscription, limit: int) -> list[Candidate]:
        """Hits after its `hit_cursor` whose paper the channel was not promised, oldest first."""
        ...

    async def compose(
        self,
        subscription: Subscription,
        *,
        period: str,
        next_due_at: datetime | None,
        hit_cursor: int,
        deliveries: list[NewDelivery],
        now: datetime,
    ) -> bool:
        """Commit one occurrence: its deliveries, its papers as shown, the next due time.

        All or nothing. False when it was composed already, changed or removed meanwhile, or when
        another subscription of the channel took one of the papers: read again and decide anew.
        """
        ...

    async def shown(self, channel: Channel, limit: int) -> list[Shown]:
        """What the channel was promised or shown last, newest first."""
        ...


class Outbox(Protocol):
    """Messages owed to channels. Protocol and crash points: docs/decisions, outbox."""

    async def enqueue(self, delivery: NewDelivery, *, now: datetime) -> bool:
        """Owe one more message; False if its dedupe key was owed before."""
        ...

    async def claim(
        self,
        worker: str,
        platforms: frozenset[Platform],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Delivery]:
        """Lease up to `limit` free lanes; per lane its first waiting delivery, made `sending`.

        Durable before it returns. Only lanes of these platforms that are neither paused, leased
        nor held back by an `unknown` delivery.
        """
        ...

    async def record(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        retry_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write what became of a claimed delivery and free its lane.

        retry_at: for NotSent, when the lane may try again (None: give up, it is dead).
        False when the claim was lost meanwhile: then nothing is written.
        """
        ...

    async def adopt_unclear(
        self, worker: str, platforms: frozenset[Platform], *, now: datetime, lease: timedelta
    ) -> list[Delivery]:
        """Lease lanes whose delivery has an unknown fate: `unknown`, or `sending` too long ago."""
        ...

    async def settle(
        self, delivery: Delivery, found: ReadBack, *, resend: bool, now: datetime
    ) -> bool:
        """Write what reading back showed: sent, queued again (`resend`), or still unknown."""
        ...

    async def lanes(self, channel: Channel | None = None) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        ...

    async def set_lane(self, channel: Channel, *, paused: str | None, now: datetime) -> None:
        """Pause a lane for a reason, or let it run again (None)."""
        ...


class SourceLog(Protocol):
    """Where each source was read up to, and when it is due."""

    async def all(self) -> list[Source]:
        """Every source ever registered, by name."""
        ...

    async def take_due(self, names: list[str], *, now: datetime, hold: timedelta) -> list[Source]:
        """Sources of these that are due, each handed to one caller for `hold` only."""
        ...

    async def succeeded(self, name: str, *, next_poll_at: datetime, now: datetime) -> None:
        """A reading went well; the cursor itself moved with `PaperShelf.save`."""
        ...

    async def failed(
        self, name: str, problem: str, *, next_poll_at: datetime, now: datetime
    ) -> None:
        """A reading failed; the cursor stays."""
        ...


class Upkeep(Protocol):
    """The store's own health and housekeeping."""

    async def status(self) -> StoreStatus:
        """The store in figures."""
        ...

    async def first_time(self, scope: str, key: str, *, now: datetime) -> bool:
        """Whether this event or interaction is seen for the first time (kept 48 h)."""
        ...

    async def tidy(self, *, now: datetime) -> int:
        """Expire deliveries nobody needs, forget what is past its keeping; rows touched."""
        ...

    async def check(self) -> str:
        """Answer with the schema revision. Raises StoreDown with what to do next."""
        ...


class Store(Protocol):
    """Everything the bot remembers."""

    @property
    def papers(self) -> PaperShelf: ...
    @property
    def subscriptions(self) -> SubscriptionBook: ...
    @property
    def ledger(self) -> MatchLedger: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sources(self) -> SourceLog: ...
    @property
    def upkeep(self) -> Upkeep: ...


class Clock(Protocol):
    """The only one who knows what time it is."""

    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        ...
