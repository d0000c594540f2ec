"""What the bot needs to remember of where papers were seen."""

from datetime import datetime, timedelta
from typing import Protocol

from bot.model.memory import Elsewhere
from bot.model.subscription import Channel


class Memory(Protocol):
    """Cards under people's links, and where in a workspace a paper stood before."""

    async def unfurled(
        self, channel: Channel, key: str, *, message_id: str = "", now: datetime, within: timedelta
    ) -> bool:
        """Remember a card under a link; False if the paper had one here within that time.

        A paper that is not stored is not remembered, and True.
        """
        ...

    async def elsewhere(self, channel: Channel, keys: list[str]) -> dict[str, list[Elsewhere]]:
        """For papers posted or unfurled in other channels of the workspace: where, latest first.

        Public channels only, as far as the platform has said which are public.
        """
        ...
