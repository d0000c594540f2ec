"""Days in seconds: the whole bot on virtual time, with a fate drawn from a seed.

Everything that happens follows from the seed: what is announced, what the platform does to each
call, when the worker dies, when time jumps. A failure names its seed; `SEEDS` takes more of them, `DAYS` a longer run.
"""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.engine.deliver import LEASE
from bot.model.delivery import NotSent, Unanswered, Unclear
from bot.model.subscription import Channel, Platform
from tests.builders import a_paper
from tests.fakes.messenger import FakeMessenger
from tests.world import a_world

SEEDS = (1,)
ROOMS = [Channel(Platform.TERMINAL, "", name) for name in ("lab", "club", "group")]
ORDERS = ("every:instant top:50", "at:09:00 top:50", "every:hourly top:50")
DAYS = 4


class Moody(FakeMessenger):
    """Fails as the seed wants; each channel has a fate of its own, whoever is asked first."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._fates = {str(room): random.Random(f"{seed} {room}") for room in ROOMS}
        self.kind = True

    async def post(self, to, page, *, marker, thread=""):
        fate = 1.0 if self.kind else self._fates[str(to)].random()
        if fate < 0.15:
            return NotSent("503", wait=timedelta(seconds=30))
        if fate < 0.25:
            return Unclear("no answer, and it never arrived")
        posted = await super().post(to, page, marker=marker, thread=thread)
        return Unclear("it arrived, the answer did not") if fate < 0.40 else posted

    async def find(self, to, *, marker, since, thread=""):
        if not self.kind and self._fates[str(to)].random() < 0.2:
            return Unanswered("away")
        return await super().find(to, marker=marker, since=since, thread=thread)


@dataclass
class History:
    """What a run came to. announced: titles in order; shown: by channel."""

    announced: list[str] = field(default_factory=list)
    shown: dict[str, list[str]] = field(default_factory=dict)
    unclear: int = 0


async def play(folder, seed: int, monkeypatch) -> History:
    """Some days, and a quiet day at the end in which everything must come right."""
    chance, history = random.Random(seed), History()
    folder.mkdir()
    # Back-off draws from the module's generator: it belongs to the fate too.
    monkeypatch.setattr("bot.engine.deliver.random", random.Random(seed))
    moody = Moody(seed)
    async with a_world(folder, moody) as world:
        for room, order in zip(ROOMS, ORDERS, strict=True):
            await world.say(f"subscribe rings {order}", room)
        moody.kind = False
        end = world.clock.now() + timedelta(days=DAYS)
        while world.clock.now() < end:
            world.source.down = chance.random() < 0.1
            for _ in range(chance.choice((0, 0, 1, 2))):
                title = f"Rings, part {len(history.announced) + 1}"
                history.announced.append(title)
                world.source.announce(a_paper(title))
            await world.wait(minutes=chance.choice((2, 20, 60, 240)))
            if chance.random() < 0.1:  # a worker that claims and dies
                await world.store.outbox.claim(
                    "dead", frozenset({moody.platform}), now=world.clock.now(), lease=LEASE, limit=9
                )
            for _ in range(2):  # a process looks every few seconds; here often enough to be one
                world.clock.advance(LEASE * 2)
                history.unclear += await world.engine.reconciler.reconcile()
                await world.engine.courier.deliver()
        moody.kind, world.source.down = True, False
        for _ in range(30):
            await world.wait(hours=1)
            await world.engine.reconciler.reconcile()
        history.shown = {str(room): moody.titles(room) for room in ROOMS}
    return history


@pytest.mark.parametrize("seed", SEEDS)
async def test_days_of_bad_luck_lose_nothing_and_repeat_nothing(tmp_path, monkeypatch, seed):
    history = await play(tmp_path / "run", seed, monkeypatch)
    assert history.unclear > 3, "a run without trouble proves nothing"
    assert len(history.announced) > 10
    for room, titles in history.shown.items():
        assert sorted(titles) == sorted(history.announced), f"seed {seed}: {room}"


async def test_the_same_seed_plays_the_same_days(tmp_path, monkeypatch):
    first = await play(tmp_path / "first", SEEDS[0], monkeypatch)
    again = await play(tmp_path / "again", SEEDS[0], monkeypatch)
    assert again == first
