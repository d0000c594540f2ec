"""What happens to servers and channels while the bot is in them: told to the life cycle.

Configuration is kept: subscriptions wait, with the reason, and go on by themselves. What happens
while nobody listens is noticed at the next post (meanings.py).
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord

from adapters.discord.invitation import lacking
from bot.model.errors import BotError
from bot.model.memory import Standing
from bot.model.subscription import Channel, Platform

log = logging.getLogger(__name__)

REMOVED = "Paperwire was removed from the server; invite it again and everything goes on"
DELETED = "the channel was deleted; subscribe in another one"


Find = Callable[[int], Any]
"""A channel this process knows, by its id; None where it knows none."""


class Lives(Protocol):
    """The life cycle; see `bot.commands.lifecycle.Lifecycle`."""

    async def known(self, channel: Channel) -> bool:
        """Whether anything was ever ordered there."""
        ...

    async def suspend(self, channel: Channel, reason: str, *, is_gone: bool = False) -> None:
        """Post nothing there until `resume`."""
        ...

    async def resume(self, channel: Channel) -> None:
        """Go on."""
        ...

    async def workspace_gone(self, platform: Platform, workspace: str, reason: str) -> None:
        """The bot was put out of a workspace."""
        ...

    async def workspace_back(self, platform: Platform, workspace: str) -> None:
        """It was let in again."""
        ...

    async def channels(self, platform: Platform) -> list[Standing]:
        """Every channel of a platform, and how things are there."""
        ...


class Comings:
    """Turns gateway events into calls of the life cycle; a store that is down loses only the event."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives

    async def removed(self, guild: discord.Guild) -> None:
        """Kicked, banned, or the server is gone. An outage of Discord's comes by another event."""
        gone = self._lives.workspace_gone(Platform.DISCORD, str(guild.id), REMOVED)
        await _kept(gone, "removed", guild.id)

    async def joined(self, guild: discord.Guild) -> None:
        """Invited, perhaps not for the first time."""
        await _kept(self._joined(guild), "joined", guild.id)

    async def connected(self, find: Find) -> None:
        """A new session began: what changed while nobody listened was told by no event."""
        await _kept(self._look(find), "connected", 0)

    async def deleted(self, guild_id: int, channel_id: int) -> None:
        """A channel, forum or thread is gone."""
        await _kept(self._deleted(_channel(guild_id, channel_id)), "deleted", channel_id)

    async def changed(self, channel: discord.abc.GuildChannel | discord.Thread) -> None:
        """Permissions or the name of a channel are others now."""
        await _kept(self._changed(channel), "changed", channel.id)

    async def _joined(self, guild: discord.Guild) -> None:
        await self._lives.workspace_back(Platform.DISCORD, str(guild.id))
        await self._look(guild.get_channel_or_thread)

    async def _look(self, find: Find) -> None:
        """Look anew at the channels that wait, as far as `find` knows them."""
        for one in await self._lives.channels(Platform.DISCORD):
            number = one.channel.channel
            channel = find(int(number)) if one.reason and number.isdecimal() else None
            if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
                await self._changed(channel)

    async def _deleted(self, channel: Channel) -> None:
        if await self._lives.known(channel):
            await self._lives.suspend(channel, DELETED, is_gone=True)

    async def _changed(self, channel: discord.abc.GuildChannel | discord.Thread) -> None:
        there = _channel(channel.guild.id, channel.id)
        if not await self._lives.known(there):
            return
        lacking = missing_rights(channel)
        if lacking:
            await self._lives.suspend(there, f"give Paperwire in this channel: {lacking}")
        else:
            await self._lives.resume(there)


def missing_rights(channel: discord.abc.GuildChannel | discord.Thread) -> str:
    """Permissions the bot lacks to post in a channel, as Discord calls them; empty if none."""
    rights = channel.permissions_for(channel.guild.me).value
    missing = lacking(rights, in_thread=isinstance(channel, discord.Thread))
    return ", ".join(one.name for one in missing if not one.optional)


def _channel(guild_id: int, channel_id: int) -> Channel:
    return Channel(Platform.DISCORD, str(guild_id), str(channel_id))


async def _kept(told: Awaitable[None], what: str, number: int) -> None:
    try:
        await told
    except BotError:
        log.exception("discord event not kept", extra={"what": what, "id": number})
