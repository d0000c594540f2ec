"""What the bot needs of those who show messages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.model.delivery import Outcome, Payload, ReadBack
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

Renderer = Callable[[Message], list[Payload]]
"""A message as one or more platform messages within every limit of the platform. Pure."""


class Messenger(Protocol):
    """Posts to one platform."""

    @property
    def platform(self) -> Platform:
        """The platform it posts to."""
        ...

    @property
    def recognises_repeats_for(self) -> timedelta:
        """For how long a page sent again with its marker stands only once; 0 where it does not."""
        ...

    def plain(self, page: Payload) -> Payload | None:
        """The least the page says, for when its form was refused; None if it is that already."""
        ...

    def pages(self, message: Message) -> list[Payload]:
        """The platform's renderer."""
        ...

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Send one page once, without retries of its own, and say what became of it.

        thread: id of the message to answer, in its thread where the platform has threads. A
        channel `@PERSON` is the conversation with that person. marker: opaque text of at most 25 characters, the same over all attempts; platforms that
        can use it to recognise a repeat do. Never raises for what the platform or the network
        does: every such case is an Outcome.
        """
        ...

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Make a page posted before show this one instead.

        message_id: as `post` gave it. Doing it twice does no harm, so an unclear outcome may simply
        be tried again. Refused when the message is gone or may not be changed any more.
        """
        ...

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Whether a page with this marker stands in the channel, posted at or after `since`.

        thread: as it was given to `post`.
        """
        ...
