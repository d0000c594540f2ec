"""Politeness over all processes: what a host is asked counts for the bot as a whole.

arXiv counts an address, not a process: three workers that each wait three seconds between requests
would ask it once a second. So turns and pauses are rows in the database (`bot.ports.RateLimits`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.model.errors import SourceDown
from bot.ports import Clock, RateLimits

LOOK_AGAIN_S = 1.0
"""How soon a busy host is asked for again: who has the turn may be done before its time is over."""

LONGEST_WAIT_S = 120.0
AT_LAST = timedelta(seconds=5)
"""What a request may take beyond its own time before its turn is given to another."""


@dataclass(frozen=True, slots=True)
class SharedTurns:
    """Turns at hosts, the same for every process on the database."""

    limits: RateLimits
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]

    async def paused_for(self, host: str) -> float:
        """Seconds for which nobody may ask the host, because it said so to one of us."""
        now = self.clock.now()
        until = await self.limits.enter(f"{_key(host)}/pause", now=now, longest=timedelta(0))
        return 0.0 if until is None else (until - now).total_seconds()

    async def pause(self, host: str, seconds: float) -> None:
        """Let nobody ask it for so long."""
        until = self.clock.now() + timedelta(seconds=seconds)
        await self.limits.close(f"{_key(host)}/pause", until=until)

    async def enter(self, source: str, host: str, within: float) -> None:
        """Wait for the one turn there is, and have it for `within` seconds or until `leave`.

        Raises SourceDown when others have it all the time.
        """
        longest, waited = timedelta(seconds=within) + AT_LAST, 0.0
        while True:
            now = self.clock.now()
            again = await self.limits.enter(_key(host), now=now, longest=longest)
            if again is None:
                return
            wait = min(max((again - now).total_seconds(), 0.001), LOOK_AGAIN_S)
            if waited + wait > LONGEST_WAIT_S:
                msg = f"{source}: other processes of this bot keep asking {host}"
                raise SourceDown(msg, wait=timedelta(seconds=LONGEST_WAIT_S))
            await self.sleep(wait)
            waited += wait

    async def leave(self, host: str, gap: float) -> None:
        """The next may have it after `gap` seconds."""
        await self.limits.leave(_key(host), until=self.clock.now() + timedelta(seconds=gap))


def _key(host: str) -> str:
    return f"source:{host}"
