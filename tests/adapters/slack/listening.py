"""A listener on the local Slack, over both transports, with a desk that tests speak for."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from adapters.slack.client import new_client
from adapters.slack.listen import SlackListener
from adapters.slack.workspaces import OneWorkspace
from bot.model.answer import Answer
from bot.model.form import Form
from bot.model.message import Notice
from config.slack_parts import handlers, surface
from tests.servers.slack import APP_TOKEN, SIGNING_SECRET


class WallClock:
    """The time it is."""

    def now(self):
        return datetime.now(UTC)


class FakeDesk:
    """Stands where the command desk stands: remembers who said what, and answers.

    reply: a message, an Answer, an error to raise, or a function of the line.
    """

    def __init__(self):
        self.heard = []
        self.forms = []
        self.looked = []
        self.events = set()
        self.reply: Any = Notice(heading="done")
        self.filled = Answer(private=Notice(heading="saved"))
        self.form: Form | None = None

    async def ask(self, asker, line, *, event=""):
        if event and event in self.events:
            return Answer()
        self.events.add(event)
        self.heard.append((asker, line))
        return await self._given(line)

    async def _given(self, line):
        reply = self.reply(line) if callable(self.reply) else self.reply
        if asyncio.iscoroutine(reply):
            reply = await reply
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, Answer) else Answer(private=reply)

    async def submit(self, asker, command, values, *, event=""):
        self.forms.append((asker, command, dict(values)))
        return self.filled

    async def look(self, asker, command, values):
        self.looked.append((asker, command, dict(values)))
        return Answer(form=self.form)

    @property
    def lines(self):
        return [line for _, line in self.heard]


def new_listener(slack, desk, store, *, clock=None, workspaces=None):
    clock = clock or WallClock()
    where = workspaces or OneWorkspace(new_client(slack.bot_token, slack.api_url))
    on = surface(where, desk, store, clock)
    return SlackListener(
        handlers(on, store),
        on.chores,
        clock=clock,
        api_url=slack.api_url,
        signing_secret=SIGNING_SECRET,
    )


@asynccontextmanager
async def socket_mode(slack, listener):
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(listener.run_socket_mode(APP_TOKEN))
        await slack.sockets.wait_for(1)
        yield
        running.cancel()


@asynccontextmanager
async def http_mode(slack, listener):
    async def events(request):
        reply = await listener.receive(dict(request.headers), await request.read())
        return web.Response(status=reply.status, text=reply.body, content_type=reply.content_type)

    app = web.Application(client_max_size=2 * 1024 * 1024)
    app.router.add_post("/slack/events", events)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield
    finally:
        await runner.cleanup()
        await listener.drain()
