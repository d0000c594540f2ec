"""Answers through the response URL of what a person just did.

The address works without a token, five times within half an hour, also where the app is no member;
it is a secret and is never logged.
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


async def answer(
    response_url: str, private: list[Payload], public: list[Payload] | None = None
) -> None:
    """Show the private pages to the person who asked alone, the public ones to the channel.

    The address takes five pages; whoever has more brings the rest another way.
    """
    # Without retries: an answer that got lost is asked for again, a doubled one only puzzles.
    client = AsyncWebhookClient(response_url, timeout=SECONDS, retry_handlers=[], logger=_sdk_log)
    shared = (public or [])[:RESPONSE_URL_USES]
    kept = private[: RESPONSE_URL_USES - len(shared)]
    for page, kind in [(page, "ephemeral") for page in kept] + [
        (page, "in_channel") for page in shared
    ]:
        try:
            if not await _sent(client, page, kind):
                return
        except (ClientError, TimeoutError, OSError) as error:
            log.warning("answer lost", extra={"reason": type(error).__name__})
            return


async def _sent(client: AsyncWebhookClient, page: Payload, kind: str) -> bool:
    reply = await client.send(
        text=page["text"],
        blocks=page.get("blocks"),
        response_type=kind,
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
    return await _sent(client, {"text": page["text"]}, kind)
