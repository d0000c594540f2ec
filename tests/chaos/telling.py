"""I8: whatever fails shows in `papers status` and in a metric.

With the queue empty, known faults hit known channels, one each, and one channel refuses for good.
The worker that met them is asked for its metrics, then killed; `papers status` and the metrics of
another process are set against the database, which stands still meanwhile.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp

from adapters.clock import SharedClock
from adapters.store import SqlStore
from bot.rules.addresses import parse_channel
from tests.chaos.audit_told import samples
from tests.chaos.databases import PostgresServer, SqliteFile
from tests.chaos.load import Load
from tests.chaos.platforms import Platforms, Room
from tests.chaos.workers import PAPERS, Crew, Worker
from tests.servers.discord import faults as discord_faults
from tests.servers.slack import faults as slack_faults

WITHIN_S = 30.0

SLACK = (
    (slack_faults.server_error(503), "Unclear"),
    (slack_faults.reset(committed=True), "Unclear"),
    (slack_faults.garbled(), "Unclear"),
    (slack_faults.limited(1), "NotSent"),
)
DISCORD: tuple[tuple[discord_faults.Fault, str], ...] = (
    (discord_faults.Status(502), "Unclear"),
    (discord_faults.Reset(committed=True), "Unclear"),
    (discord_faults.Garbage(), "Unclear"),
    (discord_faults.Limited(0.3), "NotSent"),
)
"""Faults, and as what each has to be counted."""

ARCHIVED = "ChannelGone"


class Telling:
    """Makes things fail and writes down who was told."""

    def __init__(self, crew: Crew, platforms: Platforms, base: SqliteFile | PostgresServer) -> None:
        self._crew = crew
        self._platforms = platforms
        self._base = base
        self._expected: Counter[str] = Counter()
        self.peak_mb = 0

    async def untold(self, load: Load, store: SqlStore) -> list[str]:
        """What failed and showed nowhere; all is mended at the end."""
        worker = self._crew.start()
        port = await _port_of(worker)
        archived = self._spoil()
        await load.announce_to_all()
        page = await self._until_counted(port)
        self.peak_mb = worker.peak_mb()
        worker.kill()
        told = {
            "expected": dict(self._expected),
            "attempts": page,
            "status": await self._status(),
            "metrics": await self._metrics(),
        }
        found = await self._judged(told)
        self._platforms.mend()
        archived.place.archived = False
        await store.outbox.set_lane(
            parse_channel(archived.name), paused=None, now=SharedClock().now()
        )
        return found

    def _spoil(self) -> Room:
        slack = [room for room in self._platforms.rooms if room.platform == "slack"]
        discord = [room for room in self._platforms.rooms if room.platform == "discord"]
        for room, (fault, counted) in zip(slack[1:], SLACK, strict=False):
            fault.channel, fault.seen = room.place.id, 0
            self._platforms.slack.break_with("chat.postMessage", fault)
            self._expected[f"slack {counted}"] += 1
        for room, (problem, counted) in zip(discord, DISCORD, strict=False):
            self._platforms.discord.desk.faults.plan(
                "create_message", problem, channel=room.place.id
            )
            self._expected[f"discord {counted}"] += 1
        slack[0].place.archived = True
        self._expected[f"slack {ARCHIVED}"] += 1
        return slack[0]

    async def _until_counted(self, port: int) -> str:
        """The worker's metrics, once they count every fault or it is clear that they never will."""
        give_up = time.monotonic() + WITHIN_S
        while True:
            page = await _get(port)
            counted = attempts(page)
            if all(counted[name] >= times for name, times in self._expected.items()):
                return page
            if time.monotonic() > give_up:
                return page
            await asyncio.sleep(0.3)

    async def _status(self) -> dict[str, Any]:
        line = [PAPERS, "status", "--json"]
        done = await asyncio.to_thread(
            subprocess.run, line, env=self._crew.environment(), check=True, stdout=subprocess.PIPE
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    async def _metrics(self) -> str:
        """Those of a process that only looks: it has no tokens, and no work."""
        nothing = {name: "" for name in self._platforms.environ if name != "PAPERS_KEYS"}
        web = self._crew.start("web", **nothing)
        try:
            return await _get(await _port_of(web))
        finally:
            web.kill()

    async def _judged(self, told: dict[str, Any]) -> list[str]:
        file = self._crew.folder / "told.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        line = [
            sys.executable, "-m", "tests.chaos.audit_told", self._base.plain_url, str(file),
        ]  # fmt: skip
        done = await asyncio.to_thread(
            subprocess.run, line, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        )
        found: list[str] = json.loads(done.stdout)
        return found


def attempts(page: str) -> Counter[str]:
    """From a page of metrics: attempts to deliver, by platform and outcome."""
    found: Counter[str] = Counter()
    for labels, value in samples(page, "deliveries_total"):
        found[f"{labels['platform']} {labels['outcome']}"] += int(value)
    return found


async def _port_of(worker: Worker) -> int:
    give_up = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up:
        for line in worker.text().splitlines():
            if '"ready"' in line:
                return int(json.loads(line)["port"])
        await asyncio.sleep(0.1)
    raise AssertionError(f"it did not come up:\n{worker.text()[-2000:]}")


async def _get(port: int) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as answer,
    ):
        return await answer.text()
