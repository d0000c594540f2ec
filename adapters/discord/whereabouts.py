"""Which channel a person asks about: where they are, or what the thread they are in belongs to.

On Discord a thread is a channel of its own. What is ordered for a forum or a text channel is read
and judged in threads of it; and in a forum itself nobody can type a command, only in its posts.
"""

import logging
from collections import OrderedDict
from dataclasses import replace

import aiohttp
import discord

from adapters.discord.askers import Interaction, asker_of
from adapters.discord.desk import Knows
from adapters.discord.forums import FORUMS
from adapters.discord.seeing import MOST_KEPT
from bot.model.command import Asker

log = logging.getLogger(__name__)

ORDERING = frozenset({"subscribe", "import"})
"""Verbs that make something where they are typed: a thread of a text channel gets its own order."""


class Whereabouts:
    """Remembers which channels are forums, as far as Discord's cache does not say."""

    def __init__(self, knows: Knows) -> None:
        self._knows = knows
        self._forums: OrderedDict[int, bool] = OrderedDict()

    async def asker(self, interaction: Interaction, verb: str = "") -> Asker:
        """Who asks, and about which channel.

        A thread with orders of its own is meant itself; else what it belongs to, but for a verb
        that makes an order in a thread of a text channel.
        """
        asker = asker_of(interaction)
        thread = interaction.channel
        if not isinstance(thread, discord.Thread) or await self._knows.subscriptions(asker):
            return asker
        if verb in ORDERING and not await self._is_forum(interaction, thread):
            return asker
        return replace(asker, channel=replace(asker.channel, channel=str(thread.parent_id)))

    async def _is_forum(self, interaction: Interaction, thread: discord.Thread) -> bool:
        if thread.parent is not None:
            return isinstance(thread.parent, discord.ForumChannel)
        number = thread.parent_id
        if number not in self._forums:
            # Where Discord calls us over HTTP, nothing told us of its channels.
            try:
                channel = await interaction.client.http.get_channel(number)
            except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
                log.info("channel not looked up", extra={"problem": type(error).__name__})
                return False
            self._forums[number] = channel["type"] in FORUMS
            if len(self._forums) > MOST_KEPT:
                self._forums.popitem(last=False)
        return self._forums[number]
