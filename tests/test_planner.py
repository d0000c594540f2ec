"""The planner's index follows the stored filters, and thresholds fire once whatever happens to it."""

import logging
from dataclasses import replace

import pytest
from sqlalchemy import text

from adapters.store import migrate, open_store
from adapters.store.engines import database_url, open_engine
from bot.engine import beat, plan
from bot.model.errors import StoreDown
from bot.model.paper import Announcements, Event, Metrics, Sighting
from bot.model.record import IMPORT
from bot.rules import index as rules_index
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import World, a_world


def risen(paper, upvotes):
    return replace(paper, metrics=Metrics(upvotes=upvotes))


@pytest.fixture
def soon_worn(monkeypatch):
    """Every change of a filter wears the index out, so that it is built anew after each planning."""
    monkeypatch.setattr(rules_index, "WORN_FROM", 1)


async def restarted(store, before):
    world = World(store)
    world.clock.move_to(before.clock.now())
    return world


async def test_a_threshold_crossed_days_later_fires_once_over_restarts_and_a_rebuilt_index(
    tmp_path, soon_worn
):
    url = f"sqlite:///{tmp_path / 'papers.db'}"
    migrate(url)
    paper = a_paper("On Rings", upvotes=2)

    async def rise(world, upvotes):
        """Days later; another filter has come, so that the index is built anew with the paper."""
        index = world.engine.planner._index
        await world.say(f"subscribe word{upvotes}", READING_CLUB)
        await world.wait(days=2)
        await world.announce(risen(paper, upvotes))
        assert world.engine.planner._index is not index
        return world.shown()

    async with open_store(url) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings upvotes:>=20 every:instant")
        await world.announce(paper)
        assert await rise(world, 19) == []
        world = await restarted(store, world)
        assert await rise(world, 20) == ["On Rings"]
        assert await rise(world, 21) == ["On Rings"]
        await world.announce(risen(paper, 12))
        assert await rise(world, 22) == ["On Rings"]
        world = await restarted(store, world)
        assert await rise(world, 90) == []


@pytest.fixture
def few_at_a_time(monkeypatch):
    """Two sightings are already many."""
    monkeypatch.setattr(plan, "BATCH", 1)
    monkeypatch.setattr(beat, "AT_A_TIME", 2)


async def test_what_is_due_does_not_wait_until_a_whole_import_is_matched(
    tmp_path, few_at_a_time, monkeypatch
):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.announce(a_paper("Graphs"))
        composing, left = world.store.ledger.compose, []

        async def compose(decisions, *, now):
            left.append(len(await world.store.papers.unplanned(99)))
            return await composing(decisions, now=now)

        monkeypatch.setattr(world.store.ledger, "compose", compose)
        titles = [f"On Rings {number}" for number in range(6)]
        await world.announce(*map(a_paper, titles))
        assert left == [4, 2, 0], "posted as they are matched, oldest first"
        await world.wait(minutes=1)
        assert world.shown() == titles


async def test_what_a_source_announces_is_posted_before_an_import_is_matched(
    tmp_path, few_at_a_time
):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        imported = [f"On Rings {number}" for number in range(6)]
        now = world.clock.now()
        said = [Sighting(paper=a_paper(one), event=Event.NEW, on=now.date()) for one in imported]
        await world.store.papers.save(
            IMPORT, Announcements(sightings=tuple(said)), now=now, late_before=None
        )
        await world.announce(a_paper("On Rings, announced"))
        assert world.shown()[0] == "On Rings, announced"
        await world.wait(minutes=1)
        assert world.shown()[1:] == imported, "none is lost for having waited"


async def test_a_crash_between_two_parts_of_an_import_loses_nothing_and_repeats_nothing(
    tmp_path, few_at_a_time, monkeypatch
):
    async with a_world(tmp_path) as before:
        await before.say("subscribe rings every:instant")
        storing, stored = before.store.ledger.plan, []

        async def plan_then_die(planned, hits, **more):
            if len(stored) == 3:
                raise StoreDown("the third was the last")
            stored.append(await storing(planned, hits, **more))
            return stored[-1]

        monkeypatch.setattr(before.store.ledger, "plan", plan_then_die)
        titles = [f"On Rings {number}" for number in range(6)]
        with pytest.raises(StoreDown):
            await before.announce(*map(a_paper, titles))
        monkeypatch.undo()
        world = await restarted(before.store, before)
        await world.wait(minutes=1)
        await world.wait(minutes=1)
        assert before.shown() + world.shown() == titles


async def test_only_what_has_changed_is_read_again(tmp_path, monkeypatch):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.say("subscribe graphs every:instant", READING_CLUB)
        await world.announce(a_paper("On Rings"))
        read = []
        filters = world.store.subscriptions.filters

        async def reading(since=None):
            found = await filters(since=since)
            read.append((since is not None, [one.canonical for one in found.filters], found.gone))
            return found

        monkeypatch.setattr(world.store.subscriptions, "filters", reading)
        await world.announce(a_paper("More Rings"))
        await world.say("subscribe fields every:instant name:fields")
        await world.announce(a_paper("On Fields"))
        gone = [one.id for one in (await filters()).filters if one.canonical == "graph"]
        await world.say("unsubscribe graphs", READING_CLUB)
        await world.announce(a_paper("On Graphs"))
        assert read == [(True, [], ()), (True, ["field"], ()), (True, [], tuple(gone))]
        assert world.shown() == ["On Rings", "More Rings", "On Fields"]
        assert world.shown(READING_CLUB) == []


async def test_a_worn_index_is_built_anew_and_answers_the_same(tmp_path, soon_worn):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.announce(a_paper("On Rings"))
        for number in range(3):
            index = world.engine.planner._index
            await world.say(f"subscribe word{number} every:instant name:w{number}")
            await world.announce(a_paper(f"Rings again {number}"), a_paper(f"On Word{number}"))
            assert world.engine.planner._index is not index
            assert not world.engine.planner._index.worn
        assert sorted(world.shown()) == sorted(
            ["On Rings"] + [f"{one}{n}" for n in range(3) for one in ("Rings again ", "On Word")]
        )


async def test_a_damaged_filter_is_said_so_and_silences_nobody_else(tmp_path, caplog):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    async with a_world(tmp_path) as before:
        await before.say("subscribe rings at:09:00")
        await before.say("subscribe graphs at:09:00", READING_CLUB)
        engine = open_engine(database_url(url), threads=1, writes=True)
        with engine.begin() as connection:
            damaged = "UPDATE filters SET canonical = '((', revision = revision + 100"
            connection.execute(text(f"{damaged} WHERE canonical = 'graph'"))
        engine.dispose()
        world = await restarted(before.store, before)
        await world.engine.beat()
        with caplog.at_level(logging.ERROR):
            await world.announce(a_paper("On Rings"), a_paper("On Graphs"))
            await world.wait_until(9)
        assert world.shown(LAB) == ["On Rings"]
        assert world.shown(READING_CLUB) == []
        assert "cannot be read" in caplog.text
