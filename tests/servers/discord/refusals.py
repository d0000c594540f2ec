"""Discord's refusals: every error code this server can answer with, as a table.

Source: Discord developer documentation, "Opcodes and Status Codes", JSON error codes.
"""

from __future__ import annotations

from typing import Any

# code: (HTTP status, message)
REFUSALS: dict[int, tuple[int, str]] = {
    0: (401, "401: Unauthorized"),
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    20016: (429, "This action cannot be performed due to slowmode rate limit."),
    20028: (
        429,
        "The write action you are performing on the channel has hit the write rate limit.",
    ),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    40060: (400, "Interaction has already been acknowledged."),
    40067: (400, "A tag is required to create a forum post in this channel"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    40033: (400, "This message has already been crossposted"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50024: (400, "Cannot execute action on this channel type"),
    160004: (400, "A thread has already been created for this message"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    130000: (503, "API resource is currently overloaded. Try again a little later"),
    160002: (400, "Cannot reply without permission to read message history"),
    200000: (400, "Message was blocked by automatic moderation"),
}


class Refused(Exception):
    """The request is answered with one of Discord's error codes.

    `errors` is the nested explanation that comes with 50035.
    """

    def __init__(self, code: int, errors: dict[str, Any] | None = None) -> None:
        self.code = code
        self.status, self.message = REFUSALS[code]
        self.errors = errors
        super().__init__(f"{self.status} {code}: {self.message}")

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


class FormErrors:
    """Collects what is wrong with a body, each at its path, in the shape of a 50035 answer."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        here = self._tree
        for step in path:
            here = here.setdefault(str(step), {})
        here.setdefault("_errors", []).append({"code": code, "message": message})

    def too_long(self, path: tuple[str | int, ...], text: Any, most: int) -> None:
        if isinstance(text, str) and len(text) > most:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def raise_if_any(self) -> None:
        if self._tree:
            raise Refused(50035, self._tree)
