"""`papers schedules next` and `papers simulate`: on stored papers, never touching what is real."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.clock import VirtualClock
from adapters.store import migrate, open_store
from bot.commands.desk import Desk
from bot.engine.beat import Engine, World
from bot.model.command import Asker
from bot.model.delivery import NewDelivery
from bot.model.paper import Announcements, Event, Sighting
from bot.model.record import SearchRequest
from bot.model.subscription import Platform
from bot.rules.addresses import parse_channel
from tests.builders import a_paper
from tests.fakes.messenger import FakeMessenger

PAPERS = str(Path(sys.executable).with_name("papers"))
MONDAY = date(2026, 11, 16)
LAB = "terminal:lab"
CLUB = "slack:T1/C1"


@pytest.fixture
def papers(tmp_path):
    """Runs the real program over a database of this test's own."""

    def run(*line, code=0):
        done = subprocess.run(
            [PAPERS, *line],
            env={"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path}/p.db"},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


@pytest.fixture
async def stored(tmp_path):
    """Two channels, and a week in which papers on rings came on three days."""
    url = f"sqlite:///{tmp_path}/p.db"
    migrate(url)
    async with open_store(url) as store:
        for day, titles in enumerate((["Rings I", "Fields I"], ["Rings II"], [], ["Rings III"])):
            on = MONDAY + timedelta(days=day)
            sightings = [Sighting(paper=a_paper(t), event=Event.NEW, on=on) for t in titles]
            await store.papers.save(
                "hf_daily", Announcements(sightings=tuple(sightings), cursor=str(day)),
                now=datetime.combine(on, datetime.min.time(), UTC) + timedelta(hours=6),
                late_before=None,
            )  # fmt: skip
        clock = VirtualClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
        desk = Desk(store, clock)
        for channel, line in (
            (LAB, "subscribe rings every:daily at:09:00 tz:Asia/Tokyo name:rings"),
            (CLUB, "subscribe (rings OR fields) every:weekly on:wed at:17:30 name:club"),
        ):
            answer = await desk.ask(Asker(channel=parse_channel(channel), may_manage=True), line)
            assert answer.private.tone.value == "done", answer
    return tmp_path / "p.db"


def test_what_would_be_posted_where_and_when(stored, papers):
    before = hashlib.sha256(stored.read_bytes()).hexdigest()
    lines = papers("simulate", "--from", "2026-11-16", "--to", "2026-11-22", "--json")
    posts = [json.loads(line) for line in lines.splitlines()]
    assert [
        (one["local"], one["channel"], one["subscriptions"], len(one["papers"])) for one in posts
    ] == [
        ("2026-11-17T09:00:00+09:00", LAB, ["rings"], 1),
        ("2026-11-18T09:00:00+09:00", LAB, ["rings"], 1),
        ("2026-11-18T17:30:00+00:00", CLUB, ["club"], 3),
        ("2026-11-20T09:00:00+09:00", LAB, ["rings"], 1),
    ]
    assert "Rings III" in posts[-1]["text"]
    assert hashlib.sha256(stored.read_bytes()).hexdigest() == before, "nothing real was touched"
    assert papers("simulate", "--from", "2026-11-16", "--to", "2026-11-22", "--json") == lines


async def test_a_bot_that_has_long_been_at_work_can_play_days_too(stored, papers):
    """What it posted, the limits it used up and the votes it got are no part of the play."""
    week = ("simulate", "--from", "2026-11-16", "--to", "2026-11-22", "--json")
    before = papers(*week)
    clock = VirtualClock(datetime(2026, 11, 24, 6, tzinfo=UTC))
    async with open_store(f"sqlite:///{stored}") as store:
        shows = {platform: FakeMessenger() for platform in (Platform.TERMINAL, Platform.SLACK)}
        engine = Engine(
            World(
                store=store, sources={}, messengers=shows, clock=clock, worker="test",
                renderers={platform: one.pages for platform, one in shows.items()},
            )
        )  # fmt: skip
        found = Sighting(paper=a_paper("Rings IV"), event=Event.NEW, on=date(2026, 11, 24))
        await store.papers.save(
            "hf_daily", Announcements(sightings=(found,), cursor="9"), now=clock.now(),
            late_before=None,
        )  # fmt: skip
        for _ in range(3):
            clock.advance(timedelta(days=1))
            await engine.beat()
        assert all(one.titles(parse_channel(at)) == ["Rings IV"] for one, at in zip(
            shows.values(), (LAB, CLUB), strict=True
        ))  # fmt: skip
        number = found.paper.key
        desk = Desk(store, clock)
        voted = await desk.ask(Asker(channel=parse_channel(CLUB), member="U1"), f"like {number}")
        assert voted.private.tone.value == "done", voted
    assert papers(*week) == before


def test_people_read_the_same_as_text(stored, papers):
    text = papers("simulate", "--from", "2026-11-16", "--to", "2026-11-17")
    assert "── Tue 17 Nov 2026 09:00 Asia/Tokyo · terminal:lab ──" in text
    assert "Rings I" in text
    assert text.endswith("1 messages with 1 papers from 2026-11-16 to 2026-11-17.\n")


async def test_a_paper_the_channel_was_shown_before_does_not_come_again(stored, papers, tmp_path):
    async with open_store(f"sqlite:///{tmp_path}/p.db") as store:
        (found,) = [
            one.paper
            for one in (await store.papers.arrivals(
 SearchRequest(root=None, today=MONDAY, limit=100))) if one.paper.title == "Rings I"
        ]  # fmt: skip
        at = datetime(2026, 11, 10, tzinfo=UTC)
        await store.outbox.enqueue(
            NewDelivery(
                channel=parse_channel(LAB), dedupe_key="old", payload={}, papers=(found.key,),
                not_before=at, expires_at=at + timedelta(days=1),
            ),
            now=at,
        )  # fmt: skip
    lines = papers("simulate", "--from", "2026-11-16", "--to", "2026-11-17", "--json")
    assert [json.loads(line)["channel"] for line in lines.splitlines()] == []


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-11-22", "2026-11-16", "before --from"),
        ("yesterday", "2026-11-16", "is no date"),
        ("2020-01-01", "2026-11-16", "366 days at most"),
    ],
)
def test_days_that_make_no_sense_are_refused(papers, first, last, says):
    told = papers("simulate", "--from", first, "--to", last, "--json", code=2)
    assert says in json.loads(told)["error"]["message"]


def test_what_comes_next(stored, papers):
    told = json.loads(papers("schedules", "next", "--json"))
    assert [(one["local"], one["channel"]) for one in told["schedules"]] == [
        ("2026-11-24T09:00:00+09:00", LAB),
        ("2026-11-25T17:30:00+00:00", CLUB),
    ]
    text = papers("schedules", "next", "--limit", "1")
    assert text.splitlines() == [
        "Tue 24 Nov 2026 09:00 Asia/Tokyo  terminal:lab  rings",
        "1 more; --limit shows them.",
    ]


def test_without_subscriptions_it_says_how_to_make_one(papers):
    assert "`papers subscribe`" in papers("schedules", "next")
