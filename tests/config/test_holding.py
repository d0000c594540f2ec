"""One process at a time: leases held over long work, and logins that are counted."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from adapters.clock import SharedClock
from adapters.web import PrometheusMeter
from bot.model.errors import BotError, StoreDown
from config.holding import IDENTIFIES_A_DAY, Held, LoginBudget
from tests.stores import open_test_store

LENGTH = timedelta(seconds=0.6)


class Work:
    """Runs until cancelled, and notes who else runs."""

    def __init__(self):
        self.running = set()
        self.most = 0
        self.began = []

    def of(self, who):
        async def work():
            self.began.append(who)
            self.running.add(who)
            self.most = max(self.most, len(self.running))
            try:
                await asyncio.sleep(60)
            finally:
                self.running.discard(who)

        return work


class Leaky:
    """Leases behind a database that can go away for one process."""

    def __init__(self, leases):
        self._leases = leases
        self.is_down = False

    async def hold(self, *args, **more):
        if self.is_down:
            raise StoreDown
        return await self._leases.hold(*args, **more)

    async def release(self, *args):
        if self.is_down:
            raise StoreDown
        await self._leases.release(*args)


async def until(true, seconds=5.0):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def doing(leases, holder, work):
    task = asyncio.ensure_future(
        Held(leases, SharedClock(), name="gateway", holder=holder, length=LENGTH).run(
            work.of(holder)
        )
    )
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_of_two_processes_one_works_and_the_other_takes_over_when_it_stops(tmp_path):
    work = Work()
    async with open_test_store(tmp_path) as store, doing(store.leases, "a", work) as a:
        await until(lambda: work.running == {"a"})
        async with doing(store.leases, "b", work):
            await asyncio.sleep(0.8)
            assert work.running == {"a"}, "the lease is kept beyond its length"
            a.cancel()
            await until(lambda: work.running == {"b"})
    assert (work.most, work.began) == (1, ["a", "b"])


async def test_who_loses_the_database_stops_before_another_may_begin(tmp_path):
    work = Work()
    async with open_test_store(tmp_path) as store:
        cut_off = Leaky(store.leases)
        async with doing(cut_off, "a", work):
            await until(lambda: work.running == {"a"})
            cut_off.is_down = True
            async with doing(store.leases, "b", work):
                await until(lambda: "b" in work.running)
                assert work.most == 1


async def test_a_database_that_is_away_for_a_moment_ends_nothing(tmp_path):
    work = Work()
    async with open_test_store(tmp_path) as store:
        shaky = Leaky(store.leases)
        async with doing(shaky, "a", work):
            await until(lambda: work.running == {"a"})
            shaky.is_down = True
            await asyncio.sleep(0.15)
            shaky.is_down = False
            await asyncio.sleep(0.8)
            assert work.running == {"a"}
            assert work.began == ["a"]


async def test_work_that_ends_by_itself_gives_the_lease_back_and_passes_its_error_on(tmp_path):
    async def fail():
        raise BotError("the token is no good")

    async with open_test_store(tmp_path) as store:
        with pytest.raises(BotError, match="no good"):
            await Held(store.leases, SharedClock(), name="gateway", holder="a", length=LENGTH).run(
                fail
            )
        now = await store.upkeep.time()
        assert await store.leases.hold("gateway", "b", now=now, length=timedelta(seconds=9)), (
            "it would have been held for another half second"
        )


async def test_logins_end_well_before_discords_limit_and_the_error_says_what_to_do(tmp_path):
    assert IDENTIFIES_A_DAY < 1000
    meter = PrometheusMeter()
    async with open_test_store(tmp_path) as store:
        for _ in range(3):  # three starts of a process in a crash loop
            await LoginBudget(store.leases, SharedClock(), most=3, meter=meter).spend()
        assert "paperwire_gateway_identifies_total 3.0" in meter.page()[1].decode()
        with pytest.raises(BotError, match="See the log for why"):
            await LoginBudget(store.leases, SharedClock(), most=3).spend()
