"""Payloads and words as JSON: what many messages share is written once."""

import json
from typing import Any

from bot.model.delivery import Payload, Shared

# Nothing that is written here holds itself.
written = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode


def payload_text(payload: Payload) -> str:
    """A payload as JSON. Its shared parts stand in lists at its first level."""
    told = [f"{written(name)}:{_value(value)}" for name, value in payload.items()]
    return f"{{{','.join(told)}}}"


def _value(value: Any) -> str:
    if not isinstance(value, list):
        return written(value)
    parts = [
        (one.written or _shared(one)) if isinstance(one, Shared) else written(one) for one in value
    ]
    return f"[{','.join(parts)}]"


def _shared(part: Shared) -> str:
    part.written = written(part)
    return part.written
