"""The demo: the real bot over shipped papers, on a clock that is let go to digest time."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.clock import VirtualClock
from adapters.store import migrate
from bot.model.command import Asker
from bot.model.subscription import Channel, Platform
from config.cli import output
from config.demo.papers import load_papers
from config.demo.replay import ReplayServer
from config.settings import Settings, load_settings
from config.wiring import Parts, assembled

LAB = Channel(Platform.TERMINAL, "", "lab")
TOPICS = (
    'subscribe alignment OR "reward model" OR preference -survey at:09:00 name:alignment top:5',
    "subscribe robot OR manipulation at:09:00 name:robots top:5",
)
SAMPLE_LINES = ("alignment", "preview diffusion -video", "status")
RSS = ("arxiv_rss:cs.CL", "arxiv_rss:cs.RO")
CONTACT = "demo@example.org"
PAPERS_AT, DIGEST_AT, EVENING = 7, 9, 20
"""Hours, UTC, at which the demo's clock stops."""


async def show_demo(*, live: bool, interactive: bool) -> None:
    """Run the demo to its end; with a terminal, take `/papers` lines until the user leaves."""
    with tempfile.TemporaryDirectory(prefix="paperwire-demo-") as folder:
        url = f"sqlite:///{Path(folder) / 'demo.db'}"
        migrate(url)
        watched = _live(url) if live else _replayed(url)
        async with watched as bot:
            if interactive:
                await _talk(bot)
            else:
                for line in SAMPLE_LINES:
                    await _ask(bot, line)


@asynccontextmanager
async def _replayed(url: str) -> AsyncIterator[Parts]:
    days = sorted({paper.listed_on for paper in load_papers()})
    clock = VirtualClock(_at(days[0], PAPERS_AT))
    async with ReplayServer(today=lambda: clock.now().date()) as server:
        settings = load_settings(
            {
                "DATABASE_URL": url,
                "HF_ENDPOINT": server.base_url,
                "PAPERS_ARXIV_RSS_URL": f"{server.base_url}/rss",
                "PAPERS_SOURCES": ",".join(("hf_daily", *RSS)),
                "PAPERS_CONTACT": CONTACT,
            }
        )
        async with assembled(settings, screen=sys.stdout, clock=clock) as bot:
            await _fill_index(bot, clock, days[:-1])
            _tell(
                f"The papers of {days[0]:%d} to {days[-1]:%d %B %Y}, replayed. "
                f"On the evening before the last day the channel {LAB} subscribes:"
            )
            await _subscribe(bot)
            await _live_through(bot, clock, days[-1])
            _tell(f"It is {clock.now():%A %d %B %Y, %H:%M} UTC. Ask the bot:")
            yield bot


async def _fill_index(bot: Parts, clock: VirtualClock, days: Sequence[date]) -> None:
    """Read day after day, as a bot that has been running since the first one."""
    for day in days:
        clock.move_to(_at(day, PAPERS_AT))
        await bot.engine.beat()
    clock.move_to(_at(days[-1], EVENING))


async def _live_through(bot: Parts, clock: VirtualClock, day: date) -> None:
    """The papers of the day come in, and then its digests are due."""
    for hour in (PAPERS_AT, DIGEST_AT):
        clock.move_to(_at(day, hour))
        await bot.engine.beat()


@asynccontextmanager
async def _live(url: str) -> AsyncIterator[Parts]:
    own = load_settings()
    settings: Settings = own.model_copy(update={"database_url": url, "sources": ("hf_daily",)})
    async with assembled(settings, screen=sys.stdout) as bot:
        _tell(f"Today's papers of {settings.hf_endpoint}. The channel {LAB} asks for:")
        await _subscribe(bot)
        for reading in await bot.engine.ingest():
            if reading.problem:
                _tell(f"{reading.source} could not be read: {reading.problem}")
        await bot.engine.advance()
        await _ask(bot, "digest week")
        yield bot


async def _subscribe(bot: Parts) -> None:
    for line in TOPICS:
        output.screen.out(f"  /papers {line}")
        await bot.desk.ask(Asker(channel=LAB), line)
    output.screen.out("")


async def _talk(bot: Parts) -> None:
    output.screen.out("Type what you would type after /papers: alignment, list, why 2506.01939, …")
    while True:
        try:
            line = (
                (await asyncio.to_thread(input, "/papers ")).strip().removeprefix("/papers").strip()
            )
        except (EOFError, KeyboardInterrupt):
            output.screen.out("")
            return
        if line.lower() in {"quit", "exit", "q"}:
            return
        await _show(bot, line)


async def _ask(bot: Parts, line: str) -> None:
    output.screen.out(f"\n/papers {line}\n")
    await _show(bot, line)


async def _show(bot: Parts, line: str) -> None:
    answer = await bot.desk.ask(Asker(channel=LAB), line)
    if answer.private is not None:
        output.show(answer.private)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=hour)


def _tell(text: str) -> None:
    output.screen.out(f"\n{text}\n")
