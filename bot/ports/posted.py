"""What the bot needs to find again of what it posted."""

from typing import Protocol

from bot.model.paper import PaperKey
from bot.model.subscription import Channel


class Posted(Protocol):
    """Messages that went out, by the platform's own id of them."""

    async def papers_in(self, channel: Channel, message_id: str) -> list[PaperKey]:
        """The papers that a message of ours shows; none if it is not ours."""
        ...
