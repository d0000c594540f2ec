"""Checks of Discord's settings; see values.py for how they speak."""

import re

_WEBHOOK = re.compile(
    r"https?://[^/\s,]+(?:/api(?:/v[0-9]+)?)?/webhooks/[0-9]{15,25}/[A-Za-z0-9_-]{30,100}"
)


def discord_webhooks(value: str) -> str:
    """Addresses of webhooks, with commas between."""
    for number, address in enumerate(value.split(","), start=1):
        if not _WEBHOOK.fullmatch(address.strip()):
            raise ValueError(
                f"entry {number} is not a webhook's address: copy it from Discord (channel "
                "settings, Integrations, Webhooks, Copy Webhook URL), with commas between several"
            )
    return value


MOST_SHARDS = 1_000


def discord_shards(value: str) -> int:
    """How many connections the gateway's events are spread over."""
    if re.fullmatch(r"[0-9]{1,4}", value) and 1 <= int(value) <= MOST_SHARDS:
        return int(value)
    raise ValueError(f"is not a number of shards: a whole number from 1 to {MOST_SHARDS}")
