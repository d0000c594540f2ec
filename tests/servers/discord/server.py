"""A local Discord on 127.0.0.1: REST v10 and gateway, with Discord's rules and a record."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from tests.servers.discord import openapi
from tests.servers.discord.account_routes import AccountRoutes
from tests.servers.discord.buckets import Limits, RateLimiter
from tests.servers.discord.calling import Caller
from tests.servers.discord.command_routes import CommandRoutes
from tests.servers.discord.gateway import Gateway
from tests.servers.discord.interaction_routes import InteractionRoutes
from tests.servers.discord.interactions import Interaction, Interactions
from tests.servers.discord.message_routes import MessageRoutes
from tests.servers.discord.people import People
from tests.servers.discord.rest import Desk
from tests.servers.discord.shapes import channel_json, guild_json
from tests.servers.discord.thread_routes import ThreadRoutes
from tests.servers.discord.world import (
    BOT_PERMISSIONS,
    MEMBER_PERMISSIONS,
    Channel,
    Clock,
    Guild,
    Message,
    Permission,
    User,
    World,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

API_PREFIX = "/api/v10"
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.local-discord-test-token-0000000000"


class DiscordServer:
    """Use as `async with DiscordServer() as server`.

    limits: which rate limits hold. strict: a body that breaks Discord's published schema is
    answered 400/50035, else it is only recorded in `violations`. clock: the server's time.
    """

    def __init__(
        self, *, limits: Limits | None = None, strict: bool = False, clock: Clock | None = None
    ) -> None:
        self.token = TOKEN
        self.clock = clock or Clock()
        self.world = World(self.clock)
        path = openapi.published_file()
        self.desk = Desk(
            token=self.token,
            limiter=RateLimiter(limits or Limits(), self.clock),
            schema=openapi.load(path) if path else None,
            strict=strict,
        )
        self.gateway = Gateway(self.world, self.token, lambda: self.gateway_url)
        self.commands = CommandRoutes(self.world)
        self.messages = MessageRoutes(self.world, lambda _event, _message: None)
        interactions = Interactions(self.world)
        self.threads = ThreadRoutes(self.world, self.messages.say)
        self.caller = Caller(self.clock)
        self.people = People(self.world, interactions, self.commands, self.gateway, self.caller)
        self._operations = [
            *AccountRoutes(
                self.world, lambda: self.gateway_url, self.gateway.session_start
            ).operations(),
            *self.commands.operations(),
            *self.messages.operations(),
            *self.threads.operations(),
            *InteractionRoutes(self.world, interactions, self.messages).operations(),
        ]
        self._runner: web.AppRunner | None = None
        self._address = ""

    # Coming and going -----------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=26 * 1024 * 1024)
        app.add_routes(self.desk.routes(self._operations, API_PREFIX))
        app.router.add_get("/gateway/", self.gateway.serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{runner.addresses[0][1]}"
        self._runner = runner
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.gateway.drop(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://{self._address}{API_PREFIX}"

    @property
    def gateway_url(self) -> str:
        return f"ws://{self._address}/gateway/"

    @contextlib.contextmanager
    def library(self) -> Iterator[None]:
        """Point discord.py at this server, and back to Discord afterwards."""
        import yarl  # noqa: PLC0415 - same

        import discord  # noqa: PLC0415 - the server itself must not need the library

        route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
        before = route.BASE, socket.DEFAULT_GATEWAY
        route.BASE, socket.DEFAULT_GATEWAY = self.api_url, yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            route.BASE, socket.DEFAULT_GATEWAY = before

    # Who and what is there ------------------------------------------------------------------

    def add_guild(self, name: str = "Lab") -> Guild:
        return self.world.add_guild(name)

    def add_channel(
        self,
        guild: Guild,
        name: str = "papers",
        *,
        kind: int = 0,
        bot_permissions: Permission = BOT_PERMISSIONS,
    ) -> Channel:
        return self.world.add_channel(guild, name, kind=kind, bot_permissions=bot_permissions)

    def add_webhook(self, channel: Channel) -> str:
        """A new webhook's address."""
        made = self.messages.add_webhook(channel)
        return f"{self.api_url}/webhooks/{made.id}/{made.token}"

    def add_member(self, guild: Guild, name: str = "noether", *, manages: bool = False) -> User:
        extra = Permission.MANAGE_GUILD if manages else Permission(0)
        return self.world.add_member(guild, name, MEMBER_PERMISSIONS | extra)

    def channel(self, channel_id: int) -> Channel:
        return self.world.channels[channel_id]

    def shown(self, channel: Channel) -> list[Message]:
        """What stands in the channel, in order, without what only single people saw."""
        return list(self.world.channels[channel.id].messages)

    async def delete_channel(self, channel: Channel) -> None:
        channel.deleted = True
        data = {"id": str(channel.id), "guild_id": str(channel.guild_id), "type": channel.type}
        await self.gateway.dispatch("CHANNEL_DELETE", data, guild_id=channel.guild_id)

    async def kick_bot(self, guild: Guild) -> None:
        guild.has_bot = False
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)

    async def invite_bot(self, guild: Guild) -> None:
        guild.has_bot = True
        data = guild_json(guild, self.world.bot)
        await self.gateway.dispatch("GUILD_CREATE", data, guild_id=guild.id)

    async def change_rights(self, channel: Channel, rights: Permission) -> None:
        """Give the bot exactly these rights in a channel."""
        channel.bot_permissions = rights
        mine = {
            "id": str(self.world.bot.id),
            "type": 1,
            "allow": str(int(rights)),
            "deny": str(int(BOT_PERMISSIONS & ~rights)),
        }
        channel.overwrites = [mine]
        data = channel_json(channel)
        await self.gateway.dispatch("CHANNEL_UPDATE", data, guild_id=channel.guild_id)

    # What people do -------------------------------------------------------------------------

    async def slash(
        self,
        channel: Channel,
        user: User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        answers: int = 1,
        hidden_too: bool = False,
    ) -> Interaction:
        """See `People.slash`."""
        return await self.people.slash(
            channel, user, command, options, answers=answers, hidden_too=hidden_too
        )

    # What was learnt ------------------------------------------------------------------------

    @property
    def violations(self) -> list[openapi.Violation]:
        """Bodies that broke Discord's published schema (empty too when the file is absent)."""
        return self.desk.violations

    @property
    def earned(self) -> list[str]:
        """Every 429 that a client brought upon itself."""
        return self.desk.limiter.earned

    def asked(self, operation: str) -> list[Any]:
        """The bodies sent to one operation, in order."""
        return [one.body for one in self.desk.asked if one.operation == operation]
