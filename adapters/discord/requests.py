"""One request to Discord, and its answer as far as it decides."""

import json
from typing import Any

import aiohttp

from adapters.discord.meanings import Answer
from adapters.discord.pace import InvalidRequests, hold, is_invalid


async def asked(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    body: Any = None,
    params: dict[str, str] | None = None,
    *,
    invalid: InvalidRequests | None = None,
) -> Answer:
    """Ask once. Raises aiohttp.ClientError or TimeoutError when there is no answer."""
    async with session.request(method, url, json=body, params=params) as response:
        raw = await response.read()
        if invalid is not None and is_invalid(response.status, response.headers):
            await invalid.count()
        try:
            read = json.loads(raw)
        except ValueError:
            read = None
        return Answer(
            status=response.status,
            body=read,
            retry_after=response.headers.get("Retry-After", ""),
            by_discord="Via" in response.headers,
            hold=hold(response.headers),
        )
