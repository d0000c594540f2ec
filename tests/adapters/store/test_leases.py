"""One holder at a time, and no more uses than allowed: on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.adapters.store.given import NOON

LENGTH = timedelta(seconds=30)
DAY = timedelta(days=1)


async def test_a_lease_has_one_holder_until_it_ends(store):
    hold = store.leases.hold
    assert await hold("gateway 0", "a", now=NOON, length=LENGTH) == 1
    assert await hold("gateway 0", "b", now=NOON + LENGTH / 2, length=LENGTH) is None
    assert await hold("gateway 1", "b", now=NOON, length=LENGTH) == 1
    assert await hold("gateway 0", "a", now=NOON + LENGTH / 2, length=LENGTH) == 1
    assert await hold("gateway 0", "b", now=NOON + LENGTH, length=LENGTH) is None
    assert await hold("gateway 0", "b", now=NOON + 2 * LENGTH, length=LENGTH) == 2
    assert await hold("gateway 0", "a", now=NOON + 2 * LENGTH, length=LENGTH) is None


async def test_a_holder_that_slept_past_its_lease_learns_that_it_is_a_new_one(store):
    hold = store.leases.hold
    assert await hold("gateway", "a", now=NOON, length=LENGTH) == 1
    assert await hold("gateway", "a", now=NOON + 3 * LENGTH, length=LENGTH) == 2


async def test_a_lease_given_back_is_free_at_once_and_only_its_holder_can_give_it(store):
    hold = store.leases.hold
    await hold("gateway", "a", now=NOON, length=LENGTH)
    await store.leases.release("gateway", "b")
    assert await hold("gateway", "b", now=NOON, length=LENGTH) is None
    await store.leases.release("gateway", "a")
    assert await hold("gateway", "b", now=NOON, length=LENGTH) == 2


async def test_a_lease_of_a_clock_that_was_far_ahead_starves_nobody(store):
    hold = store.leases.hold
    await hold("gateway", "a", now=NOON + timedelta(hours=1), length=LENGTH)
    assert await hold("gateway", "b", now=NOON, length=LENGTH) == 2


async def test_of_many_who_want_a_lease_at_once_one_gets_it(store):
    async with asyncio.TaskGroup() as tasks:
        asking = [
            tasks.create_task(store.leases.hold("gateway", f"p{n}", now=NOON, length=LENGTH))
            for n in range(8)
        ]
    assert sorted(filter(None, (one.result() for one in asking))) == [1]


async def test_uses_are_counted_and_end_before_the_limit(store):
    async def spend(at):
        return await store.leases.spend("identify", now=at, most=3, within=DAY)

    assert [await spend(NOON + timedelta(minutes=n)) for n in range(4)] == [2, 1, 0, None]
    assert await store.leases.spent("identify", now=NOON + timedelta(hours=1), within=DAY) == 3
    assert await store.leases.spend("other", now=NOON, most=3, within=DAY) == 2
    assert await spend(NOON + DAY) == 0, "the first one is a day ago"
    assert await spend(NOON + DAY) is None


async def test_many_who_spend_at_once_never_spend_more_than_there_is(store):
    async with asyncio.TaskGroup() as tasks:
        spending = [
            tasks.create_task(store.leases.spend("identify", now=NOON, most=5, within=DAY))
            for _ in range(12)
        ]
    assert sum(one.result() is not None for one in spending) == 5


async def test_the_database_knows_the_time(store):
    at = await store.upkeep.time()
    assert at.tzinfo is not None
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=5)
