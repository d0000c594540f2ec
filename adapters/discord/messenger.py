"""The whole Messenger for Discord, with connections of its own."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from adapters.discord.pace import InvalidRequests
from adapters.discord.places import PlacesMessenger, Publishes
from adapters.discord.post import ANSWER_WITHIN_S, API_URL, CONNECT_WITHIN_S, USER_AGENT
from adapters.discord.webhooks import Webhooks


@asynccontextmanager
async def everywhere(
    token: str = "",
    *,
    api_url: str = API_URL,
    webhooks: Iterable[str] = (),
    publishes: Publishes | None = None,
    invalid: InvalidRequests | None = None,
    **more: Any,
) -> AsyncIterator[PlacesMessenger]:
    """A messenger for every kind of place; closed at the end.

    token: the bot's; without one only webhooks can be posted to. webhooks: their addresses.
    """
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S, sock_connect=CONNECT_WITHIN_S)
    agent = {"User-Agent": USER_AGENT}
    headers = agent | ({"Authorization": f"Bot {token}"} if token else {})
    async with (
        aiohttp.ClientSession(
            timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
        ) as bot,
        aiohttp.ClientSession(
            timeout=timeout, headers=agent, cookie_jar=aiohttp.DummyCookieJar()
        ) as plain,
    ):
        hooks = Webhooks(plain, api_url, webhooks, invalid=invalid)
        yield PlacesMessenger(
            bot, api_url=api_url, webhooks=hooks, publishes=publishes, invalid=invalid, **more
        )
