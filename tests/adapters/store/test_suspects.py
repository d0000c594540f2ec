"""A message under which workers have died goes alone, and waits for that in nobody's hand."""

import asyncio

from sqlalchemy import text

from adapters.clock import SharedClock
from bot.engine.deliver import Courier
from bot.model.delivery import Outcome
from tests.adapters.store.given import NOON, a_message
from tests.builders import LAB, READING_CLUB
from tests.fakes.messenger import FakeMessenger

PAGE = {"heading": "On Rings", "cards": [{"title": "On Rings"}]}


class Slow(FakeMessenger):
    """Answers for one channel only when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.beside: list[bool] = []
        """For each post elsewhere: whether the slow one was still under way."""

    async def post(self, to, page, *, marker, thread="") -> Outcome:
        if to == LAB:
            self.asked.set()
            await self.may_answer.wait()
        else:
            self.beside.append(not self.may_answer.is_set())
        return await super().post(to, page, marker=marker, thread=thread)


async def test_a_suspect_waits_for_the_others_in_the_outbox_not_in_hand(store):
    platform = Slow()
    courier = Courier(store, {platform.platform: platform}, SharedClock(), "w1")
    later = {"payload": PAGE, "expires_at": NOON.replace(year=2999)}
    await store.outbox.enqueue(a_message("slow", channel=LAB, **later), now=NOON)
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(30):
        carrying = tasks.create_task(courier.deliver())
        await platform.asked.wait()
        await store.outbox.enqueue(a_message("suspect", channel=READING_CLUB, **later), now=NOON)
        with store.outbox._database.writing.begin() as connection:
            connection.execute(
                text("UPDATE deliveries SET crashes = 2 WHERE dedupe_key = 'suspect'")
            )
        in_hand = []
        for _ in range(50):
            await asyncio.sleep(0.05)
            in_hand.append((await store.upkeep.status()).deliveries.get("sending", 0))
        assert set(in_hand[-10:]) == {1}, "it was handed back"
        assert platform.beside == []
        platform.may_answer.set()
        await carrying
    assert platform.beside == [False]
    assert platform.titles(READING_CLUB) == platform.titles(LAB) == ["On Rings"]
