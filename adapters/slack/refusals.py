"""Reading what Slack's SDK raises, which has no one form."""

from typing import Any

from aiohttp import ClientConnectorError, ClientError, ConnectionTimeoutError, InvalidURL
from slack_sdk.errors import SlackApiError

NEVER_ARRIVED = (ClientConnectorError, ConnectionTimeoutError, InvalidURL)
"""No connection came about (name not found, refused, TLS, connect timeout): nothing was sent."""

LOST = (ClientError, TimeoutError, OSError)
"""The connection went before the answer came."""

BROKEN_ANSWER = (AttributeError, ValueError, TypeError)
"""What the SDK raises on an answer that is JSON, but no object."""


def status_of(error: SlackApiError) -> int:
    """The HTTP status; 0 if there is none."""
    # On an unreadable body the SDK hands over aiohttp's own response, which says `status`.
    response = error.response
    found = getattr(response, "status_code", None) or getattr(response, "status", None)
    return found if isinstance(found, int) else 0


def _body(error: SlackApiError) -> dict[str, Any]:
    data = getattr(error.response, "data", None)
    return data if isinstance(data, dict) else {}


def code_of(error: SlackApiError) -> str:
    """Slack's error code; empty when the answer was none of Slack's."""
    code = _body(error).get("error")
    return code if isinstance(code, str) else ""


def detail_of(error: SlackApiError) -> str:
    """The first complaints about blocks, which name the place."""
    metadata = _body(error).get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return "; ".join(str(one) for one in messages[:3])[:500] if isinstance(messages, list) else ""


def header_of(error: SlackApiError, name: str) -> str | None:
    """A header of the answer."""
    headers = getattr(error.response, "headers", None) or {}
    value = headers.get(name)
    return value if isinstance(value, str) else None
