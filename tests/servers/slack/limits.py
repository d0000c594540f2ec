"""How often a client may call, and things that may be used only for a while.

Sources: Slack's pages on rate limits (about one message a second and channel, with short bursts),
on trigger ids (3 seconds, once) and on response URLs (5 uses, 30 minutes).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers.slack.call import Refusal

TRIGGER_SECONDS = 3.0
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60.0


@dataclass
class Pace:
    """So many calls a second, and a few at once."""

    per_second: float = 1.0
    burst: int = 3


class Throttle:
    """Counts calls per key; says how long to wait when there are too many."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._full_at: dict[str, float] = {}

    def wait(self, key: str, pace: Pace) -> float:
        """Seconds until this call would be allowed; 0 if it is, and then it counts."""
        now, step = self._now(), 1.0 / pace.per_second
        start = max(self._full_at.get(key, now), now)
        wait = start - now - (pace.burst - 1) * step
        if wait > 1e-9:
            return wait
        self._full_at[key] = start + step
        return 0.0


class Triggers:
    """The ids that let an app open one modal, shortly after a person did something."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._given: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def give(self, trigger_id: str, user: str) -> str:
        """Remember an id handed to the app."""
        self._given[trigger_id] = (user, self._now())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """Use an id up; the person it belongs to."""
        if trigger_id not in self._given:
            raise Refusal("invalid_trigger_id")
        if trigger_id in self._used:
            raise Refusal("exchanged_trigger_id")
        user, given_at = self._given[trigger_id]
        if self._now() - given_at > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._used.add(trigger_id)
        return user


@dataclass
class ResponseUrl:
    """Where the app may answer one command or click."""

    channel_id: str
    team_id: str
    user: str
    given_at: float
    source_ts: str | None = None
    uses: int = 0
    answers: list[dict] = field(default_factory=list)

    def problem(self, now: float) -> str | None:
        """Why this address takes no further answer."""
        if now - self.given_at > RESPONSE_URL_SECONDS:
            return "expired_url"
        if self.uses >= RESPONSE_URL_USES:
            return "used_url"
        return None
