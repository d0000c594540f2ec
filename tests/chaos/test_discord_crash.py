"""A process is killed at every step of a post; on Discord each paper is visible once.

Three kinds of place: a text channel, where Discord knows a repeat by its nonce; a forum and a plain
webhook, which have no nonce and are read back.
"""

import random
from collections import Counter

import pytest

from adapters.store import migrate, open_store
from bot.model.steps import Step
from config.failpoints import KILLED
from tests.chaos.conftest import Bench
from tests.chaos.load import Load
from tests.chaos.platforms import PAPER, Platforms
from tests.chaos.workers import Crew

FORUM = 15
KILLS = (
    f"{Step.COMPOSED}=kill",
    f"{Step.CLAIMED}=kill",
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


@pytest.mark.parametrize("kind", ["channel", "forum", "webhook"])
async def test_a_post_is_visible_once_wherever_the_process_dies(tmp_path, kind):
    url = f"sqlite:///{tmp_path}/crash.db"
    migrate(url)
    async with (
        Platforms(random.Random(1), slack=0, discord=0) as platforms,
        open_store(url) as store,
    ):
        server = platforms.discord
        name, more = place_of(server, kind)
        environ = {"DATABASE_URL": url, "PAPERS_LEASE_S": "2", **platforms.environ, **more}
        with Crew(tmp_path, environ) as crew:
            load = Load(store, random.Random(1))
            await load.subscribe([name])
            bench = Bench(platforms, crew, store, load)
            for step in KILLS:
                await load.announce_to_all()
                dying = crew.start(PAPERS_FAILPOINT=step)
                assert await bench.ended(dying) == KILLED, step
            crew.start()
            await bench.until(lambda: len(shown(server)) == load.expected)
            await bench.idle()
        assert set(shown(server).values()) == {1}
        assert server.violations == []
