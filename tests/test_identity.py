"""Each paper once per channel: whatever sources repeat, re-date, re-list, replace or withdraw."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.hf_rows import sighting_of
from adapters.store import migrate, open_store
from bot.model.paper import Announcements, Event, Metrics, Sighting, Status
from tests.builders import LAB, READING_CLUB, a_paper
from tests.stores import open_test_store
from tests.world import World, a_world


def again(paper, **more):
    """The same paper as a source shows it another time."""
    return replace(paper, **more)


async def test_hugging_face_then_new_cross_and_replaced_is_one_post(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        for source, event, version in (
            ("hf_daily", Event.LISTED, 1),
            ("arxiv_rss:cs.CL", Event.NEW, 1),
            ("arxiv_rss:cs.LG", Event.CROSS, 1),
            ("arxiv_rss:cs.CL", Event.REPLACE, 2),
            ("arxiv_rss:cs.LG", Event.REPLACE_CROSS, 2),
        ):
            seen = Sighting(
                paper=again(paper, version=version), event=event, on=world.clock.now().date()
            )
            await world.store.papers.save(
                source, Announcements(sightings=(seen,)), now=world.clock.now(), late_before=None
            )
            await world.wait(minutes=5)
        assert world.shown() == ["On Rings"]


async def test_every_item_re_dated_to_now_posts_nothing_again(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        papers = [a_paper(f"On Rings {name}") for name in "ABC"]
        await world.announce(*papers)
        await world.wait_until(9)
        for _ in range(3):
            today = world.clock.now().date()
            await world.announce(*[again(one, published_on=today) for one in papers])
            await world.wait_until(9)
        assert sorted(world.shown()) == ["On Rings A", "On Rings B", "On Rings C"]


async def test_a_late_bloomer_fires_once_however_often_the_source_is_read(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings upvotes:>=20 every:instant")
        await world.say("subscribe rings upvotes:>=20 at:09:00 name:daily", READING_CLUB)
        paper = a_paper("On Rings", upvotes=2)
        await world.announce(paper)
        for upvotes in (5, 19, 20, 20, 21, 25, 18, 22, 90):
            await world.announce(again(paper, metrics=Metrics(upvotes=upvotes)))
            await world.wait_until(9)
        assert world.shown() == ["On Rings"]
        assert world.shown(READING_CLUB) == ["On Rings"]


@pytest.mark.parametrize(("event", "days_ago"), [(Event.REPLACE, 0), (Event.LISTED, 5)])
async def test_a_late_bloomer_fires_though_it_is_told_with_a_new_version_or_a_late_listing(
    tmp_path, event, days_ago
):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings upvotes:>=20 every:instant")
        await world.say("subscribe rings every:instant", READING_CLUB)
        paper, today = a_paper("On Rings", upvotes=2), world.clock.now().date()
        await world.announce(paper)
        risen = again(paper, metrics=Metrics(upvotes=25), version=2)
        for _ in range(2):
            world.source.announce(risen, event=event, on=today - timedelta(days=days_ago))
            await world.wait(minutes=2)
        assert world.shown() == ["On Rings"]
        assert world.shown(READING_CLUB) == ["On Rings"]


async def test_a_paper_that_blooms_after_two_weeks_is_no_news(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings upvotes:>=20 every:instant")
        today = world.clock.now().date()
        early, late = (a_paper(f"On Rings {name}", upvotes=2, announced_on=today) for name in "AB")
        await world.announce(early, late)
        await world.wait(days=10)
        await world.announce(again(early, metrics=Metrics(upvotes=30)))
        await world.wait(days=10)
        await world.announce(again(late, metrics=Metrics(upvotes=30)))
        assert world.shown() == ["On Rings A"]


async def test_replacements_and_withdrawals_come_by_choice(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.say("subscribe rings version:(replace|withdrawn) every:instant", READING_CLUB)
        paper = a_paper("On Rings", version=2)
        await world.announce(paper, event=Event.REPLACE)
        gone = again(a_paper("On Old Rings"), version=3, status=Status.WITHDRAWN)
        await world.announce(gone, event=Event.WITHDRAWN)
        await world.announce(again(paper, version=3), event=Event.REPLACE)
        assert world.shown() == []
        assert world.shown(READING_CLUB) == ["On Rings", "On Old Rings"]


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_seen_survives_restarts_and_a_merge_of_identities(tmp_path, engine):
    url = f"sqlite:///{tmp_path / 'papers.db'}"
    migrate(url)
    journal = a_paper("On Rings", key="doi:10.1000/x", ids=("doi:10.1000/x",))
    preprint = a_paper("On Rings", key="arxiv:2611.77777", ids=("arxiv:2611.77777",))
    async with open_store(url) as store:
        world = World(store)
        await world.engine.beat()
        await world.say("subscribe rings at:09:00")
        await world.announce(journal)
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]
    async with open_store(url) as store:
        world = World(store)
        world.clock.move_to(datetime(2026, 11, 23, 12, tzinfo=UTC))
        await world.announce(again(preprint, ids=("arxiv:2611.77777", "doi:10.1000/x")))
        await world.announce(preprint)
        await world.wait_until(9)
        assert world.shown() == []
        shown = await store.ledger.shown(LAB, 5)
        assert len(shown) == 1


@pytest.mark.corpus
async def test_the_recorded_days_repeat_nothing(corpus, tmp_path):
    """Recorded lists of seven days; 2604.07429 was listed on 2026-04-10 and again on 04-16."""
    folder = corpus / "samples" / "hf"
    files = sorted(folder.glob("daily_papers_2026-*.json"))
    assert len(files) > 5
    start = datetime(2026, 4, 9, 6, tzinfo=UTC)
    async with open_test_store(tmp_path) as store:
        world = World(store)
        world.clock.move_to(start)
        await world.engine.beat()
        await world.say("subscribe source:hf every:instant top:50")
        came = Counter()
        for file in files:
            day = date.fromisoformat(file.stem.removeprefix("daily_papers_"))
            if day < start.date():
                continue
            world.clock.move_to(
                datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=8)
            )
            papers = [sighting_of(row, day).paper for row in json.loads(file.read_text("utf-8"))]
            came.update(paper.key for paper in papers)
            for _ in range(2):  # the day is read more than once
                await world.announce(*papers, event=Event.LISTED)
                await world.wait(minutes=40)
        assert came["arxiv:2604.07429"] == 2
        shown = [one.paper for one in await world.store.ledger.shown(LAB, 10_000)]
        assert shown.count("arxiv:2604.07429") == 1
        assert len(shown) == len(set(shown))
