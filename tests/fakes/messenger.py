"""A platform that keeps what was posted, and fails as a test tells it to."""

import json
from datetime import datetime

from bot.model.delivery import Absent, Outcome, Payload, Posted, ReadBack, Refused, Unclear
from bot.model.message import Digest, Message
from bot.model.subscription import Channel, Platform


class FakeMessenger:
    """Remembers posts by channel. fail: outcomes of the next calls, before they work again.

    threads: what was answered to which message. edits: (message id, page) in order.
    """

    platform = Platform.TERMINAL

    def __init__(self) -> None:
        self.posts: dict[str, list[Payload]] = {}
        self.fail: list[Outcome] = []
        self.lose_next_receipt = False
        self.threads: dict[str, list[Payload]] = {}
        self.edits: list[tuple[str, Payload]] = []
        self._pages: dict[str, tuple[list[Payload], int]] = {}
        self._markers: dict[str, str] = {}

    def pages(self, message: Message) -> list[Payload]:
        cards = [
            {"paper": card.paper, "title": card.title, "why": list(card.why)}
            for card in getattr(message, "cards", ())
        ]
        omitted = message.omitted if isinstance(message, Digest) else 0
        note = message.note if isinstance(message, Digest) else ""
        page = {"heading": message.heading, "cards": cards, "omitted": omitted, "note": note}
        return [json.loads(json.dumps(page))]

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        if self.fail:
            return self.fail.pop(0)
        place = (
            self.threads.setdefault(thread, []) if thread else self.posts.setdefault(str(to), [])
        )
        place.append(page)
        message_id = f"m{len(self._pages) + 1}"
        self._pages[message_id] = (place, len(place) - 1)
        self._markers[marker] = message_id
        if self.lose_next_receipt:
            self.lose_next_receipt = False
            return Unclear("the connection broke after sending")
        return Posted(message_id)

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        if self.fail:
            return self.fail.pop(0)
        if message_id not in self._pages:
            return Refused("there is no such message")
        place, position = self._pages[message_id]
        place[position] = page
        self.edits.append((message_id, page))
        return Posted(message_id)

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        found = self._markers.get(marker)
        return Posted(found) if found else Absent()

    def titles(self, channel: Channel) -> list[str]:
        """Titles shown in a channel, in order."""
        return [
            card["title"] for page in self.posts.get(str(channel), []) for card in page["cards"]
        ]
