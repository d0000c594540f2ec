"""How long to wait: what a reply asks for, and what is decent when it does not say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SHORTEST = 1.0
LONGEST = 6 * 3600.0
FIRST_BACKOFF = 5.0
LONGEST_BACKOFF = 900.0

WINDOW_SHARE = 0.2
"""Of a rate limit window we leave to others on the same address."""

_NUMBER = re.compile(r"-?\d+", re.ASCII)
_LEFT = re.compile(r";\s*r=(\d{1,9})")
_RESET = re.compile(r";\s*t=(\d{1,9})")
_QUOTA = re.compile(r";\s*q=(\d{1,9})")


def clamped(seconds: float) -> float:
    """`seconds` within what any server may ask of us."""
    return min(max(seconds, SHORTEST), LONGEST)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a reply asks to wait, 1 s to 6 h; None if it does not say so clearly."""
    written = headers.get("retry-after", "").strip()
    if _NUMBER.fullmatch(written):
        return clamped(float(written[:12]))
    at = _instant(written)
    if at is None:
        return None
    # Measured by the server's own clock, if it shows it: ours may be wrong.
    server_now = _instant(headers.get("date", "")) or now
    return clamped((at - server_now).total_seconds())


def _instant(written: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of a rate limit: requests, of how many, and seconds until it starts anew."""

    left: int
    quota: int
    reset: float

    @property
    def used_up(self) -> bool:
        """Whether the part that is ours is gone."""
        return self.left <= self.quota * WINDOW_SHARE


def window_of(headers: Mapping[str, str]) -> Window | None:
    """The rate limit a reply tells of, in the IETF draft's form that Hugging Face uses."""
    told, policy = headers.get("ratelimit", ""), headers.get("ratelimit-policy", "")
    left, reset, quota = _LEFT.search(told), _RESET.search(told), _QUOTA.search(policy)
    if not (left and reset and quota):
        return None
    return Window(int(left[1]), int(quota[1]), clamped(float(reset[1]) + 1))


def backoff(attempt: int, chance: float) -> float:
    """Full jitter: `chance` (0 to 1) of 5 s doubling to 15 min. attempt counts from 0."""
    return chance * min(FIRST_BACKOFF * (1 << min(attempt, 10)), LONGEST_BACKOFF)
