"""Days played in virtual time: the same stages over a throw-away store, with stored papers.

What a source said comes again when it came then (see `bot.rules.replay.arrived_at`).
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from bot.engine.beat import Engine, World
from bot.model.delivery import Absent, Outcome, Payload, Posted, ReadBack
from bot.model.message import Message
from bot.model.paper import Announcements, Sighting
from bot.model.record import Arrival
from bot.model.subscription import Channel, Platform
from bot.ports import Clock, Renderer, Store
from bot.rules.replay import arrived_at
from bot.rules.schedule import next_due, zone_of

STEP = timedelta(seconds=2)
"""Between rounds while messages wait: above the pace of one message a second and channel."""

MOST_STEPS = 500


class MovableClock(Clock, Protocol):
    """A clock that goes where it is told."""

    def move_to(self, instant: datetime) -> None:
        """Set it to an aware instant."""
        ...


@dataclass(frozen=True, slots=True)
class Post:
    """One message that would be posted."""

    at: datetime
    channel: Channel
    page: Payload
    message_id: str


class Simulation:
    """Plays `since` to `until` (dates in UTC, both included) on `scratch`, an empty store.

    scratch: has the subscriptions, with no past. past: what sources said in these days.
    """

    def __init__(
        self,
        scratch: Store,
        clock: MovableClock,
        renderers: Mapping[Platform, Renderer],
        past: Iterable[Arrival],
        *,
        until: date,
    ) -> None:
        self._store = scratch
        self._clock = clock
        self._end = datetime.combine(until + timedelta(days=1), time(), UTC)
        self._sources = _sources(past)
        self.posts: list[Post] = []
        stages = {
            platform: _Stage(platform, render, clock, self.posts)
            for platform, render in renderers.items()
        }
        self._engine = Engine(
            World(
                store=scratch,
                sources=self._sources,
                renderers=renderers,
                messengers=stages,
                clock=clock,
                worker="simulation",
            )
        )

    async def play(self) -> AsyncIterator[list[Post]]:
        """What is posted, step by step; the clock stands at the instant of each step."""
        await self._plan()
        told = 0
        while self._clock.now() < self._end:
            await self._engine.beat()
            await self._settle()
            if len(self.posts) > told:
                yield self.posts[told:]
                told = len(self.posts)
            self._clock.move_to(await self._next())

    async def _plan(self) -> None:
        now = self._clock.now()
        for one in await self._store.subscriptions.of():
            due = next_due(one.cadence, zone_of(one.zone), now - timedelta(microseconds=1))
            await self._store.subscriptions.change(replace(one, next_due_at=due))

    async def _settle(self) -> None:
        """Let messages that wait for their channel's pace go out before time jumps on."""
        for _ in range(MOST_STEPS):
            found = await self._store.upkeep.figures()
            if not sum(found.depth.values()):
                return
            self._clock.move_to(self._clock.now() + STEP)
            await self._engine.courier.deliver()

    async def _next(self) -> datetime:
        """The next instant at which something may happen."""
        now = self._clock.now()
        instants = [source.next_poll(None, now) for source in self._sources.values()]
        due = await self._store.subscriptions.next_due(now)
        if due is not None:
            instants.append(due)
        return max(min([*instants, self._end]), now + timedelta(milliseconds=1))


class _Past:
    """A source that says again what it said then."""

    def __init__(self, name: str, heard: list[tuple[datetime, Arrival]]) -> None:
        self._name = name
        self._heard = sorted(heard, key=lambda one: one[0])

    @property
    def name(self) -> str:
        return self._name

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """What came since the last time."""
        start = int(cursor or 0)
        new = [one for at, one in self._heard[start:] if at <= now]
        return Announcements(
            sightings=tuple(Sighting(paper=one.paper, event=one.event, on=one.on) for one in new),
            cursor=str(start + len(new)),
        )

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """When something comes next."""
        del cursor
        return next((at for at, _ in self._heard if at > now), datetime.max.replace(tzinfo=UTC))


def _sources(past: Iterable[Arrival]) -> dict[str, _Past]:
    heard: dict[str, list[tuple[datetime, Arrival]]] = {}
    for one in past:
        heard.setdefault(one.source, []).append((arrived_at(one), one))
    return {name: _Past(name, arrivals) for name, arrivals in heard.items()}


class _Stage:
    """Takes every message at once and remembers it."""

    recognises_repeats_for = timedelta(0)

    def __init__(
        self, platform: Platform, render: Renderer, clock: Clock, posts: list[Post]
    ) -> None:
        self._platform = platform
        self._render = render
        self._clock = clock
        self._posts = posts

    @property
    def platform(self) -> Platform:
        return self._platform

    def plain(self, page: Payload) -> None:
        """Nothing is refused here."""
        del page

    def pages(self, message: Message) -> list[Payload]:
        """As on the platform itself."""
        return self._render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Take it."""
        del marker, thread
        message_id = str(len(self._posts) + 1)
        self._posts.append(Post(self._clock.now(), to, page, message_id))
        return Posted(message_id)

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Take it."""
        self._posts.append(Post(self._clock.now(), to, page, message_id))
        return Posted(message_id)

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Nothing is ever unclear here."""
        del to, marker, since, thread
        return Absent()
