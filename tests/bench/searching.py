"""`/papers …` from the typed line to the rendered Slack answer, over the full index on SQLite.

Every request is a new event of a new member of a new workspace, so that all of it is done each
time: the event noted, the command counted, nothing refused.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import quantiles

from adapters.clock import SystemClock
from adapters.slack.render import render
from adapters.store import migrate, open_store
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.subscription import Channel, Platform
from tests.bench.importing import PAPERS, papers

CLASSES = {
    "one broad word": ["alignment", "learning", "model", "language", "diffusion", "reasoning"],
    "one rare word": ["handlebody", "stellarator", "sarcasm", "zebrafish", "cryptanalysis"],
    "two words": ["reward model", "robot manipulation", "graph neural", "speech emotion"],
    "a phrase": ['"reward model"', '"reinforcement learning"', '"large language model"'],
    "a word with a category": ["alignment cat:cs.CL", "graph cat:cs.LG", "robot cat:cs.RO"],
}
ROUNDS = 30


def run(corpus: Path) -> Iterator[dict]:
    with tempfile.TemporaryDirectory() as folder:
        papers(Path(folder), "import", str(corpus / PAPERS))
        yield from asyncio.run(_measure(f"sqlite:///{folder}/bench.db"))


async def _measure(url: str) -> list[dict]:
    migrate(url)
    figures = []
    numbers = count(1)
    async with open_store(url) as store:
        desk = Desk(store, SystemClock())
        for name, lines in CLASSES.items():
            spent = []
            for _ in range(ROUNDS):
                for line in lines:
                    number = next(numbers)
                    channel = Channel(Platform.SLACK, f"T{number:08}", "C00000001")
                    asker = Asker(channel=channel, member="U00000001")
                    started = time.perf_counter()
                    answer = await desk.ask(asker, line, event=f"trigger {number}")
                    assert answer.private is not None
                    render(answer.private)
                    spent.append((time.perf_counter() - started) * 1000)
            cuts = quantiles(spent, n=20)
            figures.append(
                {
                    "what": name,
                    "p50_ms": round(cuts[9], 2),
                    "p95_ms": round(cuts[18], 2),
                    "runs": len(spent),
                }
            )
    return figures
