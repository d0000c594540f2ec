"""The door for Discord's HTTP interactions: nothing unsigned comes in, and PING is answered.

Discord itself knocks with forged signatures now and then, and switches an address off that lets one
in. Source: developer documentation, "Setting Up an Endpoint: Validating Security Request Headers".
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from adapters.knocking import (
    FORGED,
    LARGEST_BODY,
    TOO_LARGE,
    UNSIGNED,
    WRONG_TIME,
    Turned,
    is_too_deep,
)

OLDEST_REQUEST = timedelta(minutes=5)
"""Our own rule: a recorded request must not work again once its interaction is forgotten."""

PING, PONG = 1, 1
KINDS = (PING, 2, 3, 4, 5)
"""Ping, command, component, autocomplete, form: everything else is not for us."""

_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-fA-F]{128}", re.ASCII)


class Door:
    """Knows the application's public key (64 hexadecimal digits); opens to what Discord signed."""

    def __init__(self, public_key: str) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))

    def open(
        self, headers: Mapping[str, str], body: bytes, *, now: datetime
    ) -> dict[str, Any] | Turned:
        """The interaction in a request, or why it may not come in.

        headers: names in lower case. Checked in the order of cost; a forged request leaves nothing
        of its content behind.
        """
        if len(body) > LARGEST_BODY:
            return TOO_LARGE
        stamp = headers.get("x-signature-timestamp", "")
        signature = headers.get("x-signature-ed25519", "")
        if not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
            return UNSIGNED
        if abs(now.timestamp() - int(stamp)) > OLDEST_REQUEST.total_seconds():
            return WRONG_TIME
        try:
            self._key.verify(bytes.fromhex(signature), stamp.encode() + body)
        except InvalidSignature:
            return FORGED
        return _interaction(body)


def _interaction(body: bytes) -> dict[str, Any] | Turned:
    try:
        text = body.decode("utf-8")
        if is_too_deep(text):
            return Turned(400, "signed, but nested too deeply")
        payload = json.loads(text, object_pairs_hook=_no_field_twice)
    except ValueError:
        return Turned(400, "signed, but not readable")
    kind = payload.get("type") if isinstance(payload, dict) else None
    if not isinstance(kind, int):
        return Turned(400, "signed, but no interaction")
    # Discord may invent kinds: one that is not ours is taken and left alone.
    return payload if kind in KINDS else Turned(202, "signed, but of a kind we do not know")


def _no_field_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands twice")
    return fields
