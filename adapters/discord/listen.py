"""Listens on Discord's gateway: slash commands, buttons and menus, no privileged intent.

Presses are recognised by their custom_id alone (controls.py), so they work after a restart and on
messages of any age.
"""

import logging
import re
from typing import Any, Self, cast

import discord
import yarl
from discord import app_commands

from adapters.discord.controls import CHOOSE, DO
from adapters.discord.reception import Answers, Interaction, Reception
from adapters.discord.slash import add_commands
from adapters.discord.sync import sync_if_changed
from bot.model.errors import ConfigError

log = logging.getLogger(__name__)

GATEWAY_URL = "wss://gateway.discord.gg/"

_CHANGING = ("subscribe", "unsubscribe", "pause", "resume")
_BAD_TOKEN_CLOSE = 4004


async def listen(
    answers: Answers, *, token: str, api_url: str, gateway_url: str = GATEWAY_URL
) -> None:
    """Be connected and answer people, until cancelled.

    Raises ConfigError when Discord does not take the token. Connections that break are taken up
    again by discord.py itself.
    """
    discord.http.Route.BASE = api_url.rstrip("/")
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    # Voice is not used; its absence is no news.
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False
    try:
        async with Listener(answers) as client:
            await client.start(token)
    except discord.LoginFailure as error:
        raise ConfigError("DISCORD_TOKEN: Discord does not know this bot token.") from error
    except discord.ConnectionClosed as error:
        if error.code != _BAD_TOKEN_CLOSE:
            raise
        raise ConfigError("DISCORD_TOKEN: Discord does not take this bot token.") from error


class Listener(discord.Client):
    """discord.py's client with our commands."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
        )
        self.reception = Reception(answers)
        self.tree: app_commands.CommandTree[discord.Client] = app_commands.CommandTree(self)
        add_commands(self.tree, self.reception)

    async def setup_hook(self) -> None:
        """Called by discord.py after the login, before the gateway."""
        self.add_dynamic_items(DoButton, ChooseMenu)
        try:
            await sync_if_changed(self.tree)
        except discord.HTTPException:
            # The commands of last time still work; people are better served by those.
            log.exception("discord commands not synced")


class DoButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=re.compile(re.escape(DO) + "(?P<line>.+)", re.DOTALL),
):
    """A button that stands for a command line."""

    def __init__(self, line: str) -> None:
        super().__init__(discord.ui.Button(custom_id=DO + line))
        self.line = line

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Made anew for every press."""
        return cls(match["line"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the command."""
        await _pressed(interaction, self.line)


class ChooseMenu(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=re.compile(CHOOSE)
):
    """A menu whose options stand for command lines."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Select(custom_id=CHOOSE))

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        _match: re.Match[str],
        /,
    ) -> Self:
        """Made anew for every choice."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the command of the chosen option."""
        await _pressed(interaction, self.item.values[0])


async def _pressed(interaction: Interaction, line: str) -> None:
    client = cast("Listener", interaction.client)
    await client.reception.say(interaction, line, changes=line.startswith(_CHANGING))
