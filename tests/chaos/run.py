"""One chaos run: real workers, a real database, two platforms, and everything that can go wrong.

Papers are announced all the while, workers are killed, frozen and stopped, the platforms and the
database fail. Then all is mended and the bot gets time to finish; known faults then show whether
people are told of them; and the auditor judges.
"""

import asyncio
import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from adapters.store import SqlStore, migrate, open_store
from bot.model.errors import BotError
from tests.chaos.databases import PostgresServer, SqliteFile, database
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms
from tests.chaos.telling import Telling
from tests.chaos.trouble import Plan, Story, Trouble
from tests.chaos.workers import Crew, Worker

DRAIN_S = 900.0


class Chaos:
    """Everything of one run."""

    def __init__(
        self, plan: Plan, folder: Path, base: SqliteFile | PostgresServer, platforms: Platforms
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.base = base
        self.platforms = platforms
        self.story = Story()
        environ = {
            "DATABASE_URL": base.url,
            "PAPERS_LEASE_S": str(plan.lease),
            **platforms.environ,
        }
        self.crew = Crew(folder, environ, quick=True)

    async def run(self) -> dict[str, Any]:
        """Break things until the plan is met, mend them, wait, and let the auditor judge."""
        chance = random.Random(self.plan.seed)
        migrate(self.base.url)
        with self.crew:
            async with open_store(self.base.url, keys=self.platforms.keys) as store:
                await self.platforms.install(store)
                load = Load(store, chance)
                await load.subscribe([room.name for room in self.platforms.rooms])
                trouble = Trouble(
                    self.plan, self.story, self.crew, self.platforms, self.base, chance
                )
                await trouble.make(load, store)
                broke_for = self.story.seconds
                self.platforms.mend()
                drained = await self._drain(load, store)
                telling = Telling(self.crew, self.platforms, self.base)
                untold = await telling.untold(load, store)
                drained = drained and await self._drain(load, store)
        verdict = self._verdict(load.expected, untold, drained=drained)
        return verdict | {"broke_s": round(broke_for), "worker_peak_mb": telling.peak_mb}

    async def _drain(self, load: Load, store: SqlStore) -> bool:
        """Wait until all is shown, or it is clear that it never will be; then stop the workers."""
        workers = [self.crew.start() for _ in range(2)]
        give_up = time.monotonic() + DRAIN_S
        drained = False
        while not drained and time.monotonic() < give_up:
            for worker in [one for one in workers if not one.alive]:
                self.story.note(f"ended:{worker.process.returncode}")
                workers.remove(worker)
                workers.append(self.crew.start())
            await asyncio.sleep(0.5)
            drained = await _idle(store) and self._all_told(load.expected)
        await self._stop(workers)
        return drained

    def _all_told(self, expected: int) -> bool:
        return self.platforms.papers_shown() + self.platforms.papers_counted() >= expected

    async def _stop(self, workers: list[Worker]) -> None:
        """End the crew as an operator would, and see that it goes."""
        for worker in workers:
            worker.signal(signal.SIGTERM)
        for worker in workers:
            code = await asyncio.to_thread(worker.process.wait, 30)
            self.story.note("drained" if code == 0 else f"ended:{code}")

    def _verdict(self, expected: int, untold: list[str], *, drained: bool) -> dict[str, Any]:
        record = self.folder / "record.json"
        self.platforms.write_record(record, untold)
        line = [
            sys.executable, "-m", "tests.chaos.audit", self.base.plain_url, str(record),
            str(self.folder), *self.platforms.secrets(),
        ]  # fmt: skip
        found = json.loads(subprocess.run(line, check=True, stdout=subprocess.PIPE).stdout)
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


async def _idle(store: SqlStore) -> bool:
    with contextlib.suppress(BotError):
        return not sum((await store.upkeep.figures()).depth.values())
    return False


async def chaos(plan: Plan, folder: Path) -> dict[str, Any]:
    """One run; its verdict, with `broken_count` empty when every invariant held."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(plan.seed + 1)
    with database(plan.kind, folder) as base:
        async with Platforms(
            chance, slack=plan.slack, discord=plan.discord, workspaces=plan.workspaces
        ) as platforms:
            return await Chaos(plan, folder, base, platforms).run()
