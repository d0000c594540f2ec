"""Spacing within one process, for limits that allow no bursts.

The shared limit gives every message an instant. A process that was held up for a moment would send
all that are late beside those that are due, and the platform would count more than it allows.
"""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.model.delivery import Delivery
from bot.rules.limits import Limit, limit_of

WINDOW_S = 1.0
"""Platforms count within a second (Discord, global rate limit)."""

LATE = timedelta(seconds=0.5)
"""So long after its place a message may still go, as one of those its process was held up with.

After that the places around belong to other processes, and it needs a new one.
"""

HURRY = 0.6
"""Least distance as a part of the limit's own: late ones catch up, and are never a bunch."""


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gone: deque[float] = field(default_factory=deque)


class Turns:
    """Lets no more messages under one limit out within a second than the limit gives places for."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = defaultdict(_Turn)

    def missed(self, delivery: Delivery, now: datetime) -> bool:
        """Whether its place among the requests of all processes has passed."""
        if delivery.send_at is None or _spaced(delivery) is None:
            return False
        return now > delivery.send_at + LATE

    async def wait(self, delivery: Delivery) -> None:
        """Return when this message may go."""
        limit = _spaced(delivery)
        if limit is None:
            return
        turn, now = self._turns[limit.key], asyncio.get_running_loop().time
        interval = limit.interval.total_seconds()
        async with turn.lock:
            gone, may_go = turn.gone, 0.0
            if gone:
                may_go = gone[-1] + interval * HURRY
            if len(gone) >= round(WINDOW_S / interval):
                may_go = max(may_go, gone.popleft() + WINDOW_S)
            pause = may_go - now()
            if pause > 0:
                await asyncio.sleep(pause)
            gone.append(now())


def _spaced(delivery: Delivery) -> Limit | None:
    """The limit it falls under, if that allows no bursts."""
    limit = limit_of(delivery.channel, delivery.kind)
    return limit if limit is not None and limit.burst == 1 else None
