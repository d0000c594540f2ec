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
