"""The stock Web API client, set up so that it never repeats a call by itself.

With the SDK's own retry handlers a connection that drops after Slack has stored a message makes
the client send it again: two posts. Retrying is the outbox's business, which can look first.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from copy import copy

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.last_look import last_look

SLACK_API = "https://slack.com/api/"
SECONDS = 15
"""Time limit of one call, within a third of the outbox's lease."""

# At DEBUG the SDK writes what it sends.
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


def new_client(token: str, api_url: str = SLACK_API, *, seconds: int = SECONDS) -> AsyncWebClient:
    """A client for one workspace. api_url: GovSlack, a proxy or a test server."""
    base_url = api_url if api_url.endswith("/") else f"{api_url}/"
    return AsyncWebClient(
        token=token, base_url=base_url, timeout=seconds, retry_handlers=[], logger=_log
    )


@asynccontextmanager
async def posting(client: AsyncWebClient) -> AsyncIterator[AsyncWebClient]:
    """The same client for one call that shows something: the lease is looked at as it is written.

    Like the SDK itself it opens a connection for each call: one that was kept may have been closed
    by Slack meanwhile, and then nobody knows whether the call arrived.
    """
    async with aiohttp.ClientSession(
        timeout=aiohttp.ClientTimeout(total=client.timeout), trace_configs=[last_look()]
    ) as session:
        mine = copy(client)
        mine.session = session
        yield mine
