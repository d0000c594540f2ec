"""Hears what people do on Discord: by the gateway, or over HTTP where a public key is given.

One code path behind both ways: the client's commands, buttons and forms (client.py).
"""

from adapters.discord.client import BeforeLogin, PapersClient, connected
from adapters.discord.comings import Comings, Lives
from adapters.discord.door import Door
from adapters.discord.http import HttpListener
from adapters.discord.reception import Reception
from bot.ports import Clock

GATEWAY_URL = "wss://gateway.discord.gg/"
DRAIN_S = 5.0


class DiscordListener:
    """Listens for one application. http: what takes its requests, where Discord calls us.

    lives: hears what happens to servers and channels; only the gateway tells.
    before_login: awaited before every IDENTIFY; what it raises ends the connection.
    """

    def __init__(
        self,
        reception: Reception,
        *,
        token: str,
        clock: Clock,
        public_key: str = "",
        before_login: BeforeLogin | None = None,
        lives: Lives | None = None,
    ) -> None:
        self._comings = Comings(lives) if lives is not None else None
        self._before_login = before_login
        self._reception = reception
        self._client: PapersClient | None = None
        self._token = token
        self.http = HttpListener(reception, Door(public_key), clock) if public_key else None

    @property
    def ready(self) -> bool:
        """Whether people are heard now."""
        if self.http is not None:
            return self.http.ready
        return self._client is not None and self._client.is_ready()

    async def run(self) -> None:
        """Be connected and answer people, until cancelled.

        Raises ConfigError when Discord does not take the token. Connections that break are taken up
        again by discord.py itself: resumed where Discord lets us, else with a new login.
        """
        if self.http is not None:
            await self.http.run(self._token)
            return
        client = PapersClient(
            self._reception, before_login=self._before_login, comings=self._comings
        )
        async with connected(client):
            self._client = client
            await client.start(self._token)

    async def drain(self) -> None:
        """Let answers that are being worked on go out, for a few seconds at most."""
        await self._reception.drain(DRAIN_S)
