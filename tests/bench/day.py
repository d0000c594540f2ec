"""One day's work in a fresh process: `python -m tests.bench.day DATABASE_URL PAPERS DIGESTS`.

PAPERS: a pickle, of our own making, of the papers of two days."""

import asyncio
import json
import pickle
import sys
import time
from datetime import timedelta
from pathlib import Path

import psutil

from adapters.clock import VirtualClock
from adapters.slack.render import render as slack_pages
from adapters.store import open_store
from bot.engine.compose import compose
from bot.engine.plan import Planner
from bot.model.paper import Announcements, Event, Sighting
from bot.model.subscription import Platform
from tests.bench.workload import NOW

SOURCE = "arxiv_rss:cs.CL"


async def day(url: str, papers: Path, digests: int) -> dict:
    async with open_store(url) as store:
        incoming = pickle.loads(papers.read_bytes())
        clock = VirtualClock(NOW - timedelta(hours=2))
        await _announce(store, incoming[: len(incoming) // 2])
        planner = Planner(store, clock)
        started = time.perf_counter()
        # The papers of the day before are met while the index is built: a cold start.
        await planner.plan()
        figures = {"cold_start_and_first_day_s": round(time.perf_counter() - started, 2)}
        await _announce(store, incoming[len(incoming) // 2 :])
        started, used = time.perf_counter(), time.process_time()
        hits = await planner.plan()
        figures |= {
            "papers": len(incoming) // 2,
            "hits": hits,
            "matched_and_stored_s": round(time.perf_counter() - started, 2),
            "matched_and_stored_cpu_s": round(time.process_time() - used, 2),
            "resident_mb_after_matching": round(psutil.Process().memory_info().rss / 1e6),
        }
        clock.move_to(NOW)
        started, used = time.perf_counter(), time.process_time()
        composed = await compose(store, {Platform.SLACK: slack_pages}, clock)
        spent = time.perf_counter() - started
        owed = (await store.upkeep.figures()).depth
        return (
            figures
            | {
                "digests": composed,
                "messages": sum(owed.values()),
                "digests_per_s": round(composed / spent),
                "digests_per_cpu_s": round(composed / (time.process_time() - used)),
                "resident_mb": round(psutil.Process().memory_info().rss / 1e6),
                "most_resident_mb": _most(),
            }
            | ({} if composed == digests else {"problem": f"{digests} were due"})
        )


def _most() -> int:
    with Path("/proc/self/status").open() as lines:
        return next(int(line.split()[1]) // 1000 for line in lines if line.startswith("VmHWM"))


async def _announce(store, papers) -> None:
    sightings = tuple(Sighting(paper=one, event=Event.NEW, on=NOW.date()) for one in papers)
    await store.papers.save(
        SOURCE, Announcements(sightings=sightings), now=NOW - timedelta(hours=3), late_before=None
    )


def main() -> None:
    url, papers, digests = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(day(url, Path(papers), int(digests)))) + "\n")


if __name__ == "__main__":
    main()
