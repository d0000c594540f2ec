"""All recorded listing days, with the days of Daily Papers among them, for 1,000 subscriptions.

The whole bot in virtual time: reading, saving, matching, composing, posting. That nothing comes
twice is looked at in every channel; a sample of channels is audited against the reference
evaluator, and what that takes is not counted.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from adapters.store import migrate, open_store
from tests.replay.audit import Audit, Heard
from tests.replay.orders import orders
from tests.replay.playing import Replay, check
from tests.replay.records import listing_days, readings

SUBSCRIPTIONS = 1_000
AUDITED = 20
"""Subscriptions whose every digest is checked, of every kind there is."""


def run(corpus: Path) -> Iterator[dict]:
    yield asyncio.run(measure(corpus / "data", SUBSCRIPTIONS, AUDITED))


async def measure(data: Path, subscriptions: int, audited: int) -> dict:
    days = listing_days(data)
    since, until = min(days) - timedelta(days=1), max(days)
    past = readings(data, since, until)
    start = datetime.combine(since, clock_time(), UTC)
    end = datetime.combine(until + timedelta(days=1), clock_time(), UTC)
    standing = orders(data, subscriptions, start)
    audit, heard = Audit(standing[:audited]), Heard()
    seen: set[tuple[str, str]] = set()
    posts = shown = 0
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/replay.db"
        migrate(url)
        async with open_store(url) as store:
            replay = Replay(store, past, start, end)
            await replay.begin(standing)
            # The recorded months lie in the memory of this program; a bot does not hold them.
            gc.collect()
            gc.freeze()
            wall, cpu = time.perf_counter(), time.process_time()
            spent = [0.0, 0.0]
            async for moment in replay.play():
                outside = time.perf_counter(), time.process_time()
                for room, messages in moment.posted.items():
                    posts += len(messages)
                    papers = [(room, key) for one in messages for key in one.papers]
                    shown += len(papers)
                    seen.update(papers)
                await check(moment, audit, heard, store)
                spent[0] += time.perf_counter() - outside[0]
                spent[1] += time.process_time() - outside[1]
            wall = time.perf_counter() - wall - spent[0]
            cpu = time.process_time() - cpu - spent[1]
            papers_stored = (await store.upkeep.status()).papers
    problems = audit.failures[:3] + ([] if len(seen) == shown else ["a paper came twice"])
    return {
        "listing_days": len(days),
        "subscriptions": len(standing),
        "announcements": sum(len(one.sightings) for one in past),
        "papers": papers_stored,
        "posts": posts,
        "papers_shown": shown,
        "shown_twice": shown - len(seen),
        "audited_subscriptions": audited,
        "audited_matches": audit.matched,
        "seconds": round(wall, 1),
        "cpu_s": round(cpu, 1),
    } | ({"problem": "; ".join(problems)} if problems else {})
