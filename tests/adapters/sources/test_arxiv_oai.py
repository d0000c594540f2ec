"""OAI tells what changed since a day; versions tell what is new."""

import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.sources.arxiv_oai import ArxivOai, oai_set
from bot.model.errors import SourceDown, SourceGarbled, SourceRefused
from bot.model.paper import Event, Status

NOW = datetime(2026, 4, 16, 3, 40, tzinfo=UTC)
CURSOR = json.dumps({"day": "2026-04-15"})


@pytest.fixture
def pages(site, data):
    one, two = ((data / f"oai_raw_page{n}.xml").read_bytes() for n in (1, 2))
    site.on("/oai", site.reply(one), site.reply(two))


@pytest.fixture
def source(site, fetcher):
    return ArxivOai(fetcher, site.url + "/oai", "cs")


def asked(site, n):
    return {name: values[0] for name, values in parse_qs(urlsplit(site.targets[n]).query).items()}


def error(data, code):
    return (data / "oai_error.xml").read_bytes().replace(b"CODE", code.encode())


async def test_all_pages_are_read_from_the_day_before(site, source, pages):
    announced = await source.fetch(CURSOR, NOW)
    assert asked(site, 0) == {
        "verb": "ListRecords",
        "metadataPrefix": "arXivRaw",
        "from": "2026-04-14",
        "set": "cs",
    }
    assert asked(site, 1) == {"verb": "ListRecords", "resumptionToken": "token|1&x"}
    assert len(announced.sightings) == 4
    assert announced.rejected == ()
    assert announced.cursor == '{"day": "2026-04-16"}'


async def test_one_version_is_new(source, pages):
    sighting = (await source.fetch(CURSOR, NOW)).sightings[0]
    paper = sighting.paper
    assert (sighting.event, sighting.on) == (Event.NEW, date(2026, 4, 15))
    assert paper.title == "New Words for Old Rings"
    assert paper.authors == ("Paulo André", "Lise Meitner", "Otto Hahn")
    assert paper.ids == (
        "arxiv:2604.10001",
        "doi:10.1103/physrevc.1.1",
        "doi:10.1103/physrevc.2.2",
    )
    assert (paper.published_on, paper.updated_on, paper.version) == (date(2026, 4, 14), None, 1)
    assert paper.comment == "16 pages"


async def test_a_later_version_of_an_old_paper_is_a_replacement(source, pages):
    sighting = (await source.fetch(CURSOR, NOW)).sightings[1]
    assert (sighting.event, sighting.on) == (Event.REPLACE, date(2026, 4, 15))
    assert sighting.paper.version == 2
    assert sighting.paper.published_on == date(2025, 1, 3)
    assert sighting.paper.updated_on == date(2026, 4, 14)


async def test_an_empty_last_version_is_a_withdrawal(source, pages):
    sighting = (await source.fetch(CURSOR, NOW)).sightings[2]
    assert sighting.event is Event.WITHDRAWN
    assert sighting.paper.status is Status.WITHDRAWN


async def test_changed_metadata_of_an_old_paper_is_no_news(source, pages):
    sighting = (await source.fetch(CURSOR, NOW)).sightings[3]
    assert (sighting.event, sighting.on) == (Event.NEW, date(2003, 6, 18))


async def test_a_day_without_changes_is_normal(site, source, data):
    site.on("/oai", site.reply(error(data, "noRecordsMatch")))
    announced = await source.fetch(CURSOR, NOW)
    assert announced.sightings == ()
    assert announced.cursor == '{"day": "2026-04-16"}'


async def test_an_empty_list_proves_nothing(site, source):
    site.on("/oai", site.reply("<OAI-PMH><ListRecords/></OAI-PMH>"))
    assert (await source.fetch(CURSOR, NOW)).cursor is None


async def test_other_errors_need_a_person(site, source, data):
    site.on("/oai", site.reply(error(data, "badArgument")))
    with pytest.raises(SourceRefused, match="badArgument: Something about it"):
        await source.fetch(CURSOR, NOW)


async def test_a_long_list_is_read_on_at_the_next_reading(site, source, data):
    site.on("/oai", site.reply((data / "oai_raw_page1.xml").read_bytes()))
    announced = await source.fetch(CURSOR, NOW)
    assert json.loads(announced.cursor) == {
        "day": "2026-04-15",
        "since": "2026-04-14",
        "at": "2026-04-16",
        "token": "token|1&x",
    }
    assert source.next_poll(announced.cursor, NOW) == NOW + timedelta(seconds=15)
    site.seen.clear()
    site.on("/oai", site.reply((data / "oai_raw_page2.xml").read_bytes()))
    announced = await source.fetch(announced.cursor, NOW)
    assert asked(site, 0) == {"verb": "ListRecords", "resumptionToken": "token|1&x"}
    assert announced.cursor == '{"day": "2026-04-16"}'


async def test_an_expired_token_begins_the_list_again(site, source, data, pages):
    half = json.dumps(
        {"day": "2026-04-10", "since": "2026-04-09", "at": "2026-04-15", "token": "old"}
    )
    site.scripts["/oai"].insert(0, site.reply(error(data, "badResumptionToken")))
    announced = await source.fetch(half, NOW)
    assert asked(site, 1)["from"] == "2026-04-09"
    assert len(announced.sightings) == 4
    assert announced.cursor == '{"day": "2026-04-16"}'


async def test_a_bad_token_without_a_token_is_an_outage(site, source, data):
    site.on("/oai", site.reply(error(data, "badResumptionToken")))
    with pytest.raises(SourceDown, match="badResumptionToken"):
        await source.fetch(CURSOR, NOW)


@pytest.mark.parametrize("body", ["<html>", "<feed/>", "<OAI-PMH>", "Rate exceeded.", "{}"])
async def test_what_is_no_oai_is_an_error(site, source, body):
    site.on("/oai", site.reply(body))
    with pytest.raises((SourceGarbled, SourceDown)):
        await source.fetch(CURSOR, NOW)


async def test_a_page_that_fails_loses_nothing(site, source, data):
    site.on("/oai", site.reply((data / "oai_raw_page1.xml").read_bytes()), site.reply("down", 503))
    with pytest.raises(SourceDown):
        await source.fetch(CURSOR, NOW)


async def test_it_is_read_once_a_day_when_the_days_changes_are_in(source):
    assert source.next_poll('{"day": "2026-04-16"}', NOW) == datetime(
        2026, 4, 17, 3, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("name", "set_"),
    [
        ("", ""),
        ("cs", "cs"),
        ("cs:cs:CL", "cs:cs:CL"),
        ("cs.CL", "cs:cs:CL"),
        ("hep-th", "physics:hep-th"),
        ("math.NA", "math:math:NA"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics.optics", "physics:physics:optics"),
        ("physics", "physics"),
    ],
)
def test_categories_are_sets_too(name, set_):
    assert oai_set(name) == set_
