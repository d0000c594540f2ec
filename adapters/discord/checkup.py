"""Whether the bot token works, and how many logins it has left today: for `papers doctor`."""

from dataclasses import dataclass
from typing import Any

import aiohttp

from adapters.discord.post import API_URL, USER_AGENT
from bot.model.errors import ConfigError

WITHIN_S = 10.0
FEW_LOGINS = 50
"""Discord resets the token of a bot that logs in more than 1,000 times a day."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token makes us. logins_left: until Discord's day is over; None if it did not say."""

    bot: str
    logins_left: int | None

    @property
    def few_logins(self) -> bool:
        """Whether something restarts the bot over and over."""
        return self.logins_left is not None and self.logins_left < FEW_LOGINS


async def identify(token: str, api_url: str = API_URL) -> Identity | str:
    """Ask Discord whose token this is; the identity, or in words why there is none.

    It does not log in: that would use up one of the day's logins.
    """
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            me = await _get(session, f"{api_url.rstrip('/')}/users/@me")
            if isinstance(me, str):
                return me
            gateway = await _get(session, f"{api_url.rstrip('/')}/gateway/bot")
    except (aiohttp.ClientError, TimeoutError) as error:
        return f"Discord does not answer: {type(error).__name__}"
    limit = gateway.get("session_start_limit") if isinstance(gateway, dict) else None
    left = limit.get("remaining") if isinstance(limit, dict) else None
    return Identity(
        bot=str(me.get("username", "")), logins_left=left if isinstance(left, int) else None
    )


async def application(token: str, api_url: str = API_URL) -> str:
    """The id of the application a token belongs to. Raises ConfigError in words without it."""
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    timeout = aiohttp.ClientTimeout(total=WITHIN_S)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            found = await _get(session, f"{api_url.rstrip('/')}/oauth2/applications/@me")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ConfigError(f"Discord does not answer: {type(error).__name__}") from error
    if isinstance(found, str):
        raise ConfigError(found)
    return str(found.get("id", ""))


async def _get(session: aiohttp.ClientSession, url: str) -> dict[str, Any] | str:
    async with session.get(url) as answer:
        if answer.status == 401:
            return "401: Discord does not know this token; check DISCORD_TOKEN"
        if answer.status != 200:
            return f"Discord answers {answer.status}; is DISCORD_API_URL right?"
        try:
            body = await answer.json(content_type=None)
        except ValueError:
            body = None
        return body if isinstance(body, dict) else "the answer is not in Discord's form"
