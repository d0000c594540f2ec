"""Answers to one person, through the response URL of what they just did.

The address works without a token, five times within half an hour; it is a secret and is never
logged.
"""

import logging

from aiohttp import ClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.limits import RESPONSE_URL_USES
from bot.model.delivery import Payload

SECONDS = 10

log = logging.getLogger(__name__)

# At DEBUG the SDK writes the address.
_sdk_log = logging.getLogger(f"{__name__}.sdk")
_sdk_log.setLevel(logging.INFO)


async def answer(response_url: str, pages: list[Payload]) -> None:
    """Show the pages to the person who asked, and to nobody else.

    More pages than the address takes are dropped; commands keep their answers far below that.
    """
    # Without retries: an answer that got lost is asked for again, a doubled one only puzzles.
    client = AsyncWebhookClient(response_url, timeout=SECONDS, retry_handlers=[], logger=_sdk_log)
    for page in pages[:RESPONSE_URL_USES]:
        try:
            if not await _sent(client, page):
                return
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("answer lost", extra={"reason": type(error).__name__})
            return


async def _sent(client: AsyncWebhookClient, page: Payload) -> bool:
    reply = await client.send(
        text=page["text"],
        blocks=page.get("blocks"),
        response_type="ephemeral",
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
    )
    if reply.status_code == 200:
        return True
    log.warning(
        "answer refused", extra={"status": reply.status_code, "reason": (reply.body or "")[:300]}
    )
    if reply.status_code in (404, 410) or "blocks" not in page:
        return False
    return await _sent(client, {"text": page["text"]})
