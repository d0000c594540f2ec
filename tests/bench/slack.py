"""One `papers run` on the full index behind a local Slack: 50 commands a second while digests go out.

`acknowledged`: from the command leaving Slack to its acknowledgement. `answered`: to the answer in
the person's client, for `/papers alignment` alone and then under that load. The people sit in many
workspaces, for nobody may ask more than ten times a minute, and no workspace more than sixty times.
"""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from typing import Any

from adapters.clock import SystemClock
from adapters.store import open_store
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.subscription import Channel as Place
from bot.model.subscription import Platform
from tests.bench.importing import COMMAND, PAPERS, papers
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SlackServer, User
from tests.servers.slack.world import Channel

Seat = tuple[Channel, str]

PER_SECOND = 50
SECONDS = 20
ALONE = 100
CHANNELS = 100
WORKSPACES, PEOPLE = 40, 5
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
        await _subscribe(environ["DATABASE_URL"], slack.home.id, channels)
        seats = cycle(_seats(slack))
        null = asyncio.subprocess.DEVNULL
        bot = await asyncio.create_subprocess_exec(
            *COMMAND, "run", env=environ, stdout=null, stderr=null
        )
        try:
            await slack.sockets.wait_for(1, seconds=60)
            alone = [await _answered(slack, "alignment", next(seats)) for _ in range(ALONE)]
            posted = sum(len(channel.messages) for channel in channels)
            # In a thread: were this Slack silent meanwhile, the bot would open another socket.
            import_beside = asyncio.create_task(asyncio.to_thread(_announce, folder))
            acked, answered, unacked = await _load(slack, seats)
            await import_beside
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


async def _subscribe(url: str, workspace: str, channels: list[Channel]) -> None:
    """One order for each channel, made by nobody in particular, whom no limit holds up."""
    async with open_store(url) as store:
        desk = Desk(store, SystemClock())
        for channel in channels:
            asker = Asker(channel=Place(Platform.SLACK, workspace, channel.id))
            line = "subscribe alignment OR model every:instant top:10 name:all"
            made = await desk.ask(asker, line)
            if "Subscribed" not in getattr(made.private, "heading", ""):
                raise AssertionError(made)


def _seats(slack: SlackServer) -> list[Seat]:
    """Somebody in a channel of each of many workspaces, then the next person there, and so on."""
    seats = []
    for number in range(PEOPLE):
        for place in range(WORKSPACES):
            team_id = f"T0BENCH{place:03}"
            if team_id not in slack.workspaces:
                team = slack.add_workspace(team_id, f"bench-{place}", f"xoxb-bench-{place}")
                slack.add_channel("papers", f"C0BENCH{place:03}", workspace=team)
            team = slack.workspaces[team_id]
            user = f"U0BENCH{place:03}{number}"
            team.users[user] = User(user, user, tz="UTC")
            seats.append((team.channels[f"C0BENCH{place:03}"], user))
    return seats


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


async def _load(slack: SlackServer, seats: Iterator[Seat]) -> tuple[list[float], list[float], int]:
    acked: list[float] = []
    answered: list[float] = []
    missed = 0

    async def one(number: int) -> None:
        nonlocal missed
        line = LINES[number % len(LINES)]
        started = time.perf_counter()
        channel, user = next(seats)
        outcome = await slack.people.slash(line, channel=channel, user=user, expect=0)
        if not outcome.acked:
            missed += 1
            return
        acked.append(outcome.seconds)
        if line == "alignment":
            _check(await outcome.wait_for(1, seconds=30))
            answered.append(time.perf_counter() - started)

    async with asyncio.TaskGroup() as tasks:
        began = time.perf_counter()
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            tasks.create_task(one(number))
    return acked, answered, missed


async def _answered(slack: SlackServer, line: str, seat: Seat) -> float:
    channel, user = seat
    started = time.perf_counter()
    outcome = await slack.people.slash(line, channel=channel, user=user)
    spent = time.perf_counter() - started
    _check(outcome)
    return spent


def _check(outcome: Any) -> None:
    """An answer that only says to wait would be quick, and worth nothing."""
    if "papers" not in outcome.shown[0] or "no faster" in outcome.shown[0]:
        raise AssertionError(outcome.shown)


def _cuts(seconds: list[float]) -> dict[str, Any]:
    cuts = quantiles([one * 1000 for one in seconds], n=100)
    named = {"p50_ms": cuts[49], "p95_ms": cuts[94], "p99_ms": cuts[98]}
    return {**{name: round(value, 1) for name, value in named.items()}, "runs": len(seconds)}
