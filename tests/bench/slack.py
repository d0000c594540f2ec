"""One `papers run` on the full index behind a local Slack: 50 commands a second while digests go out.

`acknowledged`: from the command leaving Slack to its acknowledgement. `answered`: to the answer in
the person's client, for `/papers alignment` alone and then under that load.
"""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.bench.importing import COMMAND, PAPERS, papers
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer

PER_SECOND = 50
SECONDS = 20
ALONE = 100
CHANNELS = 100
LINES = ("alignment", "reward model", "list", "status", "help", "2403.09472", "why 2403.09472")


def run(corpus: Path) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        papers(Path(folder), "import", str(corpus / PAPERS))
        yield from asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> list[dict[str, Any]]:
    async with SlackServer(channel_pace=None) as slack:
        environ = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "PAPERS_SOURCES": "none",
            "PORT": "0",
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_API_URL": slack.api_url,
        }
        channels = [slack.add_channel(f"c{number}") for number in range(CHANNELS)]
        null = asyncio.subprocess.DEVNULL
        bot = await asyncio.create_subprocess_exec(
            *COMMAND, "run", env=environ, stdout=null, stderr=null
        )
        try:
            await slack.sockets.wait_for(1, seconds=60)
            for channel in channels:
                line = "subscribe alignment OR model every:instant top:10 name:all"
                await slack.people.slash(line, channel=channel)
            alone = [await _answered(slack, "alignment") for _ in range(ALONE)]
            _announce(folder)
            posted = sum(len(channel.messages) for channel in channels)
            acked, answered, unacked = await _load(slack)
            digests = sum(len(channel.messages) for channel in channels) - posted
        finally:
            bot.terminate()
            await bot.wait()
    return [
        {"what": "answered, /papers alignment alone", **_cuts(alone)},
        {
            "what": f"acknowledged, {PER_SECOND} a second while digests go out",
            **_cuts(acked),
            "not_within_3_s": unacked,
            "digests_posted_meanwhile": digests,
        },
        {"what": "answered, /papers alignment under that load", **_cuts(answered)},
    ]


def _announce(folder: Path) -> None:
    """New papers for every channel, imported by a process of its own beside the running bot."""
    file = folder / "new.jsonl"
    records = (
        {
            "id": f"2611.{number:05}",
            "title": f"Alignment of model {number}",
            "abstract": "We align models.",
            "authors": ["Emmy Noether"],
            "categories": ["cs.CL"],
            "published": "2026-11-24",
        }
        for number in range(1, 201)
    )
    file.write_text("\n".join(json.dumps(one) for one in records))
    papers(folder, "import", str(file))


async def _load(slack: SlackServer) -> tuple[list[float], list[float], int]:
    acked: list[float] = []
    answered: list[float] = []
    missed = 0

    async def one(number: int) -> None:
        nonlocal missed
        line = LINES[number % len(LINES)]
        started = time.perf_counter()
        outcome = await slack.people.slash(line, expect=0)
        if not outcome.acked:
            missed += 1
            return
        acked.append(outcome.seconds)
        if line == "alignment":
            await outcome.wait_for(1, seconds=30)
            answered.append(time.perf_counter() - started)

    async with asyncio.TaskGroup() as tasks:
        began = time.perf_counter()
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            tasks.create_task(one(number))
    return acked, answered, missed


async def _answered(slack: SlackServer, line: str) -> float:
    started = time.perf_counter()
    await slack.people.slash(line)
    return time.perf_counter() - started


def _cuts(seconds: list[float]) -> dict[str, Any]:
    cuts = quantiles([one * 1000 for one in seconds], n=100)
    named = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98]}
    return {**{name: round(value, 1) for name, value in named.items()}, "runs": len(seconds)}
