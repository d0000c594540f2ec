"""Bad luck, and how a person finds out: from `papers status`, from the log and from a metric.

On both engines. Each test ends with the three, for the same misfortune.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import create_engine, text

from adapters.clock import SharedClock
from adapters.store import migrate, open_store
from adapters.store.engines import database_url
from adapters.store.schema import head
from adapters.web import PrometheusMeter
from bot.commands.answers.status import status as told
from bot.commands.lifecycle import Lifecycle
from bot.engine.beat import Engine
from bot.engine.deliver import LEASE
from bot.model.delivery import ChannelGone, WorkspaceGone
from bot.model.errors import StoreDown
from bot.model.subscription import Channel, Platform
from config.figures import page
from config.time import Timekeeper
from tests.builders import a_paper
from tests.chaos.audit_told import samples
from tests.fakes.messenger import FakeMessenger
from tests.world import World

LAB, CLUB = (Channel(Platform.SLACK, "T1", name) for name in ("C1", "C2"))


class Workspace(FakeMessenger):
    """A platform of workspaces."""

    platform = Platform.SLACK

    def __init__(self):
        super().__init__()
        self.gone = None

    async def post(self, to, page, *, marker, thread=""):
        return self.gone or await super().post(to, page, marker=marker, thread=thread)


class Person:
    """Somebody who looks after the bot."""

    def __init__(self, store, clock, caplog):
        self.store, self.clock, self.caplog = store, clock, caplog
        self.meter = PrometheusMeter()

    async def status(self) -> str:
        """What `papers status` says."""
        said = told(
            await self.store.upkeep.status(),
            await self.store.sources.all(),
            await self.store.outbox.lanes(now=self.clock.now()),
        )
        return "\n".join(said.lines)

    async def metric(self, name, **labels):
        """One figure of `/metrics`."""
        _, raw = await page(self.meter, self.store, self.clock)
        found = [value for having, value in samples(raw.decode(), name) if having == labels]
        return found[0] if found else None

    def logged(self, event) -> list[dict]:
        """What was logged under this name."""
        return [vars(one) for one in self.caplog.records if one.getMessage() == event]


class Watched(World):
    """A bot on Slack, and a person who looks after it."""

    def __init__(self, store, caplog):
        self.show = Workspace()
        super().__init__(store, self.show)
        self.person = Person(store, self.clock, caplog)
        self.engine = Engine(replace(self.engine.world, meter=self.person.meter))


@pytest.fixture
async def world(store, caplog):
    caplog.set_level("INFO")
    made = Watched(store, caplog)
    await made.engine.beat()
    return made


async def subscribe(world, *channels):
    for channel in channels:
        await world.ask("subscribe rings every:instant name:r", channel)


async def test_the_databases_clock_jumps(store, caplog):
    ticks = [0.0]
    clock = SharedClock(timer=lambda: ticks[0])
    person = Person(store, clock, caplog)
    keeper = Timekeeper(clock, store, person.meter, host="host-1")
    await keeper.anchor()
    assert "Clock" not in await person.status()
    ticks[0] -= 3600  # to this clock the database is an hour ahead of where it should be
    await keeper.anchor()
    assert not clock.settled
    assert "the database's clock was set by +3600 s" in await person.status()
    (event,) = person.logged("the shared clock was set")
    assert event["by_s"] == pytest.approx(3600, abs=5)
    assert await person.metric("clock_steps_total") == 1


async def test_two_hosts_are_ninety_seconds_apart(store, caplog):
    class Fast:
        def now(self):
            return SharedClock().now() + timedelta(seconds=90)

    right, wrong = (Person(store, SharedClock(), caplog) for _ in range(2))
    await Timekeeper(right.clock, store, right.meter, host="host-1").anchor()
    await Timekeeper(wrong.clock, store, wrong.meter, Fast(), host="host-2").anchor()
    assert abs(right.clock.now() - wrong.clock.now()) < timedelta(seconds=5), "one time for both"
    assert "the clock of host-2 is +90 s off the database's" in await right.status()
    (event,) = right.logged("the clock of this host is off")
    assert event["by_s"] == pytest.approx(90, abs=5)
    assert await wrong.metric("clock_offset_seconds") == pytest.approx(90, abs=5)
    assert await right.metric("clock_offset_seconds") == pytest.approx(0, abs=5)
    assert await right.metric("clock_steps_total") == 0, "nobody's time was set"


async def test_a_token_is_revoked_in_the_middle_of_a_batch(world):
    await subscribe(world, LAB, CLUB)
    await world.announce(a_paper("On Rings"))
    world.show.gone = WorkspaceGone("token_revoked")
    await world.announce(a_paper("On Rings Again"))
    said = await world.person.status()
    for channel in (LAB, CLUB):
        assert f"Channel {channel}: paused (token_revoked)" in said
    assert world.person.logged("workspace paused")[0]["reason"] == "token_revoked"
    assert await world.person.metric("lanes", state="paused") == 2
    assert await world.person.metric("breaker_open", scope="workspace") == 1
    assert not world.person.logged("owner told of a paused channel"), "nothing can be sent"
    world.show.gone = None
    await world.store.outbox.set_workspace(Platform.SLACK, "T1", paused=None, now=world.clock.now())
    await world.wait(minutes=5)
    assert world.show.titles(LAB) == world.show.titles(CLUB) == ["On Rings", "On Rings Again"]
    assert await world.person.metric("lanes", state="paused") == 0


async def test_a_channel_is_archived(world):
    await subscribe(world, LAB, CLUB)
    world.show.fail = [ChannelGone("is_archived")]
    await world.announce(a_paper("On Rings"))
    await world.wait(minutes=1)
    said = await world.person.status()
    assert said.count("paused (is_archived)") == 1
    assert "tried again" in said
    assert world.person.logged("channel paused")[0]["reason"] == "is_archived"
    assert world.person.logged("owner told of a paused channel")
    assert await world.person.metric("lanes", state="paused") == 1
    assert await world.person.metric("pauses_told_total", platform="slack", to="owner") == 1
    assert any("is_archived" in str(page) for page in world.show.posts["slack:T1/@U1"])


async def test_the_bot_is_kicked_and_invited_again(world):
    await subscribe(world, LAB)
    lives = Lifecycle(world.store, world.clock)
    await lives.workspace_gone(Platform.SLACK, "T1", "the bot was removed")
    await world.announce(a_paper("On Rings"))
    assert f"Channel {LAB}: paused (the bot was removed)" in await world.person.status()
    assert world.person.logged("workspace gone")[0]["reason"] == "the bot was removed"
    assert await world.person.metric("lanes", state="paused") == 1
    await lives.workspace_back(Platform.SLACK, "T1")
    await world.wait(minutes=5)
    assert world.show.titles(LAB) == ["On Rings"]
    assert f"Channel {LAB}: running" in await world.person.status()
    assert world.person.logged("workspace is back")
    assert await world.person.metric("lanes", state="paused") == 0


async def test_the_database_was_written_by_a_newer_version(url, caplog):
    async with open_store(url) as store:
        person = Person(store, SharedClock(), caplog)
        engine = create_engine(database_url(url))
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        try:
            with pytest.raises(StoreDown) as refused:
                await store.upkeep.check()
            assert "schema 9999, which this version does not know" in str(refused.value)
            assert "install that version, or restore a backup" in str(refused.value)
            with pytest.raises(StoreDown, match="9999"):
                await asyncio.to_thread(migrate, url)
            _, raw = await page(person.meter, store, person.clock)
            ((labels, _),) = samples(raw.decode(), "build_info")
            assert labels["schema"] == "9999"
        finally:
            with engine.begin() as connection:
                connection.execute(
                    text("UPDATE alembic_version SET version_num = :head"), {"head": head()}
                )
            engine.dispose()


async def test_two_processes_migrate_at_once(bare_url, caplog):
    caplog.set_level("INFO")
    both = Barrier(2)

    def migrated():
        both.wait(10)
        return migrate(bare_url)

    async with asyncio.TaskGroup() as group:
        done = [group.create_task(asyncio.to_thread(migrated)) for _ in range(2)]
    assert [one.result() for one in done] == [head()] * 2
    async with open_store(bare_url) as store:
        person = Person(store, SharedClock(), caplog)
        assert (await store.upkeep.status()).schema == head()
        (event,) = person.logged("database upgraded")
        assert (event["from"], event["to"]) == ("nothing", head())
        _, raw = await page(person.meter, store, person.clock)
        ((labels, _),) = samples(raw.decode(), "build_info")
        assert labels["schema"] == head()


async def test_a_message_kills_whatever_worker_sends_it(world):
    await subscribe(world, LAB)
    world.source.announce(a_paper("On Rings"))
    world.clock.advance(timedelta(minutes=2))
    await world.engine.ingest()
    await world.engine.advance()
    for death in range(20):
        now = world.clock.now()
        claimed = await world.store.outbox.claim(
            f"dies-{death}", frozenset({Platform.SLACK}), now=now, lease=LEASE, limit=9
        )
        world.clock.advance(LEASE * (2 if claimed else 1))
        await world.engine.reconciler.reconcile()
        if "given up" in await world.person.status():
            break
    assert f"Channel {LAB}: running, 1 given up this week" in await world.person.status()
    (event,) = world.person.logged("quarantined")
    assert event["died"] >= 3
    assert await world.person.metric("delivery_unknown_total", resolution="dead") == 1
    await world.announce(a_paper("On Rings Again"))
    assert world.show.titles(LAB) == ["On Rings Again"], "the channel goes on"
