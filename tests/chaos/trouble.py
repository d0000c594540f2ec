"""What is done to the bot in a chaos run: workers die, freeze and stop, platforms and database fail."""

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from adapters.store import SqlStore
from bot.model.errors import BotError
from bot.model.steps import Step
from tests.chaos.databases import PostgresServer, SqliteFile
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms
from tests.chaos.workers import Crew, Worker

BREAKABLE = [step for step in Step if step not in {Step.READ, Step.SAVED, Step.OPENED}]

OFTEN = {Step.CLAIMED, Step.WRITING, Step.ANSWERED, Step.COMMITTING, Step.COMMITTED}

FREEZABLE = [Step.CLAIMED, Step.WRITING, Step.WRITING, Step.ANSWERED, Step.ADOPTED, Step.LOOKED]
"""Where a worker that sleeps past its lease does harm, if it may: no transaction is open there."""

MOST_OWED = 3
"""Messages waiting for each channel before no more papers are announced: a backlog proves little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything. deliveries, kills: at least so many; seconds: at least so long.

    kill_every: messages that become visible between two blows to a worker, on average: a slow
    machine is not beaten more than a quick one.
    """

    kind: str
    seed: int
    seconds: float = 15
    deliveries: int = 100
    kills: int = 6
    workers: int = 3
    slack: int = 24
    workspaces: int = 4
    discord: int = 12
    lease: float = 6.0
    kill_every: int = 8
    papers_per_second: float = 3.0
    longest: float = 600


@dataclass(slots=True)
class Story:
    """What was done to the bot."""

    counts: Counter[str] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)

    def note(self, what: str) -> None:
        self.counts[what.split(maxsplit=1)[0]] += 1

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


@dataclass(slots=True)
class Trouble:
    """Breaks things until the plan is met."""

    plan: Plan
    story: Story
    crew: Crew
    platforms: Platforms
    base: SqliteFile | PostgresServer
    chance: random.Random
    workers: list[Worker] = field(default_factory=list)
    frozen: list[tuple[Worker, float]] = field(default_factory=list)

    async def make(self, load: Load, store: SqlStore) -> None:
        """Everything at once, until there was enough of it; the workers are dead at the end."""
        async with asyncio.TaskGroup() as tasks:
            helpers = [
                tasks.create_task(self._announce(load, store)),
                tasks.create_task(self._man()),
                tasks.create_task(self._kill()),
                tasks.create_task(self._spoil_platforms()),
                tasks.create_task(self._spoil_database()),
            ]
            while not self._enough():
                await asyncio.sleep(0.5)
            for one in helpers:
                one.cancel()
        for worker in self.workers:
            worker.kill()

    def _enough(self) -> bool:
        plan, story = self.plan, self.story
        if story.seconds > plan.longest:
            return True
        return (
            story.seconds >= plan.seconds
            and self.platforms.visible() >= plan.deliveries
            and story.counts["killed"] >= plan.kills
        )

    async def _announce(self, load: Load, store: SqlStore) -> None:
        most = MOST_OWED * len(self.platforms.rooms)
        while True:
            papers = 1 + int(self.chance.expovariate(1.0))
            with contextlib.suppress(BotError):
                if sum((await store.upkeep.figures()).depth.values()) < most:
                    await load.announce(papers)
            await asyncio.sleep(papers / self.plan.papers_per_second)

    async def _man(self) -> None:
        """Keep the crew complete, and wake those who have slept long enough."""
        while True:
            self._wake()
            for worker in [one for one in self.workers if not one.alive]:
                self.workers.remove(worker)
                code = worker.process.returncode
                self.story.note("killed" if code in (137, -9) else f"ended:{code}")
            while len(self.workers) < self.plan.workers:
                self.workers.append(self._start())
            await asyncio.sleep(0.1)

    def _wake(self) -> None:
        sleeping = [worker for worker, _ in self.frozen]
        for worker in [one for one in self.workers if one.is_frozen and one not in sleeping]:
            until = time.monotonic() + self.plan.lease * self.chance.uniform(1, 2.5)
            self.frozen.append((worker, until))
            self.story.note("frozen")
        for worker, until in list(self.frozen):
            if time.monotonic() > until:
                self.frozen.remove((worker, until))
                worker.signal(signal.SIGCONT)

    def _start(self) -> Worker:
        """One more; some are born to freeze or to die at some step."""
        self.story.note("started")
        if self.chance.random() < 0.1:
            step = self.chance.choice(FREEZABLE)
            passing = self.chance.randint(1, self.plan.kill_every if step in OFTEN else 3)
            return self.crew.start(PAPERS_FAILPOINT=f"{step}=stop@{passing}")
        if self.chance.random() < 0.3:
            step = self.chance.choice(BREAKABLE)
            passing = self.chance.randint(1, 2 * self.plan.kill_every if step in OFTEN else 6)
            return self.crew.start(PAPERS_FAILPOINT=f"{step}=kill@{passing}")
        if self.plan.kind == "sqlite" and self.chance.random() < 0.1:
            self.story.note("disk-full")
            return self.crew.start(PAPERS_FAILPOINT="store.opened=pages:8@*")
        return self.crew.start()

    async def _kill(self) -> None:
        """kill -9, SIGSTOP past the lease, SIGTERM."""
        while True:
            await self._until_shown(self.chance.expovariate(1 / self.plan.kill_every))
            awake = [one for one in self.workers if one.is_at_work and not one.is_frozen]
            if not awake:
                continue
            victim, dice = self.chance.choice(awake), self.chance.random()
            if dice < 0.12 and len(self.frozen) < self.plan.workers - 1:
                victim.signal(signal.SIGSTOP)
            elif dice < 0.2:
                victim.signal(signal.SIGTERM)
                self.story.note("stopped")
            else:
                victim.signal(signal.SIGKILL)

    async def _until_shown(self, more: float) -> None:
        """Wait until so many more messages are visible, or it is clear that none will be."""
        enough, began = self.platforms.visible() + more, time.monotonic()
        while self.platforms.visible() < enough and time.monotonic() - began < 3 * self.plan.lease:
            await asyncio.sleep(0.1)

    async def _spoil_platforms(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / 4))
            # One at a time: faults must not pile up faster than the bot asks for them.
            self.platforms.mend()
            self.platforms.misbehave()
            self.story.note("platform-fault")

    async def _spoil_database(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / 15))
            what = await self.base.misfortune(self.chance)
            self.story.note("database-fault")
            self.story.note(what.replace(" ", "-"))
