"""A simulation over the papers of this installation, on a throw-away copy of its settings."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from adapters.clock import VirtualClock
from adapters.store import make_scratch, open_store
from adapters.terminal.render import pages as terminal_pages
from bot.engine.simulate import Post, Simulation
from bot.model.record import SearchRequest, Shown
from bot.model.subscription import Platform
from config.wiring import Parts

MOST = 10_000_000
"""Sightings of the longest simulation; arXiv announces about 350,000 a year."""


@dataclass(frozen=True, slots=True)
class Played:
    """A message that would be posted, with the papers it shows and for which subscription."""

    post: Post
    zone: str
    shown: tuple[Shown, ...]

    @property
    def text(self) -> str:
        """The message as a terminal shows it."""
        return str(self.post.page.get("text", ""))


async def play(bot: Parts, since: date, until: date, *, speed: float = 0) -> AsyncIterator[Played]:
    """What would be posted where and when from `since` to `until`, in order.

    The bot's own database is only read. speed: virtual seconds that go by in one; 0 is at once.
    """
    url = bot.settings.database_url
    with tempfile.TemporaryDirectory(prefix="papers-simulate-") as folder:
        scratch_url = await asyncio.to_thread(make_scratch, url, Path(folder), since, until)
        async with open_store(scratch_url) as scratch:
            clock = VirtualClock(datetime.combine(since, time(), UTC))
            # Every platform as in a terminal: people read this, and the platforms' pages are JSON.
            renderers = dict.fromkeys(Platform, terminal_pages)
            past = await bot.store.papers.arrivals(
                SearchRequest(root=None, today=until, since=since, until=until, limit=MOST)
            )
            simulation = Simulation(scratch, clock, renderers, past, until=until)
            zones = {one.channel: one.zone for one in await scratch.subscriptions.of()}
            before = clock.now()
            async for posts in simulation.play():
                if speed:
                    await asyncio.sleep((clock.now() - before).total_seconds() / speed)
                    before = clock.now()
                for post in posts:
                    shown = await scratch.ledger.shown(post.channel, 200)
                    mine = tuple(one for one in shown if one.message_id == post.message_id)
                    yield Played(post, zones.get(post.channel, "UTC"), mine)
