"""Keeps a process within Discord's limits, by what its headers say, so that no 429 is earned.

Times are seconds of a clock that only moves forward (the event loop's).
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.discord.limits import INVALID_STOP, INVALID_WINDOW_S, OWN_PER_SECOND

_LONGEST_RESET_S = 3_600.0


@dataclass(slots=True)
class Pace:
    """When the next post may go out.

    Buckets are known by their headers only and never assumed. Channels whose bucket is not used
    up are not remembered.
    """

    _closed: dict[str, float] = field(default_factory=dict)
    _everywhere: float = 0.0
    _next: float = 0.0
    _invalid: deque[float] = field(default_factory=deque)

    def wait_for(self, channel: str, now: float) -> float:
        """Seconds until this channel may be posted to; 0 is now."""
        until = max(self._closed.get(channel, 0.0), self._everywhere)
        if until <= now:
            self._closed.pop(channel, None)
        return max(0.0, until - now)

    def turn(self, now: float) -> float:
        """Take a place in the global stream; seconds until it comes up."""
        at = max(now, self._next)
        self._next = at + 1.0 / OWN_PER_SECOND
        return at - now

    def learn(self, channel: str, status: int, headers: Mapping[str, str], now: float) -> None:
        """Take in what an answer's headers say."""
        shared = headers.get("X-RateLimit-Scope") == "shared"
        if status in {401, 403} or (status == 429 and not shared):
            self._invalid.append(now)
        reset = _number(headers.get("X-RateLimit-Reset-After"))
        if headers.get("X-RateLimit-Remaining") == "0" and status != 429:
            self._closed[channel] = now + reset
        if status == 429:
            wait = min(_number(headers.get("Retry-After")), _LONGEST_RESET_S)
            if headers.get("X-RateLimit-Global") or headers.get("X-RateLimit-Scope") == "global":
                self._everywhere = now + wait
            else:
                self._closed[channel] = now + wait

    def exhausted(self, now: float) -> bool:
        """Whether so many requests went wrong that going on would risk a ban of the address."""
        while self._invalid and self._invalid[0] < now - INVALID_WINDOW_S:
            self._invalid.popleft()
        return len(self._invalid) >= INVALID_STOP


def _number(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
