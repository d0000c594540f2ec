"""People's requests on Slack → whoever handles each kind; over Socket Mode or HTTP.

Each request is acknowledged before anything else is done, for Slack waits three seconds; the work
and the answer come after. What a person may type is decided by the desk's grammar, never here.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from adapters.slack.blocks import ACTION_PREFIX
from adapters.slack.chores import Chores
from adapters.slack.client import new_client
from adapters.slack.forms import FIELD_ACTION, FORM_ID
from adapters.slack.guard import problem_with, readable
from adapters.slack.home_view import HOME_PREFIX
from adapters.slack.vocabulary import (
    CHANNELS,
    COMMAND,
    HOME,
    LEAVING,
    LINKS,
    ORGANISATION,
    PAPERS_HERE,
    REACTIONS,
    SPEAKING,
)
from bot.model.errors import BotError
from bot.ports import Clock

Handle = Callable[[dict[str, Any]], Awaitable[None]]
"""Does what one request asks for, after it was acknowledged."""

Answer = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""What a submitted form is acknowledged with."""

log = logging.getLogger(__name__)

# Bolt's warnings quote whole requests, response URLs and all; only its errors are let through.
_bolt_log = logging.getLogger(f"{__name__}.bolt")
_bolt_log.setLevel(logging.ERROR)
# At DEBUG the SDK writes whole payloads.
_socket_log = logging.getLogger(f"{__name__}.socket")
_socket_log.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Who does what; each takes the body of a request as Slack sent it."""

    command: Handle
    action: Handle
    typing: Handle
    submitted: Answer
    shortcut: Handle
    spoken: Handle
    home: Handle
    pressed_home: Handle
    links: Handle
    reaction: Handle
    channel: Handle
    leaving: Handle

    def of_events(self) -> dict[str, Handle]:
        """The handler of each event the app subscribes to."""
        kinds = (
            (SPEAKING, self.spoken),
            (HOME, self.home),
            (LINKS, self.links),
            (REACTIONS, self.reaction),
            (CHANNELS, self.channel),
            (LEAVING, self.leaving),
            (ORGANISATION, self.leaving),
        )
        return {name: handle for names, handle in kinds for name in names}


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
        handlers: Handlers,
        chores: Chores,
        *,
        clock: Clock,
        api_url: str,
        signing_secret: str = "",
    ) -> None:
        self._handlers = handlers
        self._chores = chores
        # For opening sockets and for Bolt, which wants one: it carries no token.
        self._bare = new_client("", api_url)
        self._clock = clock
        self._secret = signing_secret
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
        await self._chores.drain()

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
        do = self._handlers
        # The work is a "lazy" listener: were it to fail in the one that acknowledges, Bolt would
        # take the acknowledgement back.
        app.command(COMMAND)(ack=_acknowledge, lazy=[self._lazy(do.command)])
        app.action(FIELD_ACTION)(ack=_acknowledge, lazy=[self._lazy(do.typing)])
        at_home = re.compile(f"^{re.escape(HOME_PREFIX)}")
        app.action(at_home)(ack=_acknowledge, lazy=[self._lazy(do.pressed_home)])
        ours = re.compile(f"^{re.escape(ACTION_PREFIX)}")
        app.action(ours)(ack=_acknowledge, lazy=[self._lazy(do.action)])
        app.view(FORM_ID)(self._submit)
        app.message_shortcut(PAPERS_HERE)(ack=_acknowledge, lazy=[self._lazy(do.shortcut)])
        for name, handle in do.of_events().items():
            app.event(_matching(name))(ack=_acknowledge, lazy=[self._lazy(handle)])
        # Whatever else comes is acknowledged, so that nobody sees a timeout and nothing is resent.
        anything = re.compile("")
        for rest in (app.command, app.action, app.view, app.shortcut, app.options):
            rest(anything)(_acknowledge)
        app.event(anything)(_acknowledge)
        return app

    def _lazy(self, handle: Handle) -> Callable[[dict[str, Any]], Awaitable[None]]:
        async def work(body: dict[str, Any]) -> None:
            with self._chores.counted():
                try:
                    await handle(body)
                except BotError as problem:
                    log.warning("not done", extra={"reason": type(problem).__name__})
                except Exception:  # the last resort: one request must not end the others
                    log.exception("a mistake of ours in the work for Slack")

        return work

    async def _submit(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        with self._chores.counted():
            said = await self._handlers.submitted(body)
        await ack(**said)


def _matching(name: str) -> Any:
    """An event as Bolt matches it: `message.im` is a `message` without a subtype.

    Messages the app itself or another one wrote never come through: no two bots talk here.
    """
    if name == "message.im":
        return {"type": "message", "subtype": None}
    return name


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    # Acknowledging waits for nothing, so nobody is looked up yet: the work finds its own token.
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="")


def _media_type(answered: BoltResponse) -> str:
    found = answered.first_headers().get("content-type", "text/plain")
    return found.partition(";")[0].strip()


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()
