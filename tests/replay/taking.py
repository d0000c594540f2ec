"""A platform that takes every message at once and hands on what was shown."""

from dataclasses import dataclass

from bot.model.delivery import Payload
from bot.model.message import Digest, Message
from bot.model.subscription import Channel
from tests.fakes.messenger import FakeMessenger


@dataclass(frozen=True, slots=True)
class Shown:
    """One message in a channel: for which subscription, which papers, how many only counted."""

    subscription: str
    papers: tuple[str, ...]
    omitted: int


class TakingMessenger(FakeMessenger):
    """The fake platform without what a year of messages would fill the memory with."""

    def pages(self, message: Message) -> list[Payload]:
        """Only what an audit asks for."""
        is_digest = isinstance(message, Digest)
        return [
            {
                "heading": message.heading,
                "cards": [
                    {"paper": one.face.paper, "title": one.face.title} for one in message.cards
                ],
                "omitted": message.omitted if is_digest else 0,
                "name": message.name if is_digest else "",
            }
        ]

    def taken(self) -> dict[str, list[Shown]]:
        """What was posted since the last time, by channel, in order."""
        found = {
            channel: [
                Shown(one["name"], tuple(card["paper"] for card in one["cards"]), one["omitted"])
                for one in pages
            ]
            for channel, pages in self.posts.items()
        }
        self.posts.clear()
        self._pages.clear()
        self._markers.clear()
        return found

    def has_posts(self, channel: Channel) -> bool:
        """Whether something was posted since."""
        return bool(self.posts.get(str(channel)))
