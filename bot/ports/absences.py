"""What the bot needs to remember of channels and workspaces it cannot post to."""

from datetime import datetime
from typing import Protocol

from bot.model.memory import Absence, Standing
from bot.model.subscription import Channel, Platform


class Absences(Protocol):
    """Who is away, why, and until when their data are kept. Subscriptions stay as they are."""

    async def leave(self, absence: Absence) -> bool:
        """Remember it and pause the lanes concerned; False if it was away before.

        Again with another reason replaces reason and `purge_at`, not `since`; with the same one it
        changes nothing.
        """
        ...

    async def come_back(self, channel: Channel) -> bool:
        """Let a channel be posted to again; channel empty: its workspace. False if nothing was."""
        ...

    async def known(self, channel: Channel) -> bool:
        """Whether the store knows this channel at all."""
        ...

    async def rename(self, old: Channel, new: Channel) -> bool:
        """The same channel has another id now: everything of the old one belongs to the new."""
        ...

    async def channels(self, platform: Platform) -> list[Standing]:
        """Every channel of a platform, and how things are there."""
        ...

    async def of(self, platform: Platform, workspace: str) -> list[Absence]:
        """Who is away in a workspace, itself first."""
        ...

    async def purge(self, *, now: datetime) -> int:
        """Delete everything of those whose `purge_at` has come; how many they were."""
        ...
