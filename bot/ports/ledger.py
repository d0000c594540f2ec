"""What the bot needs to remember of matches and digests."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.record import Choice, Chosen, Decision, Hits, Shown
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

    async def candidates(
        self, subscriptions: Sequence[Subscription], limit: int
    ) -> dict[int, Choice]:
        """For each subscription (by id) what it may be shown, oldest first, at most `limit`.

        The hits after its `hit_cursor` whose paper the channel was not promised. Those of a
        channel may hold the same paper.
        """
        ...

    async def compose(self, decisions: Sequence[Decision], *, now: datetime) -> list[bool]:
        """Commit occurrences: deliveries, papers as shown, next due times. One transaction.

        For each, in order, whether it was committed, as a whole. It was not when it was composed
        already, changed or removed meanwhile, or when one of its messages or papers was owed to
        the channel by another: read again and decide anew. All later ones of that channel fall
        with it, since they were decided knowing of it.
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
