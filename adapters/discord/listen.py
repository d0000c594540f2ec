"""Hears what people do on Discord: by the gateway, or over HTTP where a public key is given.

One code path behind both ways: the client's commands, buttons and forms (client.py).
"""

import asyncio
from dataclasses import dataclass

from adapters.discord.client import BeforeLogin, PapersClient, connected
from adapters.discord.comings import Comings, Lives
from adapters.discord.door import Door
from adapters.discord.http import HttpListener
from adapters.discord.pace import InvalidRequests
from adapters.discord.reception import Reception
from bot.ports import Clock

GATEWAY_URL = "wss://gateway.discord.gg/"
DRAIN_S = 5.0
LOGIN_EVERY_S = 5.0
"""With several shards; developer documentation, "Sharding: Max Concurrency"."""


@dataclass(frozen=True, slots=True)
class ByGateway:
    """How the gateway is used, where Discord does not call us.

    before_login: awaited before every IDENTIFY; what it raises ends the connection. lives: hears
    what happens to servers and channels, which only the gateway tells. shards: how many connections
    the events are spread over; each is run by itself.
    """

    before_login: BeforeLogin | None = None
    lives: Lives | None = None
    shards: int = 1


class DiscordListener:
    """Listens for one application. http: what takes its requests, where Discord calls us.

    invalid: counts what Discord refuses, towards the ban of our address.
    """

    def __init__(
        self,
        reception: Reception,
        *,
        token: str,
        clock: Clock,
        public_key: str = "",
        gateway: ByGateway = ByGateway(),
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._reception = reception
        self._token = token
        self._gateway = gateway
        self._invalid = invalid
        self._comings = Comings(gateway.lives) if gateway.lives is not None else None
        self._clients: dict[int, PapersClient] = {}
        self._logging_in = asyncio.Lock()
        self.http: HttpListener | None = None
        if public_key:
            self.http = HttpListener(reception, Door(public_key), clock, invalid)

    @property
    def ready(self) -> bool:
        """Whether people are heard now."""
        if self.http is not None:
            return self.http.ready
        return any(client.is_ready() for client in self._clients.values())

    async def run(self, shard: int = 0) -> None:
        """Be connected and answer people, until cancelled. shard: which of `shards` to hold.

        Raises ConfigError when Discord does not take the token. Connections that break are taken up
        again by discord.py itself: resumed where Discord lets us, else with a new login.
        """
        if self.http is not None:
            await self.http.run(self._token)
            return
        client = PapersClient(
            self._reception,
            ((shard,), self._gateway.shards),
            before_login=self._turn,
            comings=self._comings,
            invalid=self._invalid,
        )
        async with connected(client):
            self._clients[shard] = client
            await client.start(self._token)

    async def _turn(self) -> None:
        """Before every login: counted, and five seconds after the last one of this process."""
        async with self._logging_in:
            if self._gateway.before_login is not None:
                await self._gateway.before_login()
            if self._gateway.shards > 1:
                await asyncio.sleep(LOGIN_EVERY_S)

    async def drain(self) -> None:
        """Let answers that are being worked on go out, for a few seconds at most."""
        await self._reception.drain(DRAIN_S)
