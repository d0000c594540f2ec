"""`preview` over 14 days of 5,000 papers, from narrow filters to those that match all of them.

Each figure is one preview as a person gets it, rendered for Slack: the first of its filter in this
process, so that no paper is folded yet, and the best of the next ones.
"""

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.slack.render import render
from adapters.store import migrate, open_store
from bot.commands.answers import previewed
from bot.commands.previewing import PreviewReport, preview, trial
from bot.model.command import Preview
from bot.model.paper import Announcements, Event, Sighting
from bot.model.record import IMPORT
from bot.model.subscription import Channel, Platform
from bot.ports import Store
from bot.rules.document import folded
from tests.bench.workload import NOW, workload

DAYS, PAPERS, OLDER = 14, 5_000, 15_000
CHANNEL = Channel(Platform.SLACK, "T00000001", "C00000001")
FILTERS = (
    "zebrafish",
    '"reward model" | rlhf',
    "title:graph cat:cs.LG",
    "upvotes:>=5 agent",
    "diffusion",
    "alignment -survey",
    "agent | reasoning -survey",
    "language model",
    "cat:cs.CV",
    "model",
    "the",
    "learning | model",
    "-survey cat:cs.*",
    "author:wang",
    "author:(wang|li|zhang|chen)",
    "transform*",
    "=agent",
    "=agents | =models",
    '"language model"~3',
    '"model learning"~8',
    'model -"language model"~3',
    "since:7d model",
    "lang:en",
    "code:no model",
    'llm | rlhf | vla | gnn | rl | "neural network" | transformer | diffusion | agent | benchmark',
    "method | model | data | learning | network | approach | result | propose | task | paper | based",
)
AGAIN = 5


def run(corpus: Path) -> Iterator[dict]:
    yield from asyncio.run(_measure(corpus))


async def _measure(corpus: Path) -> list[dict]:
    load = workload(corpus)
    papers = [*load.others, *load.incoming]
    papers = [one for one in papers if one.key.startswith("arxiv:")][-PAPERS - OLDER :]
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/preview.db"
        migrate(url)
        async with open_store(url) as store:
            today = NOW.date()
            told = [
                Sighting(
                    paper=one,
                    event=Event.NEW,
                    on=today - timedelta(days=_age(number)),
                )
                for number, one in enumerate(papers)
            ]
            await store.papers.save(
                IMPORT, Announcements(sightings=tuple(told)), now=NOW, late_before=None
            )
            # What the bench itself holds, all papers of the corpus, is no part of a preview.
            gc.collect()
            gc.freeze()
            for text in FILTERS:
                figures.append(await _previewed(store, text))
                folded.cache_clear()
    return figures


async def _previewed(store: Store, text: str) -> dict:
    tried = trial(Preview(filter=text), CHANNEL, "UTC")

    async def once() -> tuple[float, float, PreviewReport]:
        wall, cpu = time.perf_counter(), time.process_time()
        report = await preview(store, tried, DAYS, NOW.date())
        render(previewed(report))
        return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, report

    first_wall, first_cpu, report = await once()
    again = [await once() for _ in range(AGAIN)]
    return {
        "filter": text,
        "matches": report.matches,
        "scanned": report.scanned,
        "first_ms": round(first_wall, 1),
        "first_cpu_ms": round(first_cpu, 1),
        "again_ms": round(min(wall for wall, _, _ in again), 1),
        "again_cpu_ms": round(min(cpu for _, cpu, _ in again), 1),
    }


def _age(number: int) -> int:
    """The newest papers spread over the days that are looked at, the older ones before them."""
    place = number - OLDER
    return DAYS - 1 - place * DAYS // PAPERS if place >= 0 else DAYS + 1 - place // 500
