"""Discord under load: 1,000 channels due at once, and 50 people a second who want an answer.

The whole bot runs in a process of its own, as deployed, against a local Discord that keeps the
limits. Both share this machine's cores, so the times are upper bounds.
"""

import asyncio
import contextlib
import gzip
import itertools
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.store import open_store
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.subscription import Channel, Platform
from tests.bench.importing import COMMAND
from tests.servers.discord import DiscordServer, Interaction

CHANNELS = 1_000
GUILDS = 20
"""A server has room for 200 subscriptions and 60 commands a minute, a person for 10."""

PAPERS = 3_000
PEOPLE_A_SECOND, SECONDS = 50, 20
QUERIES = ("alignment", "reward model", "graph", "diffusion -survey", "cat:cs.CL retrieval")
GLOBAL_A_SECOND = 50


def run(corpus: Path) -> Iterator[dict[str, Any]]:
    yield from asyncio.run(_measured(corpus))


async def _measured(corpus: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        async with DiscordServer() as discord:
            discord.desk.schema = None  # bodies are checked by the tests; here it would cost time
            guilds = [discord.add_guild() for _ in range(GUILDS)]
            channels = [discord.add_channel(guilds[n % GUILDS]) for n in range(CHANNELS)]
            environ = _environ(Path(folder), discord)
            await _papers(environ, "import", str(_some_papers(corpus, Path(folder))))
            await _subscribe(environ["DATABASE_URL"], channels)
            process = await asyncio.create_subprocess_exec(
                *COMMAND, "run", env=environ, stderr=asyncio.subprocess.DEVNULL
            )
            try:
                await _until(lambda: discord.commands.overwrites and discord.gateway.logins)
                await _papers(environ, "import", str(_due_paper(Path(folder))))
                await _until(lambda: any(one.messages for one in channels))
                answers = await _ask(discord, channels)
                with contextlib.suppress(TimeoutError):  # the figure then says how many came
                    await _until(lambda: all(one.messages for one in channels), seconds=60)
            finally:
                process.terminate()
                await process.wait()
            return [_posting(discord, channels), _answering(answers)]


def _environ(folder: Path, discord: DiscordServer) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
        "PAPERS_SOURCES": "none",
        "PORT": "0",
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


def _some_papers(corpus: Path, folder: Path) -> Path:
    file = folder / "some.jsonl"
    with gzip.open(corpus / "data" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        file.write_text("".join(itertools.islice(lines, PAPERS)), encoding="utf-8")
    return file


def _due_paper(folder: Path) -> Path:
    file = folder / "due.jsonl"
    record = {
        "id": "2611.99999",
        "title": "Zygomorphic rings",
        "abstract": "We count them.",
        "authors": ["Emmy Noether"],
        "categories": ["math.RA"],
        "published": datetime.now(UTC).date().isoformat(),
    }
    file.write_text(json.dumps(record))
    return file


async def _papers(environ: dict[str, str], *words: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *words, env=environ, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait() != 0:
        sys.exit(f"papers {' '.join(words)} failed")


async def _subscribe(url: str, channels: list[Any]) -> None:
    async with open_store(url) as store:
        desk = Desk(store, SystemClock())
        for number, one in enumerate(channels):
            to = Channel(Platform.DISCORD, str(one.guild_id), str(one.id))
            await desk.ask(
                Asker(channel=to, member=str(number)), "subscribe zygomorphic every:instant"
            )


async def _ask(discord: DiscordServer, channels: list[Any]) -> list[Interaction]:
    """People who do not wait for each other."""
    async with asyncio.TaskGroup() as group:
        asked = []
        for number in range(PEOPLE_A_SECOND * SECONDS):
            query, channel = QUERIES[number % len(QUERIES)], channels[number % len(channels)]
            person = discord.add_member(discord.world.guilds[channel.guild_id])
            asked.append(
                group.create_task(discord.slash(channel, person, "papers", {"query": query}))
            )
            await asyncio.sleep(1 / PEOPLE_A_SECOND)
    return [one.result() for one in asked]


def _posting(discord: DiscordServer, channels: list[Any]) -> dict[str, Any]:
    at = sorted(message.at for one in channels for message in one.messages[:1])
    seconds = at[-1] - at[0]
    return {
        "what": f"{len(channels)} channels due at once",
        "posted": len(at),
        "seconds": round(seconds, 2),
        "posts_per_s": round((len(at) - 1) / seconds, 1),
        "of_the_global_limit": round((len(at) - 1) / seconds / GLOBAL_A_SECOND, 3),
        "limits_earned": len(discord.earned),
        "posted_twice": sum(len(one.messages) > 1 for one in channels),
    }


def _answering(asked: list[Interaction]) -> dict[str, Any]:
    times = sorted(one.answered_after for one in asked if one.answered_after is not None)
    return {
        "what": f"first answer, {PEOPLE_A_SECOND} interactions/s during that run",
        "asked": len(asked),
        "unanswered": sum(one.failed for one in asked),
        "deferred": sum(one.callback == 5 for one in asked),
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 1),
        "worst_ms": round(times[-1] * 1000, 1),
    }


async def _until(condition: Any, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)
