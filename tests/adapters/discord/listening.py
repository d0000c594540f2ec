"""A listening bot for tests, by either way in, with somebody behind it who writes down what is asked."""

import asyncio
import contextlib

from adapters.clock import SystemClock
from adapters.discord.client import point_library_at
from adapters.discord.listen import DiscordListener
from adapters.discord.reception import Reception
from adapters.web import Route, WebServer
from bot.model.message import Notice

CLOCK = SystemClock()


class Answering:
    """Writes down what it was asked, and says what it was told to say."""

    def __init__(self):
        self.asked = []
        self.reply = Notice(heading="Here you are", lines=("with a line",))
        self.trouble = None
        self.thinks_for = 0.0

    async def say(self, asker, line):
        self.asked.append((asker, line))
        await asyncio.sleep(self.thinks_for)
        if self.trouble is not None:
            raise self.trouble
        return self.reply

    @property
    def lines(self):
        return [line for _, line in self.asked]


class Seen:
    """The store's memory of what was seen before."""

    def __init__(self):
        self.keys = set()

    async def __call__(self, scope, key, *, now):
        new = (scope, key) not in self.keys
        self.keys.add((scope, key))
        return new


@contextlib.asynccontextmanager
async def gateway(server, answering, seen=None):
    """Connected to the gateway of a local Discord."""
    point_library_at(api_url=server.api_url, gateway_url=server.gateway_url)
    reception = Reception(answering, seen or Seen(), CLOCK)
    listener = DiscordListener(reception, token=server.token, clock=CLOCK)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(listener.run())
        try:
            await until(lambda: any(one.connection for one in server.gateway.sessions.values()))
            yield listener
        finally:
            running.cancel()


async def nothing_wrong():
    return {}


@contextlib.asynccontextmanager
async def over_http(server, answering, seen=None):
    """Called by a local Discord over HTTP."""
    point_library_at(api_url=server.api_url, gateway_url=server.gateway_url)
    reception = Reception(answering, seen or Seen(), CLOCK)
    listener = DiscordListener(
        reception, token=server.token, clock=CLOCK, public_key=server.caller.public_key
    )
    async with (
        WebServer(
            0,
            readiness=nothing_wrong,
            routes=[Route("/discord/interactions", listener.http.receive)],
        ) as web,
        asyncio.TaskGroup() as group,
    ):
        running = group.create_task(listener.run())
        server.caller.url = f"http://127.0.0.1:{web.port}/discord/interactions"
        try:
            await until(lambda: listener.http.ready)
            yield listener
        finally:
            server.caller.url = ""
            running.cancel()


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)
