"""What the bot needs to remember of a channel's own rules and of who changed what."""

from datetime import datetime
from typing import Protocol

from bot.model.memory import Change
from bot.model.settings import ChannelSettings
from bot.model.subscription import Channel, Platform


class Policy(Protocol):
    """Channel settings, and the log of changes."""

    async def settings(self, channel: Channel) -> ChannelSettings:
        """What the channel has settled; the defaults if nothing."""
        ...

    async def settle(self, channel: Channel, settings: ChannelSettings) -> None:
        """Store them."""
        ...

    async def set_public(self, channel: Channel, *, is_public: bool) -> None:
        """Whether everybody in the workspace can read this channel, as the platform says."""
        ...

    async def public(self, platform: Platform, workspace: str) -> set[Channel]:
        """The channels of a workspace that everybody in it can read."""
        ...

    async def record(self, change: Change) -> int:
        """Add a change to the log and return its number."""
        ...

    async def changes(self, channel: Channel, limit: int) -> list[Change]:
        """The channel's last changes, newest first."""
        ...

    async def change(self, channel: Channel, number: int) -> Change | None:
        """The channel's change of this number."""
        ...

    async def take_undo(self, channel: Channel, number: int, *, now: datetime) -> bool:
        """Mark a change as undone; False if it was undone before. For one caller only."""
        ...
