"""People's commands and clicks on Slack → the command desk → a private answer.

Each request is acknowledged before anything else is done, for Slack waits three seconds; the work
and the answer come after. What a person may type is decided by the desk's grammar, never here.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.slack.answers import answer
from adapters.slack.blocks import ACTION_PREFIX
from adapters.slack.client import new_client
from adapters.slack.guard import problem_with, readable
from adapters.slack.incoming import typed
from adapters.slack.leaving import Leaving
from adapters.slack.render import render
from adapters.slack.workspaces import Workspaces
from bot.model.command import Asker
from bot.model.errors import BotError
from bot.model.message import Message, Notice, Tone
from bot.model.subscription import Channel, Platform
from bot.ports import Clock

COMMAND = "/papers"
DRAIN_SECONDS = 5.0

Say = Callable[[Asker, str], Awaitable[Message]]
"""The command desk: who asks, what they typed, and what they get to see."""


class FirstTime(Protocol):
    """Whether something is seen for the first time, over all processes (`Upkeep.first_time`)."""

    async def __call__(self, scope: str, key: str, *, now: datetime) -> bool:
        """True once per scope and key."""
        ...


OUR_FAULT = Notice(
    heading="Something went wrong on our side.",
    lines=("What happened is in the log. /papers list shows whether a change was made.",),
    tone=Tone.ERROR,
)

log = logging.getLogger(__name__)

# Bolt's warnings quote whole requests, response URLs and all; only its errors are let through.
_bolt_log = logging.getLogger(f"{__name__}.bolt")
_bolt_log.setLevel(logging.ERROR)
# At DEBUG the SDK writes whole payloads.
_socket_log = logging.getLogger(f"{__name__}.socket")
_socket_log.setLevel(logging.INFO)


class Reply(NamedTuple):
    """What the web server sends back."""

    status: int
    body: str = ""
    content_type: str = "text/plain"


@dataclass(slots=True)
class Rejections:
    """How many HTTP requests were turned away or could not be read, by reason."""

    counts: dict[str, int] = field(default_factory=dict)

    def count(self, why: str) -> None:
        """One more."""
        self.counts[why] = self.counts.get(why, 0) + 1


class SlackListener:
    """Hears what people say to the app wherever it is installed."""

    def __init__(
        self,
        workspaces: Workspaces,
        *,
        api_url: str,
        say: Say,
        first_time: FirstTime,
        clock: Clock,
        signing_secret: str = "",
    ) -> None:
        self._workspaces = workspaces
        # For opening sockets and for Bolt, which wants one: it carries no token.
        self._bare = new_client("", api_url)
        self._say = say
        self._first_time = first_time
        self._clock = clock
        self._secret = signing_secret
        self._leaving = Leaving(workspaces, clock)
        self._working: set[asyncio.Task[Any]] = set()
        self.rejections = Rejections()
        self._app = self._new_app()

    async def run_socket_mode(self, app_token: str) -> None:
        """Receive over Socket Mode until cancelled; reconnects by itself."""
        handler = AsyncSocketModeHandler(
            self._app, app_token, logger=_socket_log, web_client=self._bare
        )
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK has no types
            log.info("listening to Slack over Socket Mode")
            await asyncio.Event().wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]  # the SDK has no types
            await self.drain()

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one HTTP request to `/slack/events`; needs the signing secret."""
        lower = {name.lower(): value for name, value in headers.items()}
        turned = problem_with(lower, body, secret=self._secret, now=self._clock.now())
        if turned is not None or not self._secret:
            self.rejections.count(turned.why if turned else "no signing secret configured")
            return Reply(turned.status if turned else 401)
        if not readable(lower, body):
            self.rejections.count("signed, but unreadable")
            return Reply(200)
        request = AsyncBoltRequest(body=body.decode(), headers=dict(lower))
        answered = await self._app.async_dispatch(request)
        if answered.status != 200:
            self.rejections.count(f"signed, but answered {answered.status}")
            return Reply(200)
        return Reply(200, answered.body, _media_type(answered))

    async def drain(self) -> None:
        """Let answers that are being worked on go out, for a few seconds at most."""
        if self._working:
            await asyncio.wait(self._working, timeout=DRAIN_SECONDS)

    def _new_app(self) -> AsyncApp:
        app = AsyncApp(
            client=self._bare,
            authorize=_authorize,
            # Signatures are checked by our own guard, before Bolt sees or logs anything.
            request_verification_enabled=False,
            # All work is lazy, so waiting for the rest is the quickest acknowledgement: the other
            # way Bolt looks for it every 10 ms.
            process_before_response=True,
            logger=_bolt_log,
        )
        # The work is a "lazy" listener: were it to fail in the one that acknowledges, Bolt would
        # take the acknowledgement back.
        app.command(COMMAND)(ack=_acknowledge, lazy=[self._on_command])
        ours = re.compile(f"^{re.escape(ACTION_PREFIX)}")
        app.action(ours)(ack=_acknowledge, lazy=[self._on_action])
        # Whatever else comes is acknowledged, so that nobody sees a timeout and nothing is resent.
        app.command(re.compile(""))(_acknowledge)
        app.action(re.compile(""))(_acknowledge)
        for event in ("app_uninstalled", "tokens_revoked"):
            app.event(event)(ack=_acknowledge, lazy=[self._on_leaving])
        app.event(re.compile(""))(_acknowledge)
        return app

    async def _on_leaving(self, body: dict[str, Any]) -> None:
        async with self._counted():
            await self._leaving.heard(body)

    async def _on_command(self, body: dict[str, Any]) -> None:
        place = [body.get(name) for name in ("team_id", "channel_id", "user_id")]
        await self._work(place, typed(str(body.get("text", ""))), body)

    async def _on_action(self, body: dict[str, Any], action: dict[str, Any]) -> None:
        place = [(body.get(name) or {}).get("id") for name in ("team", "channel", "user")]
        chosen = action.get("selected_option") or action
        await self._work(place, str(chosen.get("value", "")), body)

    async def _work(self, place: list[str | None], line: str, body: dict[str, Any]) -> None:
        """Do what the line says, unless it was done already, and answer."""
        team, channel, member = place
        response_url = body.get("response_url")
        if not (team and channel and member and response_url):
            log.warning("a request from nowhere we could answer to")
            return
        asker = Asker(channel=Channel(Platform.SLACK, team, channel), member=member)
        async with self._counted():
            message = await self._said(asker, line, str(body.get("trigger_id", "")))
            if message is not None:
                await answer(response_url, render(message))

    async def _said(self, asker: Asker, line: str, trigger_id: str) -> Message | None:
        try:
            if trigger_id and await self._is_repeated(trigger_id):
                return None
            return await self._say(asker, line)
        except BotError as problem:
            log.warning("command failed", extra={"reason": type(problem).__name__})
            return Notice(heading="This did not work.", lines=(str(problem),), tone=Tone.ERROR)
        except Exception:
            # The last resort of this surface: the log has it and the person is told.
            log.exception("a mistake of ours in a Slack command")
            return OUR_FAULT

    async def _is_repeated(self, trigger_id: str) -> bool:
        return not await self._first_time("slack", trigger_id, now=self._clock.now())

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task is not None:
            self._working.add(task)
        try:
            yield
        finally:
            self._working.discard(task)


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    # Acknowledging waits for nothing, so nobody is looked up yet: the work finds its own token.
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")


def _media_type(answered: BoltResponse) -> str:
    found = answered.first_headers().get("content-type", "text/plain")
    return found.partition(";")[0].strip()


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()
