"""Delivery: messages a second of one worker, whatever was sent before; 1,000 channels due at once.

`per_s`: of one courier with a platform that answers at once and has no limits, on a fresh outbox
and beside a million old rows. `claim_ms`: the median of one claim of one lane, at 10,000 and at
1,000,000 old rows. The figures with limits come from the local Slack and Discord, over HTTP.
"""

import asyncio
import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from adapters.clock import SystemClock
from adapters.store import open_store
from bot.engine.deliver import LEASE, Courier
from bot.model.delivery import NotSent, Posted, Receipt
from bot.model.subscription import Channel, Platform
from tests.bench import due
from tests.bench.outbox import ENGINES, add_old, database, owe_all
from tests.fakes.messenger import FakeMessenger

MESSAGES, LANES = 6_000, 300
FEW, MANY = 10_000, 1_000_000
CLAIMS = 200


class Instant(FakeMessenger):
    """Answers at once."""

    async def post(self, to: Channel, page: Any, *, marker: str, thread: str = "") -> Posted:
        return Posted(marker)


def run(corpus: Path) -> Iterator[dict]:
    del corpus  # messages are made here
    for engine in ENGINES:
        with database(engine) as url:
            yield {"engine": engine, "old_rows": 0, **asyncio.run(_throughput(url, "fresh"))}
            for old, before in ((FEW, 0), (MANY, FEW)):
                add_old(url, old - before, first=before)
                claim_ms = asyncio.run(_claims(url, f"claims {old}"))
                carried = asyncio.run(_throughput(url, f"beside {old}"))
                yield {"engine": engine, "old_rows": old, "claim_ms": claim_ms, **carried}
    for engine in ENGINES:
        for figure in (due.on_discord, due.on_slack):
            with database(engine) as url:
                yield {"engine": engine, **asyncio.run(figure(url))}


async def _throughput(url: str, name: str) -> dict[str, Any]:
    channels = [Channel(Platform.TERMINAL, "", f"{name} {n}") for n in range(LANES)]
    owe_all(url, channels, MESSAGES // LANES, pages=[{"heading": "A digest " + "x" * 2_000}])
    async with open_store(url) as store:
        messengers = {Platform.TERMINAL: Instant()}
        courier = Courier(store, messengers, SystemClock(), "bench")
        began, cpu = time.perf_counter(), _cpu()
        report = await courier.deliver()
        seconds, used = time.perf_counter() - began, _cpu() - cpu
    if report.posted != MESSAGES:
        raise AssertionError(report)
    return {
        "what": "one worker, a platform that answers at once",
        "messages": MESSAGES,
        "per_s": round(MESSAGES / seconds),
        "cpu_s": round(used, 1),
    }


async def _claims(url: str, name: str) -> float:
    """Milliseconds to claim one lane, and give it back."""
    channel = Channel(Platform.TERMINAL, "", name)
    owe_all(url, [channel], CLAIMS, pages=[{"heading": "A digest"}])
    clock, took = SystemClock(), []
    async with open_store(url) as store:
        for _ in range(CLAIMS):
            now = clock.now()
            began = time.perf_counter()
            (claimed,) = await store.outbox.claim(
                "bench", frozenset({Platform.TERMINAL}), now=now, lease=LEASE, limit=1
            )
            took.append(time.perf_counter() - began)
            outcome = NotSent("only claimed", wait=timedelta(0), limited=True)
            await store.outbox.record([Receipt(claimed, outcome, now)], now=now)
        await store.outbox.set_lane(channel, paused="measured", now=clock.now())
    return round(median(took) * 1000, 2)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
