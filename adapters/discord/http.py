"""Listens to Discord over HTTP instead of the gateway: any number of processes behind one address.

discord.py has no server for this. A signed request is handed to the same client as a gateway event
would be, so commands, buttons and forms run through one code path; the answer goes through
Discord's callback route and the request itself is answered 202, which Discord allows for everything
but PING (github.com/discord/discord-api-docs/issues/7311).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.discord.client import PapersClient, connected
from adapters.discord.door import PING, PONG, Door
from adapters.discord.pace import InvalidRequests
from adapters.discord.reception import Reception
from adapters.knocking import Turned
from bot.ports import Clock

log = logging.getLogger(__name__)


class Reply(NamedTuple):
    """What the web server sends back."""

    status: int
    body: str = ""
    content_type: str = "text/plain"


class HttpListener:
    """Receives interactions once it is logged in. rejections: how many were turned away, and why."""

    def __init__(
        self,
        reception: Reception,
        door: Door,
        clock: Clock,
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._reception = reception
        self._door = door
        self._clock = clock
        self._invalid = invalid
        self._client: PapersClient | None = None
        self.rejections: Counter[str] = Counter()

    @property
    def ready(self) -> bool:
        """Whether it is logged in and takes interactions."""
        return self._client is not None

    async def run(self, token: str) -> None:
        """Log in without a gateway, keep the commands in step, and stay; until cancelled.

        Raises ConfigError when Discord does not take the token.
        """
        async with connected(PapersClient(self._reception, invalid=self._invalid)) as client:
            await client.login(token)
            self._client = client
            log.info("listening to Discord over HTTP")
            try:
                await asyncio.Event().wait()
            finally:
                self._client = None

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer one POST to `/discord/interactions`."""
        lower = {name.lower(): value for name, value in headers.items()}
        payload = self._door.open(lower, body, now=self._clock.now())
        if isinstance(payload, Turned):
            self.rejections[payload.why] += 1
            return Reply(payload.status)
        if payload["type"] == PING:
            return Reply(200, f'{{"type":{PONG}}}', "application/json")
        if self._client is None:
            self.rejections["not logged in yet"] += 1
            return Reply(503)
        return self._hand_over(self._client, payload)

    def _hand_over(self, client: PapersClient, payload: dict[str, Any]) -> Reply:
        try:
            client.take(payload)
        except (KeyError, TypeError, ValueError, AttributeError):
            # discord.py trusts what it gets; a form it cannot read must not look like our failure.
            self.rejections["signed, but not in the form discord.py reads"] += 1
            log.warning("discord interaction not readable", exc_info=True)
            return Reply(400)
        return Reply(202)
