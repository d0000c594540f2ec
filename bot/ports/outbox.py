"""What the bot needs to remember of messages owed."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model.delivery import Delivery, NewDelivery, Outcome, ReadBack
from bot.model.record import LaneStatus
from bot.model.subscription import Channel, Platform


class Outbox(Protocol):
    """Messages owed to channels. Protocol and crash points: docs/decisions, outbox."""

    async def enqueue(self, delivery: NewDelivery, *, now: datetime) -> bool:
        """Owe one more message; False if its dedupe key was owed before."""
        ...

    async def claim(
        self,
        worker: str,
        platforms: frozenset[Platform],
        *,
        now: datetime,
        lease: timedelta,
        limit: int,
    ) -> list[Delivery]:
        """Lease up to `limit` free lanes; per lane its first waiting delivery, made `sending`.

        Durable before it returns. Only lanes of these platforms that are neither paused, leased
        nor held back by an `unknown` delivery.
        """
        ...

    async def record(
        self,
        delivery: Delivery,
        outcome: Outcome,
        *,
        retry_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write what became of a claimed delivery and free its lane.

        retry_at: for NotSent, when the lane may try again (None: give up, it is dead).
        False when the claim was lost meanwhile: then nothing is written.
        """
        ...

    async def adopt_unclear(
        self, worker: str, platforms: frozenset[Platform], *, now: datetime, lease: timedelta
    ) -> list[Delivery]:
        """Lease lanes whose delivery has an unknown fate: `unknown`, or `sending` too long ago."""
        ...

    async def settle(
        self, delivery: Delivery, found: ReadBack, *, resend: bool, now: datetime
    ) -> bool:
        """Write what reading back showed: sent, queued again (`resend`), or still unknown."""
        ...

    async def lanes(self, channel: Channel | None = None) -> list[LaneStatus]:
        """How deliveries to each channel are doing."""
        ...

    async def set_lane(self, channel: Channel, *, paused: str | None, now: datetime) -> None:
        """Pause a lane for a reason, or let it run again (None)."""
        ...
