"""Ways in which the server can be made to fail, one call at a time.

`committed` says whether the call took effect before the failure: the message of a committed failure
is visible in the channel although the caller never hears of it.
"""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["status", "hang", "reset", "html", "garbled", "limited", "error"]


@dataclass
class Fault:
    """One way to fail, for the next `times` calls (None: until mended)."""

    kind: Kind
    committed: bool = False
    times: int | None = 1
    status: int = 200
    error: str = ""
    retry_after: int = 1
    channel: str | None = None
    seen: int = field(default=0, compare=False)

    def applies(self, channel: object) -> bool:
        """Whether this call fails; counts it if so."""
        if self.channel is not None and channel != self.channel:
            return False
        if self.times is not None and self.seen >= self.times:
            return False
        self.seen += 1
        return True


def server_error(
    status: int = 503,
    *,
    committed: bool = False,
    times: int | None = 1,
    channel: str | None = None,
) -> Fault:
    """An HTML page with a 5xx status."""
    return Fault("status", committed, times, status, channel=channel)


def hang(*, committed: bool = False, times: int | None = 1, channel: str | None = None) -> Fault:
    """Take the request and never answer."""
    return Fault("hang", committed, times, channel=channel)


def reset(*, committed: bool, times: int | None = 1, channel: str | None = None) -> Fault:
    """Cut the connection, before the call took effect or after."""
    return Fault("reset", committed, times, channel=channel)


def html(*, committed: bool = False, times: int | None = 1, channel: str | None = None) -> Fault:
    """Answer 200 with a web page, as a captive portal or a broken proxy does."""
    return Fault("html", committed, times, 200, channel=channel)


def garbled(*, committed: bool = True, times: int | None = 1, channel: str | None = None) -> Fault:
    """Answer 200 with JSON that stops in the middle."""
    return Fault("garbled", committed, times, 200, channel=channel)


def limited(retry_after: int = 1, *, times: int | None = 1, channel: str | None = None) -> Fault:
    """Answer 429 `ratelimited` with a Retry-After of whole seconds."""
    return Fault("limited", False, times, 429, "ratelimited", retry_after, channel)


def error(
    code: str, *, committed: bool = False, times: int | None = 1, channel: str | None = None
) -> Fault:
    """Answer 200 with `ok: false` and this error."""
    return Fault("error", committed, times, 200, code, channel=channel)
