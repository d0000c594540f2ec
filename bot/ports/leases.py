"""What the bot needs to remember so that one process alone does a thing."""

from datetime import datetime, timedelta
from typing import Protocol


class Leases(Protocol):
    """Things one process at a time may hold, and things that may be done so often and no more."""

    async def hold(self, name: str, holder: str, *, now: datetime, length: timedelta) -> int | None:
        """Take or keep the lease `name` until `now + length`; None while another has it.

        The number is its generation: it stays the same as long as the holder keeps the lease, and
        a holder that finds a new one knows that somebody else had it in between.
        """
        ...

    async def release(self, name: str, holder: str) -> None:
        """Give the lease back at once, if this holder has it."""
        ...

    async def spend(self, name: str, *, now: datetime, most: int, within: timedelta) -> int | None:
        """Count one use, durably, before it happens; how many are left, None when none was.

        At most `most` uses within any span of `within`, over all processes and restarts.
        """
        ...

    async def spent(self, name: str, *, now: datetime, within: timedelta) -> int:
        """How many uses were counted in the last `within`."""
        ...
