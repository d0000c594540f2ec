"""The whole Messenger for Discord, with connections of its own."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from adapters.discord.pace import InvalidRequests
from adapters.discord.places import PlacesMessenger, Publishes
from adapters.discord.post import API_URL, bot_session
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
    async with bot_session(token) as bot, bot_session("") as plain:
        hooks = Webhooks(plain, api_url, webhooks, invalid=invalid)
        yield PlacesMessenger(
            bot, api_url=api_url, webhooks=hooks, publishes=publishes, invalid=invalid, **more
        )
