"""What Discord's headers say about its limits, and the count of requests that went wrong.

How fast messages go out is decided where they are claimed (`bot/rules/limits.py`); here is only
what an answer adds to that.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.discord.limits import INVALID_STOP, INVALID_WINDOW
from bot.model import metrics
from bot.model.errors import BotError
from bot.model.subscription import Platform
from bot.ports import Clock, Meter, RateLimits
from bot.rules.limits import DISCORD

log = logging.getLogger(__name__)

_LONGEST_RESET_S = 3_600.0

MARGIN = timedelta(milliseconds=200)
"""The header is rounded, and each process's reading of the shared clock is some milliseconds off."""


def hold(headers: Mapping[str, str]) -> timedelta | None:
    """How long the channel is to be left alone when its bucket is used up.

    Buckets are known by their headers only and never assumed.
    """
    if headers.get("X-RateLimit-Remaining") != "0":
        return None
    reset = min(_number(headers.get("X-RateLimit-Reset-After")), _LONGEST_RESET_S)
    return timedelta(seconds=reset) + MARGIN if reset else timedelta(0)


def is_invalid(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer counts towards the ban of our address: 401, 403, and 429 that we earned."""
    shared = headers.get("X-RateLimit-Scope") == "shared"
    return status in {401, 403} or (status == 429 and not shared)


@dataclass(frozen=True, slots=True)
class InvalidRequests:
    """The count of invalid requests of all processes behind our address.

    Discord bans an address for 10,000 of them in ten minutes; we stop long before.
    """

    limits: RateLimits
    clock: Clock
    meter: Meter

    async def count(self) -> None:
        """One more. At the limit nothing is sent to Discord any more until the window is over."""
        now = self.clock.now()
        try:
            lately = await self.limits.tally("discord/invalid", now=now, window=INVALID_WINDOW)
            self.meter.gauge(metrics.DISCORD_INVALID, lately)
            if lately >= INVALID_STOP:
                await self._stop(now, lately)
        except BotError as error:  # whoever asked Discord still gets its answer
            log.warning("invalid request not counted", extra={"problem": str(error)})

    async def _stop(self, now: datetime, lately: int) -> None:
        log.error(
            "too many requests went wrong; nothing is sent for a while",
            extra={"platform": Platform.DISCORD.value, "in_ten_minutes": lately},
        )
        await self.limits.close(DISCORD, until=now + INVALID_WINDOW)


def _number(text: str | None) -> float:
    try:
        return max(0.0, float(text or 0))
    except ValueError:
        return 0.0
