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

    async def set_public(self, channel: Channel, *, is_public: bool) -> None:
        """Whether everybody in the workspace can read this channel, as the platform says."""
        ...

    async def settled(self) -> list[Channel]:
        """The channels that have settled something, and some that have not."""
        ...

    async def public(self, platform: Platform, workspace: str) -> set[Channel]:
        """The channels of a workspace that everybody in it can read."""
        ...

    async def make(
        self, change: Change, *, undoes: int = 0, replan: datetime | None = None
    ) -> Change:
        """Carry a change out and write it into the log, both or neither; it with its number.

        Subscriptions in `before` alone are stopped, those in both changed, those in `after` alone
        stored: new ones (without id) listen from now on, others as they did. undoes: the number of
        the change this takes back. replan: filters are asked again about all sightings first seen
        since then. Raises NotFound when one of them was stopped meanwhile; Conflict when a name is
        taken, or that change was undone before.
        """
        ...

    async def changes(self, channel: Channel, limit: int) -> list[Change]:
        """The channel's last changes, newest first."""
        ...

    async def change(self, channel: Channel, number: int) -> Change | None:
        """The channel's change of this number."""
        ...
