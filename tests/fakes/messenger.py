"""A platform that keeps what was posted, and fails as a test tells it to."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.model.delivery import (
    Absent,
    ChannelGone,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Refused,
    Unclear,
)
from bot.model.message import Digest, Message
from bot.model.subscription import Channel, Platform


def words_of(message: Message) -> Iterator[str]:
    """Everything a message says, line by line."""
    yield message.heading
    yield from getattr(message, "lines", ())
    yield getattr(message, "code", "")
    yield getattr(message, "note", "")
    for card in message.cards:
        yield from (
            card.face.title,
            card.face.byline,
            card.face.summary,
            *card.face.facts,
            *card.why,
        )
        yield from (f"seen in {one.channel.channel} on {one.day}" for one in card.seen)
    yield getattr(message, "footer", "")


class FakeMessenger:
    """Remembers posts by channel. fail: outcomes of the next calls, before they work again.

    closed: channels that take no posts. threads: what was answered to which message. edits: (message id, page) in order.
    """

    platform = Platform.TERMINAL
    recognises_repeats_for = timedelta(0)

    def __init__(self) -> None:
        self.posts: dict[str, list[Payload]] = {}
        self.fail: list[Outcome] = []
        self.lose_next_receipt = False
        self.closed: set[str] = set()
        self.threads: dict[str, list[Payload]] = {}
        self.edits: list[tuple[str, Payload]] = []
        self._pages: dict[str, tuple[list[Payload], int]] = {}
        self._markers: dict[str, str] = {}

    def plain(self, page: Payload) -> Payload | None:
        if "plain" in page:
            return None
        return {"heading": page["heading"], "cards": [], "plain": True}

    def pages(self, message: Message) -> list[Payload]:
        cards = [
            {"paper": card.face.paper, "title": card.face.title, "why": list(card.why)}
            for card in getattr(message, "cards", ())
        ]
        omitted = message.omitted if isinstance(message, Digest) else 0
        note = message.note if isinstance(message, Digest) else ""
        actions = [one for card in message.cards for one in (*card.face.actions, *card.face.more)]
        page = {
            "heading": message.heading,
            "cards": cards,
            "omitted": omitted,
            "note": note,
            "words": list(words_of(message)),
            "actions": [
                [one.label, one.command] for one in (*actions, *getattr(message, "actions", ()))
            ],
        }
        return [json.loads(json.dumps(page))]

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        if self.fail:
            return self.fail.pop(0)
        if str(to) in self.closed:
            return ChannelGone("the bot is not in the channel")
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

    def say(self, to: Channel, message: Message) -> None:
        """What a listener shows to the whole channel."""
        self.posts.setdefault(str(to), []).extend(self.pages(message))

    def standing(self, to: str) -> list[tuple[Payload, str]]:
        """The messages of a channel as they stand now, with their ids."""
        place = self.posts.get(to, [])
        ids = {id(place[at]): name for name, (there, at) in self._pages.items() if there is place}
        return [(page, ids.get(id(page), "")) for page in place]

    def titles(self, channel: Channel) -> list[str]:
        """Titles shown in a channel, in order."""
        return [
            card["title"] for page in self.posts.get(str(channel), []) for card in page["cards"]
        ]
