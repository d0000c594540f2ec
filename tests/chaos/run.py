"""One chaos run: real workers, a real database, two platforms, and everything that can go wrong.

Papers are announced all the while, workers are killed, frozen and stopped, the platforms and the
database fail. Then all is mended, the bot gets time to finish, and the auditor judges.
"""

import asyncio
import contextlib
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.store import migrate, open_store
from bot.model.errors import BotError
from bot.model.steps import Step
from tests.chaos.databases import PostgresServer, SqliteFile, database
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms, Room
from tests.chaos.workers import Crew, Worker

LEASE_S = 9.0
"""Short, so that what a dead worker had in hand is found again within the run."""

DRAIN_S = 240.0
BREAKABLE = [step for step in Step if step not in {Step.READ, Step.SAVED, Step.OPENED}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything. deliveries, kills: at least so many; seconds: at least so long."""

    kind: str
    seed: int
    seconds: float = 30
    deliveries: int = 0
    kills: int = 0
    workers: int = 3
    slack: int = 24
    discord: int = 12
    kill_every: float = 2.5
    papers_per_second: float = 2.0
    longest: float = 3600


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


class Chaos:
    """Everything of one run."""

    def __init__(
        self, plan: Plan, folder: Path, base: SqliteFile | PostgresServer, platforms: Platforms
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.base = base
        self.platforms = platforms
        self.chance = random.Random(plan.seed)
        self.story = Story()
        self.crew = Crew(
            folder,
            {
                "DATABASE_URL": base.url,
                "PAPERS_LEASE_S": str(LEASE_S),
                **platforms.environ,
            },
        )
        self.workers: list[Worker] = []
        self.frozen: list[tuple[Worker, float]] = []
        self.over = False

    async def run(self) -> dict[str, Any]:
        """Break things until the plan is met, mend them, wait, and let the auditor judge."""
        migrate(self.base.url)
        with self.crew:
            async with open_store(self.base.url) as store:
                load = Load(store, self.chance)
                await load.subscribe([room.name for room in self.platforms.rooms])
                await self._break(load)
                drained = await self._drain(load.expected)
                await self._finish()
        return self._verdict(load.expected, drained)

    async def _break(self, load: Load) -> None:
        async with asyncio.TaskGroup() as tasks:
            helpers = [
                tasks.create_task(self._announce(load)),
                tasks.create_task(self._man()),
                tasks.create_task(self._kill()),
                tasks.create_task(self._spoil_platforms()),
                tasks.create_task(self._spoil_database()),
            ]
            while not self._enough():
                await asyncio.sleep(0.5)
            self.over = True
            for one in helpers:
                one.cancel()

    def _enough(self) -> bool:
        plan, story = self.plan, self.story
        if story.seconds > plan.longest:
            return True
        return (
            story.seconds >= plan.seconds
            and self.platforms.visible() >= plan.deliveries
            and story.counts["killed"] >= plan.kills
        )

    async def _announce(self, load: Load) -> None:
        while True:
            papers = 1 + int(self.chance.expovariate(1.0))
            with contextlib.suppress(BotError):
                await load.announce(papers)
            await asyncio.sleep(papers / self.plan.papers_per_second)

    async def _man(self) -> None:
        """Keep the crew complete; every other worker is born to die at some step."""
        while True:
            for worker in [one for one in self.workers if not one.alive]:
                self.workers.remove(worker)
                code = worker.process.returncode
                self.story.note("killed" if code in (137, -9) else f"ended:{code}")
            while len(self.workers) < self.plan.workers:
                self.workers.append(self._start())
            await asyncio.sleep(0.2)

    def _start(self) -> Worker:
        self.story.note("started")
        if self.chance.random() < 0.5:
            step = self.chance.choice(BREAKABLE)
            often = step in {Step.COMMITTING, Step.COMMITTED}
            passing = self.chance.randint(1, 60 if often else 12)
            return self.crew.start(PAPERS_FAILPOINT=f"{step}=kill@{passing}")
        if self.plan.kind == "sqlite" and self.chance.random() < 0.1:
            self.story.note("disk-full")
            return self.crew.start(PAPERS_FAILPOINT="store.opened=pages:8@*")
        return self.crew.start()

    async def _kill(self) -> None:
        """kill -9, SIGSTOP past the lease, SIGTERM; the frozen are woken again."""
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / self.plan.kill_every))
            for worker, until in list(self.frozen):
                if time.monotonic() > until:
                    self.frozen.remove((worker, until))
                    worker.signal(signal.SIGCONT)
            frozen = [worker for worker, _ in self.frozen]
            awake = [one for one in self.workers if one not in frozen and one.is_at_work]
            if not awake:
                continue
            victim, dice = self.chance.choice(awake), self.chance.random()
            if dice < 0.12 and len(self.frozen) < self.plan.workers - 1:
                victim.signal(signal.SIGSTOP)
                self.frozen.append((victim, time.monotonic() + LEASE_S * self.chance.uniform(1, 2)))
                self.story.note("frozen")
            elif dice < 0.2:
                victim.signal(signal.SIGTERM)
                self.story.note("stopped")
            else:
                victim.signal(signal.SIGKILL)

    async def _spoil_platforms(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / 4))
            self.platforms.misbehave()
            self.story.note("platform-fault")

    async def _spoil_database(self) -> None:
        while True:
            await asyncio.sleep(self.chance.expovariate(1 / 15))
            what = await self.base.misfortune(self.chance)
            self.story.note("database-fault")
            self.story.note(what.replace(" ", "-"))

    async def _drain(self, expected: int) -> bool:
        """Mend everything and wait until all is shown, or it is clear that it never will be."""
        self.platforms.mend()
        for worker in self.workers:
            worker.kill()
        self.workers = [self.crew.start() for _ in range(2)]
        give_up = time.monotonic() + DRAIN_S
        while time.monotonic() < give_up:
            for worker in [one for one in self.workers if not one.alive]:
                self.workers.remove(worker)
                self.workers.append(self.crew.start())
            told = self.platforms.papers_shown() + self.platforms.papers_counted()
            if told >= expected and await self._idle():
                return True
            await asyncio.sleep(1)
        return False

    async def _idle(self) -> bool:
        async with open_store(self.base.url) as store:
            with contextlib.suppress(BotError):
                figures = await store.upkeep.figures()
                return not sum(figures.depth.values())
        return False

    async def _finish(self) -> None:
        """End the crew as an operator would, and see that it goes."""
        for worker in self.workers:
            worker.signal(signal.SIGTERM)
        for worker in self.workers:
            code = await asyncio.to_thread(worker.process.wait, 30)
            self.story.note("drained" if code == 0 else f"ended:{code}")

    def _verdict(self, expected: int, drained: bool) -> dict[str, Any]:
        record = self.folder / "record.json"
        self.platforms.write_record(record)
        line = [
            sys.executable, "-m", "tests.chaos.audit", self.base.plain_url, str(record),
            str(self.folder), self.platforms.slack.bot_token, self.platforms.discord.token,
        ]  # fmt: skip
        found = json.loads(subprocess.run(line, check=True, capture_output=True).stdout)
        return {
            "chaos": self.plan.kind,
            "seed": self.plan.seed,
            "seconds": round(self.story.seconds),
            "kills": self.story.counts["killed"],
            "expected": expected,
            "drained": drained,
            **found,
            "done": dict(sorted(self.story.counts.items())),
        }


async def chaos(plan: Plan, folder: Path) -> dict[str, Any]:
    """One run; its verdict, with `broken_count` empty when every invariant held."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(plan.seed + 1)
    with database(plan.kind, folder) as base:
        async with Platforms(chance, slack=plan.slack, discord=plan.discord) as platforms:
            return await Chaos(plan, folder, base, platforms).run()


__all__ = ["Chaos", "Plan", "Room", "chaos"]
