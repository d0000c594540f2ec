"""Discord's rate limits: buckets told by headers, 50 a second for the bot, and the ban."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.servers.discord.world import Clock

BAN_WINDOW_S = 600.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Which limits hold. Sizes are what is seen in the wild; only the headers are promised.

    per_route: operation id to (requests, seconds), counted per channel, guild or webhook.
    global_per_second: for the bot's token, interaction and webhook routes exempt; None is off.
    ban_after: answers of 401, 403 or 429 within ten minutes that ban the address.
    """

    per_route: dict[str, tuple[int, float]] = field(
        default_factory=lambda: {
            "create_message": (5, 5.0),
            "update_message": (5, 5.0),
            "list_messages": (50, 1.0),
            "execute_webhook": (5, 2.0),
        }
    )
    global_per_second: int | None = 50
    ban_after: int = 10_000


UNLIMITED = Limits(per_route={}, global_per_second=None)


@dataclass(slots=True)
class Bucket:
    limit: int
    window_s: float
    used: int = 0
    resets_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, the headers to say so with, and the wait if not."""

    passes: bool
    headers: dict[str, str]
    retry_after: float = 0.0
    everywhere: bool = False


class RateLimiter:
    """Counts requests; `earned` lists every 429 a client brought upon itself."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self.limits = limits
        self.earned: list[str] = []
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._recent: deque[float] = deque()
        self._invalid: deque[float] = deque()

    def ask(self, operation: str, major: str, *, counts_globally: bool) -> Verdict:
        now = self._clock.now()
        if counts_globally and (wait := self._global_wait(now)) is not None:
            self.earned.append(f"global:{operation}")
            headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"}
            return Verdict(passes=False, headers=headers, retry_after=wait, everywhere=True)
        verdict = self._ask_bucket(operation, major, now)
        if verdict.passes and counts_globally:
            self._recent.append(now)
        return verdict

    def _global_wait(self, now: float) -> float | None:
        most = self.limits.global_per_second
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if most is None or len(self._recent) < most:
            return None
        return max(0.001, self._recent[0] + 1.0 - now)

    def _ask_bucket(self, operation: str, major: str, now: float) -> Verdict:
        if operation not in self.limits.per_route:
            return Verdict(passes=True, headers={})
        size, window_s = self.limits.per_route[operation]
        bucket = self._buckets.setdefault((operation, major), Bucket(size, window_s))
        if now >= bucket.resets_at:
            bucket.used, bucket.resets_at = 0, now + window_s
        left = bucket.resets_at - now
        if bucket.used >= size:
            self.earned.append(f"{operation}:{major}")
            headers = self._headers(operation, bucket, left) | {"X-RateLimit-Scope": "user"}
            return Verdict(passes=False, headers=headers, retry_after=left)
        bucket.used += 1
        return Verdict(passes=True, headers=self._headers(operation, bucket, left))

    def _headers(self, operation: str, bucket: Bucket, left: float) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(bucket.limit - bucket.used),
            "X-RateLimit-Reset": f"{bucket.resets_at:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(operation.encode()).hexdigest()[:32],
        }

    def count_invalid(self, status: int, *, shared: bool = False) -> None:
        """Remember an answer of 401, 403 or 429; shared-scope 429s do not count."""
        if status in (401, 403) or (status == 429 and not shared):
            self._invalid.append(self._clock.now())

    @property
    def invalid_requests(self) -> int:
        """Such answers in the last ten minutes."""
        since = self._clock.now() - BAN_WINDOW_S
        while self._invalid and self._invalid[0] < since:
            self._invalid.popleft()
        return len(self._invalid)

    @property
    def banned(self) -> bool:
        return self.invalid_requests >= self.limits.ban_after
