"""Payloads and words as JSON: what many messages share is written once."""

import json
from typing import Any

from bot.model.delivery import Payload, Shared

# Nothing that is written here holds itself.
written = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode


def payload_text(payload: Payload) -> str:
    """A payload as JSON. Its shared parts stand in lists at its first level."""
    values = (
        f"[{','.join(map(_part, value))}]" if isinstance(value, list) else written(value)
        for value in payload.values()
    )
    names = map(written, payload)
    return f"{{{','.join(f'{name}:{value}' for name, value in zip(names, values, strict=True))}}}"


def _part(part: Any) -> str:
    if not isinstance(part, Shared):
        return written(part)
    if not part.written:
        part.written = written(part)
    return part.written
