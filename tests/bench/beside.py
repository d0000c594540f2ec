"""How long an `instant` post takes beside an import, and beside imported papers not yet matched.

A `papers run` of its own, with 1,000 daily subscriptions and one `instant` one in a terminal
channel. Every two seconds another process stores one paper as announced by a source.
`stored_s`: until that was done; `posted_s`: from then until the paper is shown.
"""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from adapters.clock import SystemClock
from adapters.store import open_store
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.paper import Announcements, Event, Metrics, Paper, Sighting
from bot.model.subscription import Channel, Platform
from tests.bench.importing import COMMAND, PAPERS
from tests.bench.outbox import ENGINES, database
from tests.bench.workload import Filters, topics, workload

SUBSCRIPTIONS = 1_000
EVERY_S = 2.0
WORD = "zyzzyva"
SOURCE = "hf_daily"
WITHIN_S = 120
ALONE = 8


def run(corpus: Path) -> Iterator[dict[str, Any]]:
    texts = Filters(workload(corpus), topics(corpus)).subscriptions(SUBSCRIPTIONS)
    for engine in ENGINES:
        with database(engine) as url:
            asyncio.run(_subscribe(url, texts))
            for figure in asyncio.run(_measure(url, corpus / PAPERS)):
                yield {"engine": engine, **figure}


async def _subscribe(url: str, texts: list[str]) -> None:
    async with open_store(url) as store:
        desk = Desk(store, SystemClock())
        for number, text in enumerate(texts):
            asker = Asker(channel=Channel(Platform.TERMINAL, "", f"c{number}"), member="")
            await desk.ask(asker, f"subscribe {text} every:daily at:03:00")
        asker = Asker(channel=Channel(Platform.TERMINAL, "", "lab"), member="")
        await desk.ask(asker, f"subscribe {WORD} every:instant")


async def _measure(url: str, file: Path) -> list[dict[str, Any]]:
    async with _bot(url) as shown, open_store(url) as store:
        probe = _Probe(store, shown)
        found = [await probe.while_(asyncio.sleep(ALONE * EVERY_S), "alone")]
        importing = await asyncio.create_subprocess_exec(
            *COMMAND, "import", str(file), env={**os.environ, "DATABASE_URL": url},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        began = time.monotonic()
        found.append(await probe.while_(importing.wait(), "beside an import"))
        found[-1]["import_s"] = round(time.monotonic() - began, 1)
        waiting = (await store.upkeep.status()).unplanned
        found.append(await probe.while_(_all_matched(store), "beside what waits to be matched"))
        found[-1] |= {"waited": waiting}
        return found


async def _all_matched(store: Any) -> None:
    while (await store.upkeep.status()).unplanned:
        await asyncio.sleep(0.5)


class _Probe:
    def __init__(self, store: Any, shown: dict[str, float]) -> None:
        self._store, self._shown, self._count = store, shown, 0

    async def while_(self, something: Any, what: str) -> dict[str, Any]:
        times: dict[str, tuple[float, float]] = {}
        async with asyncio.TaskGroup() as tasks:
            over = tasks.create_task(something)
            while not over.done():
                self._count += 1
                title = f"On {WORD} {self._count:04}"
                began = time.monotonic()
                await self._announce(title)
                times[title] = (began, time.monotonic())
                await asyncio.sleep(max(0, began + EVERY_S - time.monotonic()))
        give_up = time.monotonic() + WITHIN_S
        while times.keys() - self._shown.keys():
            if time.monotonic() > give_up:
                raise TimeoutError(
                    f"not shown within {WITHIN_S} s: {times.keys() - self._shown.keys()}"
                )
            await asyncio.sleep(0.05)
        stored = [stored - began for began, stored in times.values()]
        posted = [self._shown[title] - stored for title, (_, stored) in times.items()]
        return {
            "what": what,
            "papers": len(times),
            **_figures("stored", stored),
            **_figures("posted", posted),
        }

    async def _announce(self, title: str) -> None:
        now = datetime.now(UTC)
        number = f"{now:%y%m}.{self._count:05}"
        paper = Paper(
            key=f"arxiv:{number}", ids=(f"arxiv:{number}",), url=f"https://arxiv.org/abs/{number}",
            title=title, abstract="A weevil.", authors=("Ann Lee",), categories=("cs.CL",),
            version=1, metrics=Metrics(),
        )  # fmt: skip
        said = Sighting(paper=paper, event=Event.LISTED, on=now.date())
        await self._store.papers.save(
            SOURCE, Announcements(sightings=(said,)), now=now, late_before=None
        )


def _figures(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name}_s": round(median(seconds), 2), f"{name}_most_s": round(max(seconds), 2)}


@asynccontextmanager
async def _bot(url: str) -> AsyncIterator[dict[str, float]]:
    """When each paper was shown first, by its title."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "DATABASE_URL": url, "PORT": str(port), "PAPERS_SOURCES": "none"}
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "run", env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    shown: dict[str, float] = {}

    async def read() -> None:
        while line := await process.stdout.readline():
            if WORD in (text := line.decode()):
                at = text.index(f"On {WORD}") if f"On {WORD}" in text else -1
                if at >= 0:
                    shown.setdefault(text[at : at + len(f"On {WORD} 0000")], time.monotonic())

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(read())
        try:
            await asyncio.sleep(5)
            yield shown
        finally:
            process.terminate()
            await process.wait()
