"""Asks Discord now and then which servers and channels are still there.

The gateway tells of them only to those who listen at that moment, and over HTTP nobody is told: a
server that put the bot out, or a channel that was deleted, would be tried for ever and its data
kept for ever.
"""

import asyncio
import logging
from collections import defaultdict
from datetime import timedelta
from typing import Any

import aiohttp

from adapters.discord.comings import DELETED, REMOVED, Lives
from adapters.discord.meanings import Answer
from adapters.discord.pace import InvalidRequests
from adapters.discord.post import API_URL, LOST, digits
from adapters.discord.requests import asked
from bot.model.memory import Standing
from bot.model.subscription import Platform

log = logging.getLogger(__name__)

CALL_EVERY = timedelta(hours=6)

GUILDS_A_PAGE = 200
"""Developer documentation, "Get Current User Guilds"."""

NO_SUCH_CHANNEL = 10003


class RollCall:
    """Compares what the store knows with what Discord says. session: with the bot's Authorization."""

    def __init__(
        self,
        lives: Lives,
        session: aiohttp.ClientSession,
        *,
        api_url: str = API_URL,
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._lives = lives
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._invalid = invalid

    async def run(self) -> None:
        """Call the roll at once and every six hours."""
        while True:
            await self.call()
            await asyncio.sleep(CALL_EVERY.total_seconds())

    async def call(self) -> None:
        """Suspend what is gone and let go on what is back. No answer changes nothing."""
        servers: dict[str, list[Standing]] = defaultdict(list)
        for one in await self._lives.channels(Platform.DISCORD):
            if digits(one.channel.workspace) == one.channel.workspace:  # no webhook, no person
                servers[one.channel.workspace].append(one)
        if not servers:
            return
        present = await self._servers()
        if present is None:
            log.warning("discord servers not compared: no answer")
            return
        for server, channels in servers.items():
            if server not in present:
                await self._lives.workspace_gone(Platform.DISCORD, server, REMOVED)
            elif any(one.reason == REMOVED for one in channels):
                await self._lives.workspace_back(Platform.DISCORD, server)
            else:
                await self._look_at(channels)

    async def _look_at(self, channels: list[Standing]) -> None:
        """Channels in which posts are refused may be gone for good."""
        for one in channels:
            if one.refused and await self._is_deleted(one.channel.channel):
                await self._lives.suspend(one.channel, DELETED, is_gone=True)

    async def _is_deleted(self, channel: str) -> bool:
        if digits(channel) != channel:
            return False
        answer = await self._get(f"/channels/{channel}")
        if answer is None or answer.status != 404 or not isinstance(answer.body, dict):
            return False
        return answer.body.get("code") == NO_SUCH_CHANNEL

    async def _servers(self) -> set[str] | None:
        """Ids of the servers the bot is in; None when Discord did not say."""
        found: set[str] = set()
        after = "0"
        while True:
            query = {"limit": str(GUILDS_A_PAGE), "after": after}
            answer = await self._get("/users/@me/guilds", query)
            if answer is None or answer.status != 200 or not isinstance(answer.body, list):
                return None
            ids = [str(one["id"]) for one in answer.body if isinstance(one, dict) and "id" in one]
            found.update(ids)
            if len(ids) < GUILDS_A_PAGE:
                return found
            after = max(ids, key=int)

    async def _get(self, path: str, params: dict[str, Any] | None = None) -> Answer | None:
        url = self._api_url + path
        try:
            return await asked(self._session, "GET", url, params=params, invalid=self._invalid)
        except LOST:
            return None
