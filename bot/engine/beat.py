"""The heartbeat: which stage runs how often, and in what order one pass takes them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.engine.compose import compose
from bot.engine.deliver import LEASE, Courier
from bot.engine.ingest import Reading, ingest
from bot.engine.living import renew
from bot.engine.owners import tell_owners
from bot.engine.plan import AT_A_TIME, Planner
from bot.engine.reconcile import Reconciler
from bot.model.subscription import Platform
from bot.ports import Clock, Messenger, Meter, PaperSource, Renderer, Store, Unmetered
from bot.rules.settling import Ambiguous
from bot.rules.studying import Studies

KEPT_AFTER_LEAVING = timedelta(hours=20)
"""So that the data of a workspace that removed the app are gone within a day."""


@dataclass(frozen=True, slots=True)
class Job:
    """A stage and the seconds between its runs."""

    name: str
    seconds: int
    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the stages touch. worker: a name for this process in leases.

    Every platform has a renderer, so that its digests are composed whether or not this process
    may post there; messengers are those that have a token.
    """

    store: Store
    sources: Mapping[str, PaperSource]
    renderers: Mapping[Platform, Renderer]
    messengers: Mapping[Platform, Messenger]
    clock: Clock
    worker: str
    meter: Meter = field(default_factory=Unmetered)
    lease: timedelta = LEASE
    ambiguous: Ambiguous = Ambiguous.RESEND_ONCE


class Engine:
    """All stages over one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._studies = Studies()
        self.planner = Planner(world.store, world.clock)
        self.courier = Courier(
            world.store,
            world.messengers,
            world.clock,
            world.worker,
            lease=world.lease,
            meter=world.meter,
        )
        self.reconciler = Reconciler(
            world.store,
            world.messengers,
            world.clock,
            self.courier,
            world.meter,
            world.ambiguous,
        )

    async def ingest(self) -> list[Reading]:
        """Read the sources that are due."""
        world = self.world
        return await ingest(world.store, world.sources, world.clock, world.meter)

    async def advance(self) -> None:
        """Match what is new, compose what is due, send what is owed.

        While tens of thousands are new, what is due does not wait for all of them.
        """
        world, behind = self.world, True
        while behind:
            await self.planner.plan(AT_A_TIME)
            behind = self.planner.behind
            if await compose(world.store, world.renderers, world.clock, world.meter, self._studies):
                self.courier.wake()

    async def renew(self) -> int:
        """Bring posted cards up to date with what happened to their papers."""
        return await renew(self.world.store, self.world.renderers, self.world.clock)

    async def tidy(self) -> int:
        """Expire what nobody needs any more and forget what is past its keeping."""
        store, now = self.world.store, self.world.clock.now()
        gone = await store.installations.purge(left_before=now - KEPT_AFTER_LEAVING)
        gone += await store.absences.purge(now=now)
        return gone + await store.upkeep.tidy(now=now)

    async def tell_owners(self) -> None:
        """Tell people of channels that cannot be posted to."""
        if await tell_owners(
            self.world.store, self.world.renderers, self.world.clock, self.world.meter
        ):
            self.courier.wake()

    async def beat(self) -> None:
        """One whole pass, in order: what the demo, the simulation and the tests drive."""
        await self.ingest()
        await self.advance()
        await self.renew()
        await self.tell_owners()
        await self.courier.deliver()

    def _look_every(self) -> int:
        # What a dead worker had in hand is found soon after its lease is over.
        return max(1, min(10, int(self.world.lease.total_seconds() / 3)))

    def jobs(self) -> tuple[Job, ...]:
        """The stages as a long-running process runs them, each on its own; beside `courier.run`.

        Reading sources may take a minute and must not hold up a digest, nor one a delivery. All
        are cheap when nothing is due: an idle bot only asks the database.
        """
        return (
            Job("ingest", 20, self.ingest),
            Job("advance", 5, self.advance),
            Job("renew", 60, self.renew),
            Job("tell_owners", 30, self.tell_owners),
            Job("reconcile", self._look_every(), self.reconciler.reconcile),
            Job("tidy", 3600, self.tidy),
        )
