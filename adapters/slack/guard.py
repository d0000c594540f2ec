"""The door for Slack's HTTP requests: nothing unsigned comes in, nothing signed is turned away.

Slack switches off the events of every workspace when most answers in an hour are not 2xx, so a
request with a good signature is answered 200 whatever is in it. A forged one leaves no trace of its
content, not even in the log.
Source: Slack's pages on verifying requests and on the Events API ("Failure conditions").
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from adapters.knocking import (
    FORGED,
    LARGEST_BODY,
    TOO_LARGE,
    UNSIGNED,
    WRONG_TIME,
    Turned,
    is_too_deep,
)
from adapters.slack.limits import OLDEST_REQUEST

MOST_FIELDS = 100
_TIMESTAMP = re.compile(r"\d{10}", re.ASCII)
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)


def problem_with(
    headers: Mapping[str, str], body: bytes, *, secret: str, now: datetime
) -> Turned | None:
    """Why this request may not come in; None if Slack signed it within five minutes.

    headers: with names in lower case. Checked in the order of cost.
    """
    if len(body) > LARGEST_BODY:
        return TOO_LARGE
    stamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    if not _TIMESTAMP.fullmatch(stamp) or not _SIGNATURE.fullmatch(signature):
        return UNSIGNED
    if abs(now.timestamp() - int(stamp)) > OLDEST_REQUEST.total_seconds():
        return WRONG_TIME
    signed = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    if not hmac.compare_digest(f"v0={signed.hexdigest()}", signature):
        return FORGED
    return None


def readable(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the body of a signed request is a form or a JSON object Bolt can take."""
    try:
        text = body.decode("utf-8")
        if headers.get("content-type", "").startswith("application/json"):
            return _is_object(text)
        form = parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        payload = form.get("payload")
        if payload is None:
            return bool(form)
        return len(payload) == 1 and _is_object(payload[0])
    except ValueError:
        return False


def _is_object(text: str) -> bool:
    if is_too_deep(text):
        return False
    value: Any = json.loads(text)
    return isinstance(value, dict)
