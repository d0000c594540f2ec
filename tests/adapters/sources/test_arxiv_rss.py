"""arXiv announces at midnight in New York, and not on weekends."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.sources.arxiv_rss import ArxivRss
from bot.model.errors import SourceGarbled, SourceRefused
from bot.model.paper import Event, Status

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def source(site, fetcher):
    return ArxivRss(fetcher, site.url + "/rss", "cs.CL")


@pytest.fixture
def announced(site, source, data):
    site.on("/rss/cs.CL", site.reply((data / "arxiv_rss.xml").read_bytes(), ETag='"e1"'))
    return source.fetch(None, NOW)


async def test_a_new_paper(announced):
    sighting = (await announced).sightings[0]
    paper = sighting.paper
    assert (sighting.event, sighting.on) == (Event.NEW, date(2026, 4, 16))
    assert sighting.source_key == "oai:arXiv.org:2604.10001v1"
    assert (paper.key, paper.version) == ("arxiv:2604.10001", 1)
    assert paper.title == "New Words for Old Rings"
    assert paper.abstract == "We name things. They stay named when $a < b$."
    assert paper.authors == ("Paulo André", "Jürgen Müller Jr.", "Lise Meitner", "Otto Hahn")
    assert paper.categories == ("cs.CL", "cs.LG")
    assert paper.license == "http://creativecommons.org/licenses/by/4.0/"
    assert paper.published_on is None


async def test_announce_types_become_events(announced):
    found = {one.paper.key: one for one in (await announced).sightings}
    assert found["arxiv:2604.10002"].event is Event.CROSS
    assert found["arxiv:2604.10002"].paper.categories == ("cs.CV", "cs.CL")
    replaced = found["arxiv:2501.10003"]
    assert (replaced.event, replaced.paper.version) == (Event.REPLACE, 3)
    assert replaced.paper.ids == ("arxiv:2501.10003", "doi:10.1000/182")
    assert replaced.paper.journal_ref == "J. Thoughts 2 (2026)"
    withdrawn = found["arxiv:hep-th/9901001"]
    assert (withdrawn.event, withdrawn.paper.status) == (Event.WITHDRAWN, Status.WITHDRAWN)
    assert found["arxiv:2502.10004"].event is Event.REPLACE_CROSS


async def test_the_cursor_remembers_day_and_validator(site, source, announced):
    cursor = (await announced).cursor
    assert json.loads(cursor) == {"day": "2026-04-16", "etag": '"e1"'}
    site.on("/rss/cs.CL", site.reply("", 304))
    again = await source.fetch(cursor, NOW)
    assert (again.sightings, again.cursor) == ((), None)
    assert site.seen[-1].headers["if-none-match"] == '"e1"'


async def test_a_weekend_is_an_empty_feed_of_today(site, source, data):
    site.on("/rss/cs.CL", site.reply((data / "arxiv_rss_empty.xml").read_bytes()))
    saturday = datetime(2026, 4, 18, 5, 0, tzinfo=UTC)
    announced = await source.fetch(None, saturday)
    assert announced.sightings == ()
    assert announced.cursor == '{"day": "2026-04-18"}'


async def test_an_empty_feed_of_another_day_proves_nothing(site, source, data):
    site.on("/rss/cs.CL", site.reply((data / "arxiv_rss_empty.xml").read_bytes()))
    announced = await source.fetch(None, datetime(2026, 4, 20, 5, 0, tzinfo=UTC))
    assert announced.cursor is None


@pytest.mark.parametrize("status", [400, 200])
async def test_an_unknown_category_needs_a_person(site, source, data, status):
    site.on("/rss/cs.CL", site.reply((data / "arxiv_rss_error.xml").read_bytes(), status))
    with pytest.raises(SourceRefused, match="no such feed: Bad subject class 'ZZ'"):
        await source.fetch(None, NOW)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<rss><channel>", "not well-formed"),
        ("<rss/>", "not a feed"),
        ("<OAI-PMH/>", "not a feed"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><rss>&a;</rss>', "refused"),
        ('<!DOCTYPE r SYSTEM "http://evil.example/x"><rss/>', "refused"),
        ("<rss>" + "<a>" * 200_000, "nested too deeply"),
        ("garbage", "not well-formed"),
        ('<?xml version="1.0" encoding="klingon"?><rss/>', "XML"),
        (b'<?xml version="1.0" encoding="utf-8"?><rss>\xff\xfe</rss>', "not well-formed"),
    ],
)
async def test_garbled_feeds_say_so(site, source, body, says):
    site.on("/rss/cs.CL", site.reply(body))
    with pytest.raises(SourceGarbled, match=f"arxiv_rss:cs.CL: .*{says}"):
        await source.fetch(None, NOW)


async def test_an_unknown_announce_type_is_set_aside(site, source, data):
    body = (
        (data / "arxiv_rss.xml")
        .read_text()
        .replace("<arxiv:announce_type>cross", "<arxiv:announce_type>sideways")
    )
    site.on("/rss/cs.CL", site.reply(body))
    announced = await source.fetch(None, NOW)
    assert len(announced.sightings) == 4
    assert "sideways" in announced.rejected[0].reason
    assert announced.rejected[0].where == "entry 2 (oai:arXiv.org:2604.10002v1)"


async def test_a_host_alone_is_given_its_path(site, fetcher, data):
    site.on("/rss/math.NA", site.reply((data / "arxiv_rss.xml").read_bytes()))
    source = ArxivRss(fetcher, site.url, "math.NA")
    assert source.name == "arxiv_rss:math.NA"
    assert (await source.fetch(None, NOW)).sightings


@pytest.mark.parametrize(
    ("local", "day", "following"),
    [
        ("2026-04-16 00:20", "2026-04-15", "2026-04-16 00:50"),
        ("2026-04-16 05:50", "2026-04-15", "2026-04-16 06:20"),
        ("2026-04-16 06:20", "2026-04-15", "2026-04-17 00:15"),
        ("2026-04-16 00:20", "2026-04-16", "2026-04-17 00:15"),
        ("2026-04-16 00:05", "2026-04-15", "2026-04-16 00:15"),
        # The nights on which clocks change in New York.
        ("2026-03-07 12:00", "2026-03-07", "2026-03-08 00:15"),
        ("2026-03-08 12:00", "2026-03-08", "2026-03-09 00:15"),
        ("2026-11-01 12:00", "2026-11-01", "2026-11-02 00:15"),
    ],
)
def test_the_rhythm_is_new_yorks(source, local, day, following):
    at = datetime.fromisoformat(local).replace(tzinfo=NEW_YORK).astimezone(UTC)
    due = datetime.fromisoformat(following).replace(tzinfo=NEW_YORK)
    assert source.next_poll(json.dumps({"day": day}), at) == due
    assert source.next_poll(json.dumps({"day": day}), at).utcoffset() == timedelta(0)
