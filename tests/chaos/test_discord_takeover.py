"""Two processes with one bot token: one is connected to Discord, the other waits for its lease."""

import asyncio
import signal
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from adapters.store import migrate, open_store
from bot.model.subscription import Channel, Platform
from tests.chaos.workers import Crew
from tests.servers.discord import UNLIMITED, DiscordServer

pytestmark = pytest.mark.timeout(120)

LEASE_S = 2.0
TAKEN_OVER_WITHIN_S = 20.0


class Hall:
    """A local Discord with a lab in it, a database, and processes that listen."""

    def __init__(self, server, store, crew):
        self.server, self.store, self.crew = server, store, crew
        self.lab = server.add_guild("Lab")
        self.channel = server.add_channel(self.lab)
        self.chief = server.add_member(self.lab, "chief", manages=True)

    async def until(self, true, seconds=TAKEN_OVER_WITHIN_S):
        try:
            async with asyncio.timeout(seconds):
                while not true():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            logs = "\n".join(one.text()[-1500:] for one in self.crew.started)
            raise AssertionError(f"it did not happen; the logs:\n{logs}") from None

    async def listening(self):
        """A process that listens, and one that waits behind it."""
        first = self.crew.start("web")
        await self.until(self.server.gateway.connected)
        second = self.crew.start("web")
        await self.until(lambda: "another process does this" in second.text())
        return first, second

    async def counted_logins(self):
        now = await self.store.upkeep.time()
        return await self.store.leases.spent("discord identify", now=now, within=timedelta(days=1))

    async def subscribe(self, words):
        done = await self.server.slash(
            self.channel, self.chief, "papers-admin subscribe", {"filter": words, "name": words}
        )
        assert not done.failed
        return done.text

    async def names(self):
        there = Channel(Platform.DISCORD, str(self.lab.id), str(self.channel.id))
        return [one.name for one in await self.store.subscriptions.of(there)]


@pytest.fixture
async def hall(tmp_path):
    async with a_hall(tmp_path) as made:
        yield made


@asynccontextmanager
async def a_hall(folder):
    url = f"sqlite:///{folder}/hall.db"
    migrate(url)
    async with DiscordServer(limits=UNLIMITED) as server, open_store(url) as store:
        environ = {
            "DATABASE_URL": url,
            "DISCORD_TOKEN": server.token,
            "DISCORD_API_URL": server.api_url,
            "DISCORD_GATEWAY_URL": server.gateway_url,
            "PAPERS_LEASE_S": str(LEASE_S),
        }
        with Crew(folder, environ) as crew:
            yield Hall(server, store, crew)
    assert server.violations == []


async def test_a_killed_process_is_followed_by_another_that_logs_in_anew_after_its_lease(hall):
    first, _second = await hall.listening()
    gateway = hall.server.gateway
    assert "Subscribed" in await hall.subscribe("rings")
    assert (gateway.logins, await hall.counted_logins()) == (1, 1)
    first.kill()
    await hall.until(lambda: not gateway.connected())
    await hall.until(gateway.connected)
    assert (gateway.logins, gateway.resumes) == (2, 0), "nothing of the dead one's is resumed"
    assert await hall.counted_logins() == 2
    assert "Subscribed" in await hall.subscribe("groups")
    assert await hall.names() == ["rings", "groups"]
    assert gateway.most_at_once == 1
    assert hall.server.commands.overwrites == 1, "the commands are as they were"


@pytest.mark.long
async def test_a_process_that_wakes_up_after_its_lease_leaves_the_connection_to_the_other(hall):
    first, _second = await hall.listening()
    gateway = hall.server.gateway
    (asleep,) = gateway.connected()
    first.signal(signal.SIGSTOP)
    await hall.until(lambda: gateway.logins == 2)
    assert "Subscribed" in await hall.subscribe("rings"), "both heard it, one could answer"
    first.signal(signal.SIGCONT)
    await hall.until(lambda: "lease lost" in first.text())
    await hall.until(lambda: len(gateway.connected()) == 1)
    assert asleep not in gateway.connected()
    assert "Subscribed" in await hall.subscribe("groups")
    assert await hall.names() == ["rings", "groups"]
    assert (gateway.logins, await hall.counted_logins()) == (2, 2)
