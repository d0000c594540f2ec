"""A process is killed at every step of a post; on Discord each paper is visible once.

Three kinds of place: a text channel, where Discord knows a repeat by its nonce; a forum and a plain
webhook, which have no nonce and are read back.
"""

import random
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from adapters.store import migrate, open_store
from bot.model.steps import Step
from config.failpoints import KILLED
from tests.chaos.conftest import Bench
from tests.chaos.load import Load
from tests.chaos.platforms import PAPER, Platforms
from tests.chaos.workers import Crew
from tests.servers.discord import faults

FORUM = 15
POSTED_BY = {"channel": "create_message", "forum": "create_thread", "webhook": "execute_webhook"}
"""Kinds of place, and Discord's name of the request that posts there."""

KILLS = (
    f"{Step.COMPOSED}=kill",
    f"{Step.CLAIMED}=kill",
    f"{Step.WRITING}=kill",
    f"{Step.ANSWERED}=kill",
    f"{Step.ANSWERED}=kill,{Step.LOOKED}=kill",
    f"{Step.RECORDED}=kill,{Step.SETTLED}=kill",
)
"""What each process in turn dies of; the last ones while they look for what the one before left."""


def place_of(server, kind):
    """A place of this kind: its name for the bot, and what a worker needs besides."""
    guild = server.add_guild()
    if kind == "webhook":
        url = server.add_webhook(server.add_channel(guild))
        return f"discord:webhook/{url.split('/')[-2]}", {"DISCORD_WEBHOOKS": url}
    made = server.add_channel(guild, kind, kind=FORUM if kind == "forum" else 0)
    return f"discord:{guild.id}/{made.id}", {}


def shown(server):
    """How often each paper stands on the server."""
    return Counter(
        paper
        for channel in server.world.channels.values()
        for message in channel.messages
        for paper in set(PAPER.findall(str(message.body)))
    )


@asynccontextmanager
async def a_lab(folder, kinds):
    """One order at each of these kinds of place, and a database; no process yet."""
    url = f"sqlite:///{folder}/crash.db"
    migrate(url)
    async with (
        Platforms(random.Random(1), slack=0, discord=0) as platforms,
        open_store(url) as store,
    ):
        places = [place_of(platforms.discord, kind) for kind in kinds]
        environ = {"DATABASE_URL": url, "PAPERS_LEASE_S": "2", **platforms.environ}
        for _, more in places:
            environ |= more
        with Crew(folder, environ) as crew:
            load = Load(store, random.Random(1))
            await load.subscribe([name for name, _ in places])
            yield Bench(platforms, crew, store, load), platforms.discord
    assert platforms.discord.violations == []


@pytest.mark.long
@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", POSTED_BY)
async def test_a_post_is_visible_once_wherever_the_process_dies(tmp_path, kind):
    async with a_lab(tmp_path, [kind]) as (bench, server):
        for step in KILLS:
            await bench.load.announce_to_all()
            dying = bench.crew.start(PAPERS_FAILPOINT=step)
            assert await bench.ended(dying) == KILLED, step
        bench.crew.start()
        await bench.until(lambda: len(shown(server)) == bench.load.expected, 90)
        await bench.idle()
        assert set(shown(server).values()) == {1}


async def test_what_was_shown_when_the_process_died_is_found_and_not_posted_again(tmp_path):
    """All kinds of place at once: the request was carried out, its answer never came."""
    async with a_lab(tmp_path, POSTED_BY) as (bench, server):
        for operation in POSTED_BY.values():
            server.desk.faults.plan(operation, faults.Hang(30, committed=True))
        await bench.load.announce_to_all()
        worker = bench.crew.start()
        await bench.until(lambda: len(shown(server)) == len(POSTED_BY))
        worker.kill()
        looking = bench.crew.start(PAPERS_FAILPOINT=f"{Step.LOOKED}=kill")
        assert await bench.ended(looking) == KILLED
        bench.crew.start()
        await bench.idle()
        assert list(shown(server).values()) == [1] * len(POSTED_BY)
