"""Recorded days played in virtual time through the whole bot: sources in, messages out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.clock import VirtualClock
from bot.engine.beat import Engine, World
from bot.model.subscription import Platform, Subscription
from bot.ports import Store
from tests.replay.audit import Audit, Heard
from tests.replay.records import ARXIV, HF, Reading, Recorded
from tests.replay.taking import Shown, TakingMessenger

PLATFORMS = frozenset({Platform.TERMINAL})
STEP = timedelta(seconds=2)
"""Between two rounds while messages wait for their channel's pace of one a second."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant at which something happened: what was read, and what was then posted."""

    at: datetime
    read: tuple[Reading, ...]
    posted: dict[str, list[Shown]]


class Replay:
    """The bot with recorded sources on an instant platform, from `start` to `end`."""

    def __init__(
        self, store: Store, past: Sequence[Reading], start: datetime, end: datetime
    ) -> None:
        self.store = store
        self._past = past
        self._end = end
        self._clock = VirtualClock(start)
        self._platform = TakingMessenger()
        self._sources = {name: Recorded(name, list(past)) for name in (ARXIV, HF)}
        self._engine = Engine(
            World(
                store=store,
                sources=self._sources,
                renderers={self._platform.platform: self._platform.pages},
                messengers={self._platform.platform: self._platform},
                clock=self._clock,
                worker="replay",
            )
        )

    async def begin(self, orders: Sequence[Subscription]) -> None:
        """Read every source for the first time, which is no news, and take the orders."""
        await self._engine.ingest()
        for one in orders:
            await self.store.subscriptions.add(one)

    async def play(self) -> AsyncIterator[Moment]:
        """Every moment; the store stands as it was right after it."""
        read = 0
        while (at := await self._next(read)) < self._end:
            self._clock.move_to(at)
            await self._engine.ingest()
            await self._engine.advance()
            await self._deliver()
            new = [one for one in self._past[read:] if one.at <= at]
            read += len(new)
            yield Moment(at, tuple(new), self._platform.taken())

    async def _next(self, read: int) -> datetime:
        """When a source has something to read, or a subscription is due."""
        due = await self.store.subscriptions.next_due(self._clock.now())
        instants = [
            one for one in (due, self._past[read].at if read < len(self._past) else None) if one
        ]
        return max(min([*instants, self._end]), self._clock.now())

    async def _deliver(self) -> None:
        """Post everything that is owed now, however long the channels' pace makes it."""
        await self._engine.courier.deliver()
        while await self.store.outbox.next_ready(PLATFORMS, before=self._end) is not None:
            self._clock.advance(STEP)
            await self._engine.courier.deliver()


async def check(moment: Moment, audit: Audit, heard: Heard, store: Store) -> None:
    """Take one moment into the books."""
    news = [said for reading in moment.read for said in heard.news(reading)]
    told = [(paper, event) for key, event in news if (paper := await store.papers.get(key))]
    audit.arrived(told, moment.at.date())
    audit.spoke(moment.posted, moment.at)
