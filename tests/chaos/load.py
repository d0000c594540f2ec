"""What the bot is asked to do in a chaos run: channels that order words, papers that have them."""

import random
from datetime import UTC, date, datetime
from itertools import count

from adapters.clock import SharedClock
from adapters.store import SqlStore
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.message import Tone
from bot.model.paper import Announcements, Event, Paper, Sighting
from bot.rules.addresses import parse_channel

WORDS = (
    "alder", "birch", "cedar", "dogwood", "elder", "fir", "ginkgo", "hazel", "ivy", "juniper",
)  # fmt: skip


class Load:
    """Subscribes channels and announces papers, straight into the store."""

    def __init__(self, store: SqlStore, chance: random.Random) -> None:
        self._store = store
        self._chance = chance
        self._numbers = count(1)
        self._cursors = count(1)
        self._listeners = dict.fromkeys(WORDS, 0)
        self.expected = 0

    async def subscribe(self, rooms: list[str]) -> None:
        """One instant order for each channel; the words go round."""
        desk = Desk(self._store, SharedClock())
        for number, room in enumerate(rooms):
            word = WORDS[number % len(WORDS)]
            asker = Asker(channel=parse_channel(room), may_manage=True)
            answer = await desk.ask(asker, f"subscribe {word} every:instant top:50 name:chaos")
            if getattr(answer.private, "tone", None) is not Tone.DONE:
                raise AssertionError(answer)
            self._listeners[word] += 1

    async def announce(self, papers: int) -> None:
        """So many new papers; committed when this returns."""
        await self._announce([self._chance.choice(WORDS) for _ in range(papers)])

    async def _announce(self, words: list[str]) -> None:
        today = datetime.now(UTC).date()
        sightings = tuple(
            Sighting(paper=self._paper(word, today), event=Event.NEW, on=today) for word in words
        )
        announced = Announcements(sightings=sightings, cursor=str(next(self._cursors)))
        await self._store.papers.save("chaos", announced, now=datetime.now(UTC), late_before=None)
        self.expected += sum(self._listeners[word] for word in words)

    async def announce_to_all(self) -> None:
        """One paper for each word somebody listens to."""
        words = [word for word, listeners in self._listeners.items() if listeners]
        await self._announce(words)

    def _paper(self, word: str, today: date) -> Paper:
        number = next(self._numbers)
        name = f"{2000 + number // 100_000}.{number % 100_000:05}"
        return Paper(
            key=f"arxiv:{name}",
            title=f"{word} in the forest, part {number}",
            url=f"https://arxiv.org/abs/{name}",
            abstract="A tree is described.",
            authors=("Ada Żak",),
            categories=("q-bio.PE",),
            ids=(f"arxiv:{name}",),
            version=1,
            announced_on=today,
        )
