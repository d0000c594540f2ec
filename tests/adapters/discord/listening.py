"""A listening bot for tests, by either way in, with somebody behind it who writes down what is asked."""

import asyncio
import contextlib
from typing import Any

from adapters.clock import SystemClock
from adapters.discord.client import point_library_at
from adapters.discord.listen import ByGateway, DiscordListener
from adapters.discord.reception import Reception
from adapters.web import Route, WebServer
from bot.model.answer import Answer
from bot.model.message import Notice

CLOCK = SystemClock()


class Answering:
    """Writes down what it was asked, each interaction once, and says what it was told to say.

    asked: (asker, line) or (asker, (form, values)).
    """

    def __init__(self):
        self.asked = []
        self.reply: Any = Notice(heading="Here you are", lines=("with a line",))
        self.trouble = None
        self.thinks_for = 0.0
        self.events = set()
        self.remembered = []

    async def ask(self, asker, line, *, event=""):
        return await self._answer(asker, line, event)

    async def submit(self, asker, command, values, *, event=""):
        return await self._answer(asker, (command, values), event)

    async def remember(self, asker, query):
        self.remembered.append(query)

    async def look(self, asker, command, values):
        return await self._answer(asker, command, object())

    async def _answer(self, asker, asked, event):
        if event in self.events:
            return Answer()
        self.events.add(event)
        self.asked.append((asker, asked))
        await asyncio.sleep(self.thinks_for)
        if self.trouble is not None:
            raise self.trouble
        reply = self.reply(asked) if callable(self.reply) else self.reply
        return reply if isinstance(reply, Answer) else Answer(private=reply)

    @property
    def lines(self):
        return [asked for _, asked in self.asked]


class Knowing:
    """What may complete something."""

    def __init__(self):
        self.names = ["alignment", "rings"]
        self.recent = []
        self.people = []
        self.trouble = None

    async def subscriptions(self, asker):
        if self.trouble is not None:
            raise self.trouble
        return self.names

    async def queries(self, asker):
        return self.recent

    async def authors(self, beginning):
        return [name for name in self.people if beginning.lower() in name.lower()]


@contextlib.asynccontextmanager
async def gateway(server, desk, knows=None, lives=None, told=None, invalid=None):
    """Connected to the gateway of a local Discord."""
    point_library_at(api_url=server.api_url, gateway_url=server.gateway_url)
    reception = Reception(desk, knows or Knowing(), told=told)
    by = ByGateway(lives=lives)
    listener = DiscordListener(
        reception, token=server.token, clock=CLOCK, gateway=by, invalid=invalid
    )
    before = len(server.gateway.sessions)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(listener.run())
        try:
            await until(lambda: len(server.gateway.sessions) > before)
            yield listener
        finally:
            running.cancel()


async def nothing_wrong():
    return {}


@contextlib.asynccontextmanager
async def over_http(server, desk, knows=None, invalid=None):
    """Called by a local Discord over HTTP."""
    point_library_at(api_url=server.api_url, gateway_url=server.gateway_url)
    reception = Reception(desk, knows or Knowing())
    listener = DiscordListener(
        reception,
        token=server.token,
        clock=CLOCK,
        public_key=server.caller.public_key,
        invalid=invalid,
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
