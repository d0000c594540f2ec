"""A fresh process that starts from stored filter strings: `python -m tests.bench.cold FILE`.

FILE: a pickle of canonical filter texts, shares of words and papers, of our own making. Prints one
JSON object: time to start, memory, cost of one change, and how late the event loop came meanwhile.
"""

import asyncio
import gc
import json
import pickle
import random
import sys
import time
from datetime import date
from pathlib import Path

import numpy  # noqa: F401 # so that the library is not counted as the index
import psutil

from bot.engine.plan import _hits
from bot.model.paper import Event
from bot.model.record import StoredFilter, Unplanned
from bot.rules.alerts import AlertIndex

CHANGES = 2_000
TICK = 0.001


def main() -> None:
    canonical, shares, papers = pickle.loads(Path(sys.argv[1]).read_bytes())
    stored = [StoredFilter(number, text) for number, text in enumerate(canonical)]
    gc.collect()
    gc.freeze()
    before = psutil.Process().memory_info().rss
    started, cpu = time.perf_counter(), time.process_time()
    index = AlertIndex(stored, shares)
    figures = {
        "cold_start_s": round(time.perf_counter() - started, 2),
        "cold_start_cpu_s": round(time.process_time() - cpu, 2),
    }
    gc.collect()
    figures["memory_mb"] = round((psutil.Process().memory_info().rss - before) / 1e6, 1)
    gc.freeze()
    waiting = [
        Unplanned(
            id=number, paper_id=number, paper=one, source="hf_daily", event=Event.NEW, on=date.max
        )
        for number, one in enumerate(papers)
    ]
    today = max(one.announced_on for one in papers if one.announced_on)
    _hits(index, waiting, today)
    figures["longest_stall_ms"] = round(asyncio.run(_stall(index, waiting, today)) * 1e3, 1)
    figures |= _changes(index, stored)
    print(json.dumps(figures))  # noqa: T201


async def _stall(index: AlertIndex, waiting: list[Unplanned], today: date) -> float:
    """The longest the loop was late for a tick while the papers met all filters."""
    longest = 0.0
    matching = asyncio.ensure_future(asyncio.to_thread(_hits, index, waiting, today))
    while not matching.done():
        started = time.perf_counter()
        await asyncio.sleep(TICK)
        longest = max(longest, time.perf_counter() - started - TICK)
    return longest


def _changes(index: AlertIndex, stored: list[StoredFilter]) -> dict:
    """Microseconds to take out a filter, and to take in one that is parsed anew."""
    chosen = random.Random(1).sample(stored, min(CHANGES, len(stored)))
    started = time.process_time()
    for one in chosen:
        index.remove(one.id)
    removed = time.process_time()
    for one in chosen:
        index.add(one)
    added = time.process_time()
    return {
        "remove_us": round((removed - started) / len(chosen) * 1e6, 1),
        "add_us": round((added - removed) / len(chosen) * 1e6, 1),
    }


if __name__ == "__main__":
    main()
