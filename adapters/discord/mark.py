"""A short reference in each posted page, by which it is recognised when channels are read back.

Discord de-duplicates by nonce for a few minutes only and does not keep the nonce in the history,
so the page itself has to say which delivery it is. The reference is a digest of the delivery's
marker: it tells nothing, and is the same over all attempts.
"""

import base64
import copy
import hashlib
from typing import Any

from bot.model.delivery import Payload

_LENGTH = 10


def reference(marker: str) -> str:
    """The text to look for, such as `ref k3v9q2mdzt`."""
    digest = hashlib.sha256(marker.encode()).digest()
    return "ref " + base64.b32encode(digest).decode().lower()[:_LENGTH]


def marked(page: Payload, marker: str) -> Payload:
    """`page` with the reference: in the last embed's footer, or else as small print."""
    made = copy.deepcopy(page)
    embeds = made.get("embeds")
    if embeds:
        footer = embeds[-1].setdefault("footer", {"text": ""})
        footer["text"] = " · ".join(part for part in (footer["text"], reference(marker)) if part)
    else:
        made["content"] = f"{made.get('content', '')}\n-# {reference(marker)}".lstrip("\n")
    return made


def is_marked(message: dict[str, Any], marker: str) -> bool:
    """Whether a message read from a channel carries the reference."""
    wanted = reference(marker)
    footers = [
        str((embed.get("footer") or {}).get("text") or "") for embed in message.get("embeds") or ()
    ]
    small = str(message.get("content") or "").rpartition("\n")[2].removeprefix("-# ")
    return small == wanted or any(
        footer == wanted or footer.endswith(" · " + wanted) for footer in footers
    )
