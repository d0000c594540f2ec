"""A backup in the place of a lost database: nothing the lost one posted comes again."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.store import migrate, open_store
from adapters.store.backup import back_up, restore
from bot.engine.restoring import take_up
from bot.model.delivery import NotSent
from bot.model.subscription import Platform
from bot.rules.mailings import read_whole_before
from tests.builders import LAB, READING_CLUB, a_paper
from tests.fakes.messenger import FakeMessenger
from tests.world import World

RENDERERS = {Platform.TERMINAL: FakeMessenger().pages}


@pytest.fixture
def places(tmp_path):
    """The addresses of the database that gets lost, and of the one restored elsewhere."""
    found = [f"sqlite:///{tmp_path / name / 'papers.db'}" for name in ("here", "there")]
    migrate(found[0])
    return found


async def brought_back(copy, there, lost_at):
    async def prepare(url):
        async with open_store(url) as store:
            return await take_up(store, RENDERERS, lost_at)

    await asyncio.to_thread(
        restore, there, copy, take_up=lambda url: asyncio.run(prepare(url)), now=lost_at
    )


def elsewhere(store, lost_at, **later):
    world = World(store)
    world.clock.move_to(lost_at + timedelta(**later))
    return world


async def test_what_was_posted_before_and_after_the_backup_is_not_posted_again(places, tmp_path):
    here, there = places
    first, second, third = (a_paper(f"On Rings {name}") for name in "ABC")
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings at:09:00")
        await world.announce(first)
        await world.wait_until(9)
        assert world.shown() == [first.title]
        copy = back_up(here, tmp_path / "copy.db").path
        await world.announce(second)
        await world.wait_until(9)
        assert world.shown() == [first.title, second.title]
        posted_on = (world.clock.now() - timedelta(days=1)).date()
        lost_at = world.clock.now()

    await brought_back(copy, there, lost_at)
    for _ in range(2):  # a restart between makes no difference
        async with open_store(there) as store:
            world = elsewhere(store, lost_at, hours=1)
            world.source.announce(first, second, on=posted_on)
            await world.wait(minutes=5)
            assert world.shown() == []
            found = await world.say("rings")
            assert {card.title for card in found.cards} == {first.title, second.title}
    async with open_store(there) as store:
        world = elsewhere(store, lost_at, hours=2)
        await world.announce(third)
        await world.wait_until(9)
        assert world.shown() == [third.title], "what is new after it comes"
        assert [one.paper for one in await store.ledger.shown(LAB, 9)] == [third.key, first.key]


async def test_a_digest_that_waited_when_the_backup_was_made_does_not_come_again(places, tmp_path):
    """Monday's digest was posted after the backup; the weekly one still gathers what it cut."""
    here, there = places
    papers = [a_paper(f"Rings {part}") for part in ("Rings Rings", "of Rings", "and Fields")]
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings at:09:00 top:2 name:daily")
        await world.say("subscribe rings every:weekly on:fri at:09:00 name:week")
        await world.announce(*papers)
        copy = back_up(here, tmp_path / "copy.db").path
        await world.wait_until(9)
        shown = world.shown()
        assert len(shown) == 2
        lost_at = world.clock.now() + timedelta(hours=1)

    await brought_back(copy, there, lost_at)
    async with open_store(there) as store:
        world = elsewhere(store, lost_at, minutes=5)
        await world.wait(minutes=1)
        assert world.shown() == []
        await world.wait_until(9)
        for _ in range(3):
            await world.wait(days=1)
        assert world.shown() == [one.title for one in papers if one.title not in shown]


async def test_a_message_that_was_owed_when_the_backup_was_made_does_not_come_again(
    places, tmp_path
):
    here, there = places
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings every:instant")
        await world.say("subscribe rings every:instant", READING_CLUB)
        world.platform.closed.add(str(READING_CLUB))
        world.platform.fail = [NotSent("down for a moment"), NotSent("down for a moment")]
        await world.announce(a_paper("On Rings"))
        copy = back_up(here, tmp_path / "copy.db").path
        await world.wait(minutes=10)
        assert world.shown(LAB) == ["On Rings"]
        lost_at = world.clock.now()

    await brought_back(copy, there, lost_at)
    async with open_store(there) as store:
        world = elsewhere(store, lost_at, minutes=5)
        await world.wait(minutes=10)
        assert world.shown(LAB) == []
        await world.announce(a_paper("On Rings Again"))
        assert world.shown(LAB) == ["On Rings Again"], "the lane is free"


async def test_what_was_not_due_before_the_loss_still_comes(places, tmp_path):
    here, there = places
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings at:09:00")
        await world.announce(a_paper("On Rings"))
        copy = back_up(here, tmp_path / "copy.db").path
        lost_at = world.clock.now() + timedelta(minutes=30)
    await brought_back(copy, there, lost_at)
    async with open_store(there) as store:
        world = elsewhere(store, lost_at, minutes=5)
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]


@pytest.mark.parametrize(
    ("source", "lost_at", "day"),
    [
        ("arxiv_rss:cs.CL", datetime(2026, 11, 24, 12, tzinfo=UTC), date(2026, 11, 25)),
        ("arxiv_rss:cs.CL", datetime(2026, 11, 24, 10, tzinfo=UTC), date(2026, 11, 24)),
        ("hf_daily", datetime(2026, 11, 24, 23, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_arxivs_mailing_is_complete_in_the_morning_and_a_growing_list_never(source, lost_at, day):
    assert read_whole_before(source, lost_at) == day
