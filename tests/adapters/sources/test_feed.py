"""Feeds of journals and blogs: no two alike, and some of them hostile."""

import contextlib
import json
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.feed import Feed
from adapters.sources.feed_reader import NoFeed, plain_text, read_feed
from adapters.sources.feed_worker import read_apart
from bot.model.errors import SourceGarbled
from bot.model.paper import Event

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def source(site, fetcher):
    return Feed(fetcher, site.url + "/feed")


@pytest.fixture
def journal(site, data):
    body = (data / "journal.rss").read_bytes()
    site.on("/feed", site.reply(body, ETag='"j1"', Cache_Control="max-age=1800"))


async def by_title(source):
    announced = await source.fetch(None, NOW)
    return {one.paper.title: one for one in announced.sightings}


async def test_an_article_of_a_journal(source, journal):
    found = (await by_title(source))["E. coli in space & time"]
    paper = found.paper
    assert paper.key == "doi:10.1234/example.1"
    assert paper.url == "https://doi.org/10.1234/example.1"
    assert paper.abstract == "They grow. They divide."
    assert paper.authors == ("Rosalind Franklin", "Barbara McClintock")
    assert paper.keywords == ("biology",)
    # 23:30 in its own zone; in UTC it is the next day.
    assert (found.event, found.on) == (Event.NEW, date(2026, 4, 14))
    assert paper.published_on == date(2026, 4, 14)


async def test_a_preprint_in_a_feed_is_the_preprint(source, journal):
    assert (await by_title(source))["A preprint, told again"].paper.key == "arxiv:2604.10001"


async def test_a_post_without_a_date_counts_from_today(site, source, journal):
    found = (await by_title(source))["A post without a date"]
    assert found.on == date(2026, 4, 16)
    assert found.paper.published_on is None
    assert found.paper.url == site.url + "/blog/relative"
    assert found.paper.key.startswith("url:")


async def test_a_note_without_title_or_link_is_known_by_its_guid(source, journal):
    found = (await by_title(source))["A note without a title, whose first words have to do."]
    again = (await by_title(source))["A note without a title, whose first words have to do."]
    assert found.paper.key == again.paper.key
    assert found.on == date(2026, 4, 17)  # a date in the far future is a mistake


async def test_entries_that_share_one_link_stay_apart(site, source):
    entries = "".join(
        f"<item><title>{n}</title><link>https://x.example/</link><guid>{n}</guid></item>"
        for n in range(3)
    )
    site.on("/feed", site.reply(f"<rss version='2.0'><channel>{entries}</channel></rss>"))
    announced = await source.fetch(None, NOW)
    assert len({one.paper.key for one in announced.sightings}) == 3


async def test_a_guid_that_changes_does_not_make_a_new_paper(site, source):
    def feed(guid):
        return site.reply(
            "<rss version='2.0'><channel><item><title>T</title>"
            f"<link>https://x.example/1?utm_source={guid}</link><guid>{guid}</guid>"
            "</item></channel></rss>"
        )

    site.on("/feed", feed("a"), feed("b"))
    keys = {(await source.fetch(None, NOW)).sightings[0].paper.key for _ in range(2)}
    assert len(keys) == 1


async def test_a_json_feed(site, source, data):
    site.on("/feed", site.reply((data / "blog.json").read_bytes()))
    announced = await source.fetch(None, NOW)
    first = next(one for one in announced.sightings if one.paper.title == "Second note")
    assert first.paper.abstract == "Hello, world!"
    assert first.paper.url == site.url + "/2"
    assert first.paper.authors == ("Jane Roe",)
    assert first.paper.categories == ("cs.CL",)
    assert first.on == date(2026, 4, 15)
    assert {one.paper.title for one in announced.sightings} == {"Second note", "No title here."}


async def test_only_news_is_fetched_the_second_time(site, source, journal):
    cursor = (await source.fetch(None, NOW)).cursor
    site.on("/feed", site.reply("", 304))
    announced = await source.fetch(cursor, NOW)
    assert (announced.sightings, announced.cursor) == ((), None)
    assert site.seen[-1].headers["if-none-match"] == '"j1"'


async def test_an_empty_feed_moves_nothing(site, source):
    site.on("/feed", site.reply("<rss version='2.0'><channel><title>x</title></channel></rss>"))
    assert (await source.fetch(None, NOW)).cursor is None


def test_a_busy_feed_is_read_more_often_but_never_hourly_by_the_minute(source):
    def after(seconds):
        return source.next_poll(json.dumps({"every": seconds}), NOW) - NOW

    assert after(1) == timedelta(minutes=15)
    assert after(3600) == timedelta(hours=1)
    assert after(10**9) == timedelta(hours=6)
    assert source.next_poll(None, NOW) - NOW == timedelta(hours=1)
    assert source.next_poll("garbage", NOW) - NOW == timedelta(hours=1)


async def test_the_feeds_own_wishes_are_kept(source, journal):
    cursor = json.loads((await source.fetch(None, NOW)).cursor)
    assert cursor["every"] >= 3600  # ttl of 60 minutes


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<!doctype html><p>x", "web page"),
        ("just text", "neither RSS nor Atom"),
        ("{}", "not a JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1", "items": 7}', "without a list"),
        ('{"version": ', "not JSON"),
        ("<rss version='2.0'><channel><item><title>x</title></item>", "cut short"),
        ('<!DOCTYPE x [<!ENTITY a "aa">]><rss version="2.0"></rss>', "entities"),
    ],
)
async def test_what_is_no_feed_is_garbled(site, source, body, says):
    site.on("/feed", site.reply(body))
    with pytest.raises(SourceGarbled, match=says):
        await source.fetch(None, NOW)


async def test_a_feed_of_broken_entries_is_garbled(site, source):
    body = "<rss version='2.0'><channel>" + "<item><guid>1</guid></item>" * 3 + "</channel></rss>"
    site.on("/feed", site.reply(body))
    with pytest.raises(SourceGarbled, match="3 of 3 records"):
        await source.fetch(None, NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss version='2.0'><channel>" + b"<a>" * 200_000 + b"</channel></rss>",
        b"<rss version='2.0'><channel><item><title>"
        + b"x" * 4_000_000
        + b"</title></item></channel></rss>",
    ],
)
def test_a_hostile_feed_costs_little_time(body):
    started = time.perf_counter()
    with contextlib.suppress(NoFeed):
        read_apart(body, "https://x.example/feed")
    assert time.perf_counter() - started < 10


def test_the_worker_answers_as_the_reader_does(data):
    body = (data / "journal.rss").read_bytes()
    assert read_apart(body, "https://x.example/f") == read_feed(body, "https://x.example/f")


def test_html_is_read_as_a_person_would():
    assert plain_text("<p>a</p><p>b &lt;i&gt; c</p>").split() == ["a", "b", "<i>", "c"]
    assert plain_text("x<script>alert(1)</script>y") == "xy"
    assert plain_text("a < b & c") == "a < b & c"
