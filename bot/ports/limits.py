"""What the bot needs to stay within limits that all its processes share."""

from datetime import datetime, timedelta
from typing import Protocol


class RateLimits(Protocol):
    """Limits and counts by key, the same for every process on this database."""

    async def tally(self, key: str, *, now: datetime, window: timedelta) -> int:
        """Count one more of `key`; how many there were within `window`, in whole minutes."""
        ...

    async def close(self, key: str, *, until: datetime) -> None:
        """Let nobody through `key` before `until`; a later end known already stays."""
        ...

    async def enter(self, key: str, *, now: datetime, longest: timedelta) -> datetime | None:
        """Go in alone, for `longest` or until `leave`; else the instant to ask again."""
        ...

    async def leave(self, key: str, *, until: datetime) -> None:
        """Come out; the next may go in from `until`."""
        ...
