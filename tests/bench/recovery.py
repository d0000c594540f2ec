"""`kill -9` of the only worker in the middle of its work: how long until the next post.

A second worker is started at once, as a supervisor would. `next_post_s`: from the kill to the next
message in any channel; `all_settled_s`: until every message is posted, those that the dead worker
had in hand included. Both with the lease as it is shipped.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.store import migrate, open_store
from bot.engine.deliver import LEASE
from tests.chaos.databases import database
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms
from tests.chaos.workers import Crew

CHANNELS = 200
BEFORE = 40
"""Messages that are visible when the worker is killed."""

WITHIN_S = 600


def run(corpus: Path) -> Iterator[dict[str, Any]]:
    del corpus  # the papers are made up
    for kind in ("sqlite", "postgres"):
        with tempfile.TemporaryDirectory() as folder:
            yield {"engine": kind, **asyncio.run(_measure(kind, Path(folder)))}


async def _measure(kind: str, folder: Path) -> dict[str, Any]:
    with database(kind, folder) as base:
        migrate(base.url)
        async with (
            Platforms(random.Random(1), slack=CHANNELS, discord=0) as platforms,
            open_store(base.url) as store,
        ):
            with Crew(folder, {"DATABASE_URL": base.url, **platforms.environ}) as crew:
                load = Load(store, random.Random(1))
                await load.subscribe([room.name for room in platforms.rooms])
                await load.announce_to_all()
                first = crew.start()
                await _until(lambda: platforms.visible() >= BEFORE)
                first.kill()
                killed, seen = time.monotonic(), platforms.visible()
                crew.start()
                await _until(lambda: platforms.visible() > seen)
                next_post = time.monotonic() - killed
                await _until(lambda: platforms.papers_shown() >= load.expected)
                return {
                    "lease_s": LEASE.total_seconds(),
                    "next_post_s": round(next_post, 1),
                    "all_settled_s": round(time.monotonic() - killed, 1),
                    "channels": CHANNELS,
                    "repeated": len(platforms.papers_repeated()),
                }


async def _until(true) -> None:
    give_up = time.monotonic() + WITHIN_S
    while not true():
        if time.monotonic() > give_up:
            raise TimeoutError(f"it did not happen within {WITHIN_S} s")
        await asyncio.sleep(0.02)
