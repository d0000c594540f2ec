"""What the bot needs to remember of matches and digests."""

from datetime import datetime
from typing import Protocol

from bot.model.delivery import NewDelivery
from bot.model.record import Candidate, Chosen, Hits, Shown
from bot.model.subscription import Channel, Subscription


class MatchLedger(Protocol):
    """Which papers matched which filters, and which a channel was shown."""

    async def plan(
        self, planned: list[int], hits: list[Hits], *, revision: int, now: datetime
    ) -> int:
        """Store hits (once per paper and filter), tick off the sightings, wake `instant` ones.

        Returns the number of new hits. Raises Conflict when the filters' revision has changed.
        """
        ...

    async def candidates(self, subscription: Subscription, limit: int) -> list[Candidate]:
        """Hits after its `hit_cursor` whose paper the channel was not promised, oldest first."""
        ...

    async def compose(
        self,
        subscription: Subscription,
        *,
        period: str,
        next_due_at: datetime | None,
        hit_cursor: int,
        deliveries: list[NewDelivery],
        now: datetime,
    ) -> bool:
        """Commit one occurrence: its deliveries, its papers as shown, the next due time.

        All or nothing. False when it was composed already, changed or removed meanwhile, or when
        another subscription of the channel took one of the papers: read again and decide anew.
        """
        ...

    async def chosen(self, subscription: Subscription, period: str | None) -> Chosen | None:
        """What the digest of that period (None: the last one) showed and left out, oldest first.

        None when there was no such digest. What another digest has shown since is still part of it.
        """
        ...

    async def shown(self, channel: Channel, limit: int) -> list[Shown]:
        """What the channel was promised or shown last, newest first."""
        ...
