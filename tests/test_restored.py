"""A backup in the place of a lost database: nothing the lost one posted comes again."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.store import migrate, open_store
from adapters.store.backup import back_up, restore
from bot.engine.restoring import take_up
from bot.model.delivery import NotSent
from bot.model.subscription import Platform
from bot.rules.mailings import taken_in_by
from tests.builders import LAB, READING_CLUB, a_paper
from tests.fakes.messenger import FakeMessenger
from tests.world import MONDAY, World

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
            assert {card.face.title for card in found.cards} == {first.title, second.title}
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


DIGESTS_TO_COME = [
    ("subscribe rings every:weekly on:fri at:09:00", 4, "the weekly digest was still to come"),
    ("subscribe rings every:weekly on:tue at:12:00", 8, "it had come hours before the paper"),
    ("subscribe rings at:15:00", 2, "an hour after it the lost one may not have had it yet"),
    ("subscribe rings at:18:00", None, "the lost one had posted it in the evening"),
    ("subscribe rings every:hourly", None, "the lost one had posted it within the hour"),
    ("subscribe rings every:instant", None, "the lost one had posted it at once"),
    ("subscribe rings at:09:00", None, "the lost one had posted it this morning"),
    ("subscribe rings every:weekly on:wed at:09:00", None, "the lost one's week had ended"),
]


@pytest.mark.parametrize(("order", "day", "why"), DIGESTS_TO_COME)
async def test_a_paper_from_between_backup_and_loss_comes_where_its_digest_was_to_come(
    order, day, why, places, tmp_path
):
    """Backup on Monday, a paper on Tuesday afternoon, loss on Wednesday noon."""
    here, there = places
    paper, tuesday = a_paper("On Rings"), MONDAY + timedelta(days=1)
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say(order)
        await world.wait(minutes=5)
        copy = back_up(here, tmp_path / "copy.db").path
    await brought_back(copy, there, MONDAY + timedelta(days=2, hours=6))
    async with open_store(there) as store:
        world = elsewhere(store, MONDAY, days=2, hours=7)
        world.source.announce(paper, on=tuesday.date(), at=tuesday + timedelta(hours=8))
        for _ in range(14 * 24):
            if world.shown():
                break
            await world.wait(hours=1)
        assert world.shown() == ([paper.title] if day else []), why
        if day:
            assert (world.clock.now() - MONDAY).days == day, why
        else:
            told = await world.say(f"why {paper.key}")
            assert "counts as posted" in str(told)


async def test_a_gap_of_weeks_is_no_reason_to_leave_papers_out(places, tmp_path):
    here, there = places
    async with open_store(here) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings every:weekly on:fri at:09:00")
        copy = back_up(here, tmp_path / "copy.db").path
    lost_at = MONDAY + timedelta(days=17)  # a Thursday
    await brought_back(copy, there, lost_at)
    async with open_store(there) as store:
        world = elsewhere(store, lost_at, minutes=5)
        for days, name in (
            (3, "Older Rings"),
            (12, "Rings of Saturday"),
            (16, "Rings of Wednesday"),
        ):
            world.source.announce(a_paper(name), on=(MONDAY + timedelta(days=days)).date())
        await world.wait(days=1, hours=4)
        assert sorted(world.shown()) == ["Rings of Saturday", "Rings of Wednesday"]


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("source", "at", "after", "taken_in"),
    [
        ("arxiv_rss:cs.CL", None, None, datetime(2026, 11, 24, 11, tzinfo=UTC)),
        ("arxiv_rss:cs.CL", None, timedelta(minutes=20), datetime(2026, 11, 24, 5, 20, tzinfo=UTC)),
        ("arxiv_oai:cs", None, None, datetime(2026, 11, 25, 11, tzinfo=UTC)),
        ("hf_daily", None, None, datetime(2026, 11, 25, tzinfo=UTC)),
        ("hf_daily", NOON, None, datetime(2026, 11, 24, 14, tzinfo=UTC)),
    ],
)
def test_when_the_lost_one_had_taken_a_paper_in_is_judged_rather_too_late(
    source, at, after, taken_in
):
    assert taken_in_by(source, NOON.date(), at, after) == taken_in


async def test_how_late_arxiv_is_read_is_learned_from_the_days_before_the_backup(places, tmp_path):
    """Read at 00:20 in New York every day, the mailing was in the digest of 06:00 UTC."""
    here, there = places
    old, new = a_paper("Rings of Monday"), a_paper("Rings of Tuesday")
    async with open_store(here) as store:
        world = arxiv(World(store), MONDAY.replace(hour=5, minute=20) - timedelta(days=1))
        await world.engine.beat()
        await world.say("subscribe rings at:06:00")
        world.source.announce(old)
        await world.wait(days=1)
        copy = back_up(here, tmp_path / "copy.db").path
    tuesday = MONDAY + timedelta(days=1)
    await brought_back(copy, there, tuesday + timedelta(hours=1))
    async with open_store(there) as store:
        world = arxiv(World(store), tuesday + timedelta(hours=2))
        world.source.announce(new, on=tuesday.date())
        for _ in range(3):
            await world.wait(days=1)
        assert world.shown() == []


def arxiv(world, now):
    world.source.name = "arxiv_rss:cs.CL"
    world.engine.world.sources.clear()
    world.engine.world.sources[world.source.name] = world.source
    world.clock.move_to(now)
    return world
