"""discord.py's client with our commands: the same one behind the gateway and behind HTTP.

The only file that reaches into the library's private parts, and says why each time.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import yarl
from discord import app_commands

from adapters.discord.comings import Comings
from adapters.discord.forms import FORM
from adapters.discord.languages import Languages
from adapters.discord.pace import InvalidRequests, is_invalid
from adapters.discord.presses import DoButton, MoreButton
from adapters.discord.reception import Reception
from adapters.discord.slash import add_commands
from adapters.discord.sync import sync_if_changed
from bot.model.errors import ConfigError

log = logging.getLogger(__name__)

BeforeLogin = Callable[[], Awaitable[None]]

INTERACTION = "INTERACTION_CREATE"
_BAD_TOKEN_CLOSE = 4004
_BAD_SHARDS = {4010: "a shard number", 4011: "too few shards", 4012: "this library's version"}


def point_library_at(*, api_url: str, gateway_url: str) -> None:
    """Let discord.py talk to these addresses. It keeps them for the whole process."""
    discord.http.Route.BASE = api_url.rstrip("/")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    # Voice is not used; its absence is no news.
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False


class PapersClient(discord.AutoShardedClient):
    """Commands, buttons and forms; no privileged intent, no caches it does not need.

    shards: numbers of the shards to hold and how many there are; None is the only one. invalid:
    counts what Discord refuses of all the library asks: answers to people, commands, the login.
    """

    def __init__(
        self,
        reception: Reception,
        shards: tuple[tuple[int, ...], int] | None = None,
        *,
        before_login: BeforeLogin | None = None,
        comings: Comings | None = None,
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._comings = comings
        self._before_login = before_login
        numbers, count = shards or ((0,), 1)
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            shard_ids=list(numbers),
            shard_count=count,
            guild_ready_timeout=0.5,  # nothing waits for the servers' channels
            http_trace=_counting(invalid),
        )
        self.reception = reception
        self.tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(self)
        add_commands(self.tree, reception)
        # The table from event to reader. A gateway event in a form the library does not know raises
        # out of it and ends the connection, and each new one costs a login.
        parsers = self._connection.parsers
        self._take: Callable[[Any], None] = parsers[INTERACTION]
        for event, parse in list(parsers.items()):
            parsers[event] = _guarded(event, parse)

    def take(self, payload: dict[str, Any]) -> None:
        """Handle an interaction that did not come by the gateway.

        Raises what discord.py raises for a payload it cannot read (KeyError, TypeError, …).
        """
        self._take(payload)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Called by discord.py before every new session, not before one that is resumed."""
        if self._before_login is not None:
            await self._before_login()
        await super().before_identify_hook(shard_id, initial=initial)

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Called by discord.py for every interaction; forms are known by their id alone.

        The library itself finds a form only in the process that opened it.
        """
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data
        if str(data.get("custom_id", "")).startswith(FORM):
            await self.reception.take_form(interaction)

    async def on_ready(self) -> None:
        """Called by discord.py when a new session has told which servers there are."""
        if self._comings is not None:
            await self._comings.connected(self.get_channel)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Called by discord.py when the bot was put out of a server, or it is gone."""
        if self._comings is not None:
            await self._comings.removed(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Called by discord.py when the bot comes into a server."""
        if self._comings is not None:
            await self._comings.joined(guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Called by discord.py."""
        if self._comings is not None:
            await self._comings.deleted(channel.guild.id, channel.id)

    async def on_raw_thread_delete(self, thread: discord.RawThreadDeleteEvent) -> None:
        """Called by discord.py, for threads and forum posts."""
        if self._comings is not None:
            await self._comings.deleted(thread.guild_id, thread.thread_id)

    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Called by discord.py, for permissions too."""
        if self._comings is not None:
            await self._comings.changed(after)

    async def setup_hook(self) -> None:
        """Called by discord.py after the login, before the gateway."""
        self.add_dynamic_items(DoButton, MoreButton)
        await self.tree.set_translator(Languages())
        if self.shard_ids and 0 not in self.shard_ids:
            return  # whoever holds the first shard tells Discord about the commands
        try:
            await sync_if_changed(self.tree)
        except discord.HTTPException:
            # The commands of last time still work; people are better served by those.
            log.exception("discord commands not synced")


def _counting(invalid: InvalidRequests | None) -> aiohttp.TraceConfig:
    """Looks at every answer the library gets."""

    async def answered(
        _session: aiohttp.ClientSession, _context: Any, asked: aiohttp.TraceRequestEndParams
    ) -> None:
        if invalid is not None and is_invalid(asked.response.status, asked.response.headers):
            await invalid.count()

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(answered)
    return trace


def _guarded(event: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def take(data: Any) -> None:
        try:
            parse(data)
        except Exception:  # one event we cannot read must not cost the connection
            log.exception("discord event not readable", extra={"event_name": event})

    return take


@asynccontextmanager
async def connected(client: PapersClient) -> AsyncIterator[PapersClient]:
    """The client, closed at the end; what only a person can mend comes out as ConfigError."""
    try:
        async with client:
            yield client
    except discord.LoginFailure as error:
        raise ConfigError("DISCORD_TOKEN: Discord does not know this bot token.") from error
    except discord.PrivilegedIntentsRequired as error:
        raise ConfigError("Discord refuses our intents, although none is privileged.") from error
    except discord.ConnectionClosed as error:
        if error.code == _BAD_TOKEN_CLOSE:
            raise ConfigError("DISCORD_TOKEN: Discord does not take this bot token.") from error
        if error.code in _BAD_SHARDS:
            raise ConfigError(f"Discord refuses {_BAD_SHARDS[error.code]} of ours.") from error
        raise
