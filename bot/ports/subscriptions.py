"""What the bot needs to remember of standing orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.model.record import Filters
from bot.model.subscription import Channel, Damaged, Platform, Subscription


class SubscriptionBook(Protocol):
    """Standing orders."""

    async def add(self, subscription: Subscription) -> Subscription:
        """Store it (id is set). Raises Conflict when the channel already has that name."""
        ...

    async def remove(self, channel: Channel, name: str) -> Subscription | None:
        """Take it out and return it; None if there is none of that name in the channel."""
        ...

    async def of(self, channel: Channel | None = None) -> list[Subscription]:
        """Those of one channel, or all, by channel and age; without the damaged ones."""
        ...

    async def damaged(self, channel: Channel | None = None) -> list[Damaged]:
        """Those of one channel, or all, that cannot be read and so send nothing."""
        ...

    async def damaged_of_workspace(self, platform: Platform, workspace: str) -> list[Damaged]:
        """Those of one workspace."""
        ...

    async def of_workspace(self, platform: Platform, workspace: str) -> list[Subscription]:
        """Those of one workspace, by channel and age."""
        ...

    async def change(self, subscription: Subscription) -> bool:
        """Store everything but id, channel, hit_cursor and creation; False if it is gone."""
        ...

    async def filters(self, since: int | None = None) -> Filters:
        """All distinct filters in use, with a revision that grows whenever they change.

        since: a revision read before; then only what has changed after it, unless the store knows
        nothing of that revision (it was restored from a backup).
        """
        ...

    async def count(self, platform: Platform, workspace: str) -> int:
        """How many subscriptions a workspace has."""
        ...

    async def next_due(self, now: datetime) -> datetime | None:
        """When the next running subscription is due; None when nothing is planned."""
        ...

    async def move(self, moved: Mapping[int, tuple[datetime, datetime]]) -> int:
        """Change due times, by id from what was read to what is right; how many were changed.

        One that somebody else has moved meanwhile stays as it is.
        """
        ...

    async def due(self, now: datetime, limit: int) -> list[Subscription]:
        """Running subscriptions with `next_due_at <= now`, longest overdue first."""
        ...
