"""A small bot in real processes: one Slack channel, one order, a database."""

import asyncio
import random
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from adapters.store import migrate, open_store
from tests.chaos.databases import database
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms
from tests.chaos.workers import Crew


class Bench:
    """What a test of processes needs."""

    def __init__(self, platforms, crew, store, load):
        self.platforms, self.crew, self.store, self.load = platforms, crew, store, load

    def shown(self) -> int:
        return self.platforms.papers_shown()

    def messages(self) -> int:
        return self.platforms.visible()

    async def until(self, true, seconds=40.0):
        give_up = time.monotonic() + seconds
        while not true():
            if time.monotonic() > give_up:
                logs = "\n".join(one.text()[-1500:] for one in self.crew.started[-3:])
                raise AssertionError(
                    f"it did not happen within {seconds} s; the last logs:\n{logs}"
                )
            await asyncio.sleep(0.05)

    async def ended(self, worker, seconds=40.0) -> int:
        await self.until(lambda: not worker.alive, seconds)
        return worker.process.returncode

    async def idle(self):
        for _ in range(600):
            if not sum((await self.store.upkeep.figures()).depth.values()):
                return
            await asyncio.sleep(0.1)
        raise AssertionError("messages are left")


@asynccontextmanager
async def a_bench(folder: Path, url: str, *, lease: float = 3.0, slack: int = 1, discord: int = 0):
    """Both platforms, a database and an order in each channel; no process yet."""
    migrate(url)
    async with (
        Platforms(random.Random(1), slack=slack, discord=discord) as platforms,
        open_store(url) as store,
    ):
        environ = {"DATABASE_URL": url, "PAPERS_LEASE_S": str(lease), **platforms.environ}
        with Crew(folder, environ, quick=True) as crew:
            load = Load(store, random.Random(1))
            await load.subscribe([room.name for room in platforms.rooms])
            yield Bench(platforms, crew, store, load)


@pytest.fixture
async def bench(tmp_path):
    async with a_bench(tmp_path, f"sqlite:///{tmp_path}/bench.db") as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def both(tmp_path, request):
    """A channel on Slack and one on Discord, on one engine and then on the other."""
    with database(request.param, tmp_path) as base:
        async with a_bench(tmp_path, base.url, discord=1) as made:
            yield made
