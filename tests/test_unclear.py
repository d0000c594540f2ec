"""A message of unknown fate: what arrives late, what may not be looked for, who stops resending."""

import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from bot.model.delivery import (
    DeliveryState,
    NewDelivery,
    NotSent,
    Outcome,
    Posted,
    Unanswered,
    Unclear,
    Unreadable,
)
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, READING_CLUB
from tests.fakes.messenger import FakeMessenger
from tests.world import World, a_world

LATE = timedelta(seconds=50)
"""A request that was given up may be carried out so long afterwards."""


class Late(FakeMessenger):
    """Knows a repeat by its marker for two minutes, and carries out lost requests late."""

    recognises_repeats_for = timedelta(minutes=2)

    def __init__(self) -> None:
        super().__init__()
        self.world: World | None = None
        self.lost: list[timedelta | None] = []
        """What becomes of the next requests: lost, and carried out so much later or never."""
        self.may_look: Unanswered | Unreadable | None = None
        self.times: dict[str, datetime] = {}
        self._coming: list[tuple[datetime, Channel, dict, str]] = []

    async def post(self, to, page, *, marker, thread="") -> Outcome:
        self._arrive()
        if not self.lost:
            return await self._carry_out(to, page, marker)
        later = self.lost.pop(0)
        if later is not None:
            self._coming.append((self._now() + later, to, page, marker))
        return Unclear("no answer in time")

    async def find(self, to, *, marker, since, thread=""):
        self._arrive()
        return self.may_look or await super().find(to, marker=marker, since=since)

    def titles(self, channel: Channel) -> list[str]:
        self._arrive()
        return super().titles(channel)

    async def _carry_out(self, to, page, marker, at=None) -> Outcome:
        at = at or self._now()
        if marker in self.times and at < self.times[marker] + self.recognises_repeats_for:
            return Posted(self._markers[marker])
        self.times[marker] = at
        return await super().post(to, page, marker=marker)

    def _arrive(self) -> None:
        for one in list(self._coming):
            if one[0] <= self._now():
                self._coming.remove(one)
                # Nothing in it waits, so one step is all of it.
                next(_steps(self._carry_out(*one[1:], at=one[0])), None)

    def _now(self) -> datetime:
        return self.world.clock.now()


def _steps(coroutine) -> Iterator[object]:
    yield from coroutine.__await__()


@asynccontextmanager
async def one_owed(folder):
    """A world with one message owed to the lab."""
    platform = Late()
    async with a_world(folder, platform) as world:
        platform.world, now = world, world.clock.now()
        page = {"heading": "On Rings", "cards": [{"title": "On Rings"}]}
        owed = NewDelivery(
            channel=LAB, dedupe_key="a", payload=page, not_before=now,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
        assert await world.store.outbox.enqueue(owed, now=now)
        yield world, platform


async def look_every(world, seconds, times=15):
    """The bot at work: it looks for what is unclear, and sends what is owed."""
    for _ in range(times):
        await world.engine.reconciler.reconcile()
        await world.engine.courier.deliver()
        world.clock.advance(timedelta(seconds=seconds))


async def owed(world) -> dict[str, int]:
    return (await world.store.upkeep.status()).deliveries


async def test_what_arrives_after_its_answer_was_given_up_is_found_and_not_sent_again(tmp_path):
    async with one_owed(tmp_path) as (world, platform):
        platform.recognises_repeats_for = timedelta(0)
        platform.lost = [LATE]
        await look_every(world, 10)
        assert platform.titles(LAB) == ["On Rings"]
        assert await owed(world) == {"sent": 1}


async def test_what_became_unclear_long_after_its_first_try_is_not_judged_by_the_first_look(
    tmp_path,
):
    async with one_owed(tmp_path) as (world, platform):
        platform.recognises_repeats_for = timedelta(seconds=15)
        platform.lost = [timedelta(minutes=4)]
        await world.engine.courier.deliver()
        world.clock.advance(timedelta(minutes=3, seconds=10))  # nobody had time to look
        await look_every(world, 10)
        assert platform.titles(LAB) == ["On Rings"]
        assert await owed(world) == {"sent": 1}


async def test_a_resend_that_may_come_too_late_to_be_known_for_a_repeat_is_not_begun(tmp_path):
    async with one_owed(tmp_path) as (world, platform):
        platform.lost = [timedelta(0)]
        await world.engine.courier.deliver()
        world.clock.advance(platform.recognises_repeats_for - timedelta(seconds=5))
        platform.lost = [timedelta(seconds=15)]  # on its way when the platform forgets
        await look_every(world, 10)
        assert platform.titles(LAB) == ["On Rings"]


async def test_channels_are_looked_at_side_by_side_so_that_one_that_hangs_delays_few(tmp_path):
    async with one_owed(tmp_path) as (world, platform):
        platform.recognises_repeats_for = timedelta(0)
        now = world.clock.now()
        for channel in (READING_CLUB, Channel(LAB.platform, LAB.workspace, "C3")):
            page = {"heading": "On Rings", "cards": [{"title": "On Rings"}]}
            more = NewDelivery(
                channel=channel, dedupe_key=str(channel), payload=page, not_before=now,
                expires_at=now + timedelta(days=1),
            )  # fmt: skip
            assert await world.store.outbox.enqueue(more, now=now)
        platform.lost = [None] * 3
        await world.engine.courier.deliver()
        all_are_asked, together = asyncio.Barrier(3), []

        async def find(to, *, marker, since, thread=""):
            async with asyncio.timeout(5):
                await all_are_asked.wait()
            together.append(to)
            return Unanswered("no answer in time")

        platform.find = find
        await world.engine.reconciler.reconcile()
        assert len(together) == 3
        assert await owed(world) == {"unknown": 3}


async def test_after_a_resend_without_an_answer_earlier_looks_prove_nothing(tmp_path):
    async with one_owed(tmp_path) as (world, platform):
        platform.lost = [None, None, None, timedelta(seconds=55)]
        await world.engine.courier.deliver()
        for seconds in (0, 30, 60):
            world.clock.advance(timedelta(seconds=seconds))
            await world.engine.reconciler.reconcile()
        assert platform.lost == [], "all three looks were made by sending it again"
        world.clock.advance(timedelta(minutes=1))
        await look_every(world, 10)
        world.clock.advance(timedelta(minutes=5))
        await world.engine.courier.deliver()
        assert platform.titles(LAB) == ["On Rings"]


async def test_who_could_not_look_just_now_looks_later_and_sends_nothing_again(tmp_path):
    async with one_owed(tmp_path) as (world, platform):
        platform.lost = [timedelta(minutes=2)]
        await world.engine.courier.deliver()
        world.clock.advance(timedelta(minutes=3))
        platform.may_look = Unanswered("away")
        await look_every(world, 300, times=12)
        assert await owed(world) == {"unknown": 1}
        platform.may_look = None
        await look_every(world, 600)
        assert platform.titles(LAB) == ["On Rings"]
        assert await owed(world) == {"sent": 1}


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
async def test_where_nobody_may_look_it_is_sent_once_more_and_then_held_for_a_person(
    tmp_path, arrived
):
    async with one_owed(tmp_path) as (world, platform):
        platform.recognises_repeats_for = timedelta(0)
        platform.may_look = Unreadable("no history scope")
        fate = timedelta(0) if arrived else None
        platform.lost = [fate, fate]
        await look_every(world, 300, times=12)
        assert platform.titles(LAB) == ["On Rings"] * (2 if arrived else 0)
        assert await owed(world) == {"unknown": 1}, "neither lost nor sent a third time"
        (shown,) = await world.store.outbox.deliveries(limit=1)
        assert "unclear twice" in shown.problem
        assert "until somebody decides" in shown.problem
        platform.may_look = None  # somebody gave the right to look
        await look_every(world, 3600, times=10)
        assert platform.titles(LAB) == ["On Rings"] * (2 if arrived else 1)
        assert await owed(world) == {"sent": 1}


class OnDiscord(Late):
    """Its answers would say what is left of a channel's bucket."""

    platform = Platform.DISCORD
    recognises_repeats_for = timedelta(0)


@pytest.mark.parametrize("arrives", [timedelta(0), None], ids=["it arrived", "it did not"])
async def test_after_an_answer_nobody_saw_the_channel_rests_until_its_bucket_is_full_again(
    tmp_path, arrives
):
    platform, channel = OnDiscord(), Channel(Platform.DISCORD, "1", "2")
    async with a_world(tmp_path, platform) as world:
        platform.world, now, outbox = world, world.clock.now(), world.store.outbox
        for title in ("On Rings", "On Fields"):
            page = {"heading": title, "cards": [{"title": title}]}
            one = NewDelivery(
                channel=channel, dedupe_key=title, payload=page, not_before=now,
                expires_at=now + timedelta(days=1),
            )  # fmt: skip
            assert await outbox.enqueue(one, now=now)
        platform.lost = [arrives]
        await world.engine.courier.deliver()
        while (await owed(world)).get("unknown"):
            world.clock.advance(timedelta(seconds=1))
            await world.engine.reconciler.reconcile()
        stood = platform.titles(channel)
        world.clock.advance(timedelta(seconds=4.9))
        await world.engine.courier.deliver()
        assert platform.titles(channel) == stood
        world.clock.advance(timedelta(seconds=0.2))
        await world.engine.courier.deliver()
        assert platform.titles(channel) == ["On Rings", "On Fields"]


async def test_ten_minutes_of_being_asked_to_slow_down_lose_nothing_and_are_no_failure(tmp_path):
    """Fault 20: the platform names 30 s, again and again, and every time it is believed."""
    async with one_owed(tmp_path) as (world, platform):
        slow = NotSent("ratelimited", wait=timedelta(seconds=30), limited=True)
        platform.recognises_repeats_for, platform.fail = timedelta(0), [slow] * 20
        began = world.clock.now()
        while not platform.titles(LAB):
            await world.engine.courier.deliver()
            world.clock.advance(timedelta(seconds=10))
        assert world.clock.now() - began == timedelta(minutes=10, seconds=10)
        assert platform.titles(LAB) == ["On Rings"]
        (lane,) = await world.store.outbox.lanes(now=world.clock.now())
        assert lane.state == "running"
        (sent,) = await world.store.outbox.deliveries(limit=2)
        assert (sent.state, sent.attempt) == (DeliveryState.SENT, 21)
