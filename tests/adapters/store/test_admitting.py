"""Nobody asks more often than allowed, however many processes answer."""

import asyncio
from datetime import timedelta

from adapters.store import open_store
from bot.model.member import Member
from bot.model.memory import Admission, Wait
from bot.model.subscription import Platform
from tests.adapters.store.given import NOON

ADA = Member(Platform.SLACK, "T1", "U1")
BEN = Member(Platform.SLACK, "T1", "U2")
ELSEWHERE = Member(Platform.SLACK, "T2", "U1")


def after(seconds):
    return NOON + timedelta(seconds=seconds)


async def admit(store, member, at, *, most=3, most_here=5):
    return (await store.people.admit(member, most=most, most_here=most_here, now=at)).wait


async def test_a_member_waits_until_the_first_of_a_minute_is_a_minute_ago(store):
    assert [await admit(store, ADA, after(10 * n)) for n in range(3)] == [None] * 3
    assert await admit(store, ADA, after(25)) == Wait(timedelta(seconds=35))
    assert await admit(store, ADA, after(25)) == Wait(timedelta(seconds=35)), "it did not count"
    assert await admit(store, ADA, after(60)) is None
    assert await admit(store, ADA, after(60)) == Wait(timedelta(seconds=10))


async def test_one_member_does_not_use_up_what_others_have(store):
    for _ in range(5):
        await admit(store, ADA, NOON)
    assert await admit(store, BEN, NOON) is None
    assert await admit(store, BEN, NOON) is None
    assert await admit(store, BEN, NOON) == Wait(timedelta(minutes=1), shared=True)
    assert await admit(store, ELSEWHERE, NOON) is None


async def test_a_clock_that_was_ahead_shuts_nobody_out(store):
    for _ in range(3):
        await admit(store, ADA, NOON + timedelta(days=1))
    assert await admit(store, ADA, NOON) is None


async def test_processes_count_together(url):
    async with open_store(url) as one, open_store(url) as other:
        async with asyncio.TaskGroup() as tasks:
            asking = [
                tasks.create_task(admit(store, ADA, NOON, most=4))
                for store in (one, other)
                for _ in range(6)
            ]
        assert sum(each.result() is None for each in asking) == 4


async def test_an_event_that_comes_again_is_neither_answered_nor_counted(store):
    came = ("desk:slack", "Ev1")

    async def ask():
        return await store.people.admit(ADA, most=1, most_here=5, now=NOON, event=came)

    assert await ask() == Admission()
    assert await ask() == Admission(first=False)
    assert await store.people.admit(ADA, most=2, most_here=5, now=NOON) == Admission()


async def test_what_was_counted_is_forgotten_with_the_member_and_with_time(store):
    await admit(store, ADA, NOON)
    assert await store.people.forget(ADA) == 1
    assert await store.upkeep.tidy(now=NOON + timedelta(days=3)) == 1
    assert await store.upkeep.tidy(now=NOON + timedelta(days=3)) == 0
