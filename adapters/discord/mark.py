"""A short reference in each posted page, by which it is recognised when channels are read back.

Discord de-duplicates by nonce for a few minutes only and does not keep the nonce in the history,
so the page itself has to say which delivery it is. The reference is a digest of the delivery's
marker: it tells nothing, and is the same over all attempts.
"""

import base64
import copy
import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from adapters.discord.render import TEXT
from bot.model.delivery import Payload

_LENGTH = 10
_SMALL = "-# "

PLAIN = 1_900
"""Characters of a text that stands alone: whatever was too long before, this is not."""


def reference(marker: str) -> str:
    """The text to look for, such as `ref k3v9q2mdzt`."""
    digest = hashlib.sha256(marker.encode()).digest()
    return "ref " + base64.b32encode(digest).decode().lower()[:_LENGTH]


def marked(page: Payload, marker: str) -> Payload:
    """`page` with the reference: behind the small print that ends it, or as some of its own."""
    made = copy.deepcopy(page)
    last = _last_text(made)
    if str(last.get("content", "")).startswith(_SMALL):
        last["content"] += f" · {reference(marker)}"
    else:
        made["components"].append({"type": TEXT, "content": _SMALL + reference(marker)})
    return made


def plain(page: Payload) -> Payload | None:
    """The words of a page as one text; None if it is no more than that already."""
    words = "\n".join(_words(page.get("components") or ()))[:PLAIN]
    made = {**page, "components": [{"type": TEXT, "content": words}]}
    return made if words.strip() and made != page else None


def _words(parts: Iterable[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        if part.get("type") == TEXT:
            yield str(part.get("content", ""))
        yield from _words(part.get("components") or ())


def is_marked(message: dict[str, Any], marker: str) -> bool:
    """Whether a message read from a channel carries the reference."""
    end = str(_last_text(message).get("content") or "").rpartition("\n")[2]
    return end.startswith(_SMALL) and end.removeprefix(_SMALL).split(" · ")[-1] == reference(marker)


def _last_text(message: dict[str, Any]) -> dict[str, Any]:
    """The last text of a message that stands by itself; an empty one if there is none."""
    parts = message.get("components") or ()
    texts = [part for part in parts if isinstance(part, dict) and part.get("type") == TEXT]
    return texts[-1] if texts else {}
