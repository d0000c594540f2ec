"""A Slack of our own for tests and replays: it listens on 127.0.0.1 and keeps Slack's rules.

Stock slack-sdk and slack-bolt talk to it unchanged: give them `server.api_url` as base URL. What
became visible stands in `server.channel("C…").messages`; what people were told privately in
`.ephemeral`; calls in `server.calls`; arguments Slack does not know in `server.violations`.
"""

import asyncio
import hashlib
import hmac
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.servers.slack.api import Logged, WebApi
from tests.servers.slack.call import Json, Refusal
from tests.servers.slack.events import Events
from tests.servers.slack.faults import Fault
from tests.servers.slack.limits import Pace, Throttle, Triggers
from tests.servers.slack.oauth import OAuth
from tests.servers.slack.people import DEFAULT_USER, People
from tests.servers.slack.reference import default_reference
from tests.servers.slack.responses import ResponseUrls
from tests.servers.slack.sockets import Sockets
from tests.servers.slack.world import Channel, Ids, TsClock, User, Workspace

# Nothing accepts these but this server; the shape is what Slack's clients look at.
BOT_TOKEN = "xoxb-" + "0" * 10 + "-local"
APP_TOKEN = "xapp-" + "1-A0LOCAL001-local"
SIGNING_SECRET = "0123456789abcdef" * 2

ONE_A_SECOND = Pace(per_second=1.0, burst=3)


class SlackServer:
    """One Slack with one app on it, installed in one workspace to begin with.

    channel_pace: messages per second and channel (None switches the limit off). now: the time the
    server lives in, for message times, limits and expiries; a replay passes its virtual clock.
    reference: folder of Slack's method descriptions; found beside the project when it is there.
    """

    def __init__(
        self,
        *,
        channel_pace: Pace | None = ONE_A_SECOND,
        now: Callable[[], float] = time.time,
        reference: Path | None = None,
        port: int = 0,
    ) -> None:
        self.channel_pace = channel_pace
        self.port = port
        self.reference = reference or default_reference()
        self.ids = Ids()
        self.clock = TsClock(now)
        self.throttle = Throttle(now)
        self.triggers = Triggers(now)
        self.paces: dict[str, Pace] = {}
        self.history_page = 999
        self.ack_seconds = 3.0
        self.oauth = OAuth(self)
        self.app_id, self.app_token = "A0LOCAL001", APP_TOKEN
        self.signing_secret = SIGNING_SECRET
        self.request_url = ""
        self.last_no_retry = False
        self.workspaces: dict[str, Workspace] = {}
        self.calls: list[Logged] = []
        self.violations: list[str] = []
        self.refused_answers: list[Json] = []
        self.composer_unfurls: list[Json] = []
        self._faults: dict[str, list[Fault]] = defaultdict(list)
        self.home = self.add_workspace("T0LAB00001", "lab", BOT_TOKEN)
        self.general = self.add_channel("papers", "C0PAPERS01")

    async def __aenter__(self) -> Self:
        self.closing = asyncio.Event()
        self.sockets = Sockets(self)
        self.people = People(self)
        self.events = Events(self)
        self.responses = ResponseUrls(self)
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", WebApi(self).handle)
        app.router.add_get("/link/", self.sockets.handle)
        app.router.add_post("/commands/{team}/{key}", self.responses.handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        await self._client.close()
        await self.sockets.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The base URL for Slack's SDK."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The token of the first workspace."""
        return self.home.bot_token

    def add_workspace(self, team_id: str, domain: str, token: str) -> Workspace:
        """Install the app in one more workspace, with one person in it."""
        if team_id in self.workspaces:
            raise ValueError(f"{team_id} exists")
        bot_user, bot_id = self.ids.new("U"), self.ids.new("B")
        workspace = Workspace(team_id, domain, token, bot_user, bot_id)
        workspace.users[DEFAULT_USER] = User(DEFAULT_USER)
        self.workspaces[team_id] = workspace
        return workspace

    def add_channel(
        self,
        name: str,
        channel_id: str | None = None,
        *,
        workspace: Workspace | None = None,
        **state: Any,
    ) -> Channel:
        """One more channel; `state` sets its fields, such as archived=True or kind="private"."""
        channel = Channel(channel_id or self.ids.new("C"), name, **state)
        (workspace or self.home).channels[channel.id] = channel
        return channel

    def channel(self, channel_id: str) -> Channel:
        """The channel with this id, in whichever workspace."""
        return self.workspace_with(channel_id).channels[channel_id]

    def workspace_with(self, channel_id: str) -> Workspace:
        """The workspace that has this channel."""
        return next(w for w in self.workspaces.values() if channel_id in w.channels)

    def workspace_of(self, token: str, args: Json) -> Workspace:
        """The workspace a bot token belongs to; refuses the token as Slack would."""
        if not token:
            raise Refusal("not_authed")
        granted = self.oauth.workspace_of(token, args)
        if granted is not None:
            if granted.token_error:
                raise Refusal(granted.token_error)
            return granted
        for workspace in self.workspaces.values():
            if hmac.compare_digest(workspace.bot_token, token):
                if workspace.token_error:
                    raise Refusal(workspace.token_error)
                return workspace
        raise Refusal("invalid_auth")

    def break_with(self, method: str, fault: Fault) -> Fault:
        """Make calls of a method fail (`response_url` for answers); faults queue up."""
        self._faults[method].append(fault)
        return fault

    def mend(self) -> None:
        """Take every fault back."""
        self._faults.clear()

    def fault_for(self, method: str, channel: object) -> Fault | None:
        """The fault this call runs into, if any."""
        return next((f for f in self._faults[method] if f.applies(channel)), None)

    def note_strangers(self, method: str, names: list[str]) -> None:
        """Keep arguments the reference does not know."""
        self.violations += [f"{method}: unknown argument {name}" for name in names]

    def signed_headers(self, body: str, *, at: int | None = None) -> dict[str, str]:
        """The headers Slack puts on a request to the app."""
        stamp = str(int(self.clock.now()) if at is None else at)
        base = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def post_signed(
        self, body: str, content_type: str, extra: dict[str, str] | None = None
    ) -> tuple[int | None, Any]:
        """Send a signed request to the app; status and body, or None when it took too long."""
        headers = {"Content-Type": content_type, **self.signed_headers(body), **(extra or {})}
        try:
            async with asyncio.timeout(self.ack_seconds):
                async with self._client.post(
                    self.request_url, data=body.encode(), headers=headers
                ) as answer:
                    self.last_no_retry = answer.headers.get("X-Slack-No-Retry") == "1"
                    if answer.content_type == "application/json":
                        return answer.status, await answer.json()
                    return answer.status, await answer.text()
        except TimeoutError:
            self.last_no_retry = False
            return None, None
