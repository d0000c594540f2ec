"""Hugging Face's list grows all day, changes its form every few months, and comes in pages."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.sources.huggingface import HuggingFaceDaily
from bot.model.errors import SourceDown, SourceGarbled
from bot.model.paper import BlurbOrigin, Event, Status

NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)
LISTS = "/api/daily_papers"


def row(id_="2604.00009", day="2026-04-16", **inner):
    paper = {"id": id_, "title": f"Paper {id_}", "summary": "s", "authors": [], "upvotes": 0}
    return {"paper": paper | {"submittedOnDailyAt": f"{day}T00:00:00.000Z"} | inner, "title": "T"}


def day_list(day, limit=100):
    return f"{LISTS}?date={day}&limit={limit}"


@pytest.fixture
def source(site, fetcher):
    site.on(LISTS, site.reply("[]"))
    return HuggingFaceDaily(fetcher, site.url + "/")


async def swept_on(source, day):
    return json.dumps({"from": day, "swept": "2026-04-16"})


async def test_a_row_of_2026_becomes_a_paper(site, source, data):
    site.on(day_list("2026-04-16"), site.reply((data / "hf_2026.json").read_bytes()))
    announced = await source.fetch(None, NOW)
    assert announced.rejected == ()
    sighting = announced.sightings[0]
    paper = sighting.paper
    assert (sighting.event, sighting.on, sighting.source_key) == (
        Event.LISTED,
        date(2026, 4, 16),
        "2604.00002",
    )
    assert (paper.key, paper.ids) == ("arxiv:2604.00002", ("arxiv:2604.00002",))
    assert paper.url == "https://arxiv.org/abs/2604.00002"
    assert paper.title == "Tops that Turn"
    assert paper.authors == ("Sofja Kowalewskaja",)
    assert paper.published_on == date(2026, 4, 15)
    assert paper.organization == "University of X"
    assert (paper.blurb, paper.blurb_origin) == (
        "A new integrable case of the spinning top.",
        BlurbOrigin.MACHINE,
    )
    assert paper.keywords == ("spinning top", "integrability")
    assert paper.code_url == ""  # it had a line break inside
    assert paper.project_url == "https://tops.example.org/"
    assert paper.thumbnail_url == "https://cdn.example.org/2604.00002.png"
    assert (paper.metrics.upvotes, paper.metrics.comments, paper.metrics.stars) == (42, 3, 12)


async def test_a_withdrawn_paper_is_told_as_withdrawn(site, source, data):
    site.on(day_list("2026-04-16"), site.reply((data / "hf_2026.json").read_bytes()))
    sighting = (await source.fetch(None, NOW)).sightings[1]
    assert sighting.event is Event.WITHDRAWN
    assert sighting.paper.status is Status.WITHDRAWN
    assert sighting.paper.title == "0"
    assert sighting.paper.authors == ()
    assert sighting.paper.code_url == ""


async def test_a_row_of_2024_keeps_its_latex_and_hides_hidden_authors(site, source, data):
    site.on(day_list("2026-04-16"), site.reply((data / "hf_2024.json").read_bytes()))
    sighting = (await source.fetch(None, NOW)).sightings[0]
    paper = sighting.paper
    assert paper.title == r"Rings $\times$ Ideals: a wrapped title"
    assert paper.abstract == "We study rings & ideals. The line breaks are hard."
    assert paper.authors == ("Emmy Noether", "David Hilbert")
    assert (paper.blurb, paper.organization, paper.thumbnail_url) == ("", "", "")
    assert sighting.on == date(2026, 4, 16)


async def test_the_first_reading_takes_the_week_oldest_first(site, source):
    site.on(day_list("2026-04-16"), site.reply(json.dumps([row("2604.00001")])))
    site.on(day_list("2026-04-10"), site.reply(json.dumps([row("2604.00002", "2026-04-10")])))
    announced = await source.fetch(None, NOW)
    assert [one.paper.key for one in announced.sightings] == [
        "arxiv:2604.00002",
        "arxiv:2604.00001",
    ]
    assert site.targets == [day_list(f"2026-04-{day:02}") for day in range(9, 17)]


async def test_later_readings_take_today_and_yesterday(site, source):
    site.on(LISTS, site.reply(json.dumps([row()])))
    cursor = (await source.fetch(None, NOW)).cursor
    site.seen.clear()
    await source.fetch(cursor, NOW + timedelta(hours=1))
    assert site.targets == [day_list("2026-04-15"), day_list("2026-04-16")]


async def test_once_a_day_the_week_is_read_again_for_its_counters(site, source):
    site.on(LISTS, site.reply(json.dumps([row()])))
    cursor = (await source.fetch(None, NOW)).cursor
    site.seen.clear()
    await source.fetch(cursor, NOW + timedelta(days=1))
    assert len(site.seen) == 8


async def test_a_day_is_open_for_thirty_six_hours(site, source):
    site.on(LISTS, site.reply(json.dumps([row()])))
    cursor = (await source.fetch(None, NOW)).cursor
    assert json.loads(cursor)["from"] == "2026-04-15"
    cursor = (await source.fetch(cursor, NOW.replace(hour=12))).cursor
    assert json.loads(cursor)["from"] == "2026-04-16"


async def test_after_a_long_absence_every_day_is_read(site, source):
    site.on(LISTS, site.reply(json.dumps([row()])))
    cursor = json.dumps({"from": "2026-02-20", "swept": "2026-04-16"})
    announced = await source.fetch(cursor, NOW)
    assert site.targets[0] == day_list("2026-02-20")
    assert json.loads(announced.cursor)["from"] == "2026-03-23"
    assert source.next_poll(announced.cursor, NOW) == NOW + timedelta(minutes=1)
    site.seen.clear()
    announced = await source.fetch(announced.cursor, NOW)
    assert json.loads(announced.cursor)["from"] == "2026-04-15"
    assert day_list("2026-03-23") in site.targets


async def test_an_empty_answer_never_moves_the_cursor(source):
    announced = await source.fetch(None, NOW)
    assert announced.sightings == ()
    assert announced.cursor is None


async def test_all_pages_are_read_and_every_paper_taken_once(site, source):
    today = day_list("2026-04-16")
    second = f"{today}&p=1"
    site.on(
        today,
        site.reply(
            json.dumps([row("2604.00001", upvotes=9), row("2604.00002", upvotes=8)]),
            Link=f'<{site.url}{second}>; rel="next", <{site.url}/x>; rel="last"',
        ),
    )
    site.on(second, site.reply(json.dumps([row("2604.00002", upvotes=10), row("2604.00003")])))
    announced = await source.fetch(await swept_on(source, "2026-04-15"), NOW)
    assert [(one.paper.key[-1], one.paper.metrics.upvotes) for one in announced.sightings] == [
        ("1", 9),
        ("2", 10),
        ("3", 0),
    ]


async def test_a_next_page_on_another_host_is_not_followed(site, source):
    site.on(
        day_list("2026-04-16"),
        site.reply(json.dumps([row()]), Link='<https://evil.example/steal>; rel="next"'),
    )
    announced = await source.fetch(await swept_on(source, "2026-04-15"), NOW)
    assert len(announced.sightings) == 1


async def test_pages_without_end_are_garbled(site, source):
    today = day_list("2026-04-16")
    site.on(today, site.reply(json.dumps([row()]), Link=f'<{site.url}{today}>; rel="next"'))
    with pytest.raises(SourceGarbled, match="more than 20 pages"):
        await source.fetch(await swept_on(source, "2026-04-15"), NOW)


async def test_one_failing_day_fails_the_reading(site, source):
    site.on(day_list("2026-04-15"), site.reply(json.dumps([row(day="2026-04-15")])))
    site.on(day_list("2026-04-16"), site.reply("busy", 503, Retry_After="600"))
    with pytest.raises(SourceDown):
        await source.fetch(await swept_on(source, "2026-04-15"), NOW)


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        ("null", SourceGarbled, "no list"),
        ('{"papers": []}', SourceGarbled, "no list"),
        ('{"error": "Internal <b>Error</b>"}', SourceDown, "Hugging Face says: Internal"),
        ('[{"paper":', SourceGarbled, "not JSON"),
        ('[{"paper": NaN}]', SourceGarbled, "NaN"),
        ('[{"paper": 1e999}]', SourceGarbled, "too large"),
        ('[{"a": 1, "a": 2}]', SourceGarbled, "same key twice"),
        ("[" + "9" * 5_000 + "]", SourceGarbled, "5000 digits"),
        ("[" * 100_000, SourceGarbled, "nested too deeply"),
        (b"\xff\xfe\xfa", SourceGarbled, "not "),
        ("[1, 2, 3]", SourceGarbled, "3 of 3 records"),
    ],
)
async def test_nothing_is_taken_from_a_garbled_answer(site, source, body, error, says):
    site.on(LISTS, site.reply(body))
    cursor = json.dumps({"from": "2026-04-15", "swept": "2026-04-16"})
    site.on(day_list("2026-04-15"), site.reply("[]"))
    with pytest.raises(error, match=says):
        await source.fetch(cursor, NOW)


async def test_a_byte_order_mark_does_no_harm(site, source):
    site.on(LISTS, site.reply(b"\xef\xbb\xbf" + json.dumps([row()]).encode()))
    assert (await source.fetch(None, NOW)).sightings


async def test_a_few_bad_rows_are_set_aside_with_their_place(site, source):
    rows = [row(f"2604.0000{n}") for n in range(1, 9)] + [row("../.."), row(title=None)]
    rows[-1]["title"] = None
    site.on(day_list("2026-04-16"), site.reply(json.dumps(rows)))
    announced = await source.fetch(await swept_on(source, "2026-04-15"), NOW)
    assert len(announced.sightings) == 8
    assert [(one.where, one.reason) for one in announced.rejected] == [
        ("2026-04-16 row 9", "id '../..' is no arXiv id"),
        ("2026-04-16 row 10", "has no title"),
    ]


async def test_too_many_bad_rows_fail_the_reading(site, source):
    rows = [row(f"2604.0000{n}") for n in range(1, 4)] + [row("nonsense")]
    site.on(day_list("2026-04-16"), site.reply(json.dumps(rows)))
    with pytest.raises(SourceGarbled, match="1 of 4 records cannot be read"):
        await source.fetch(await swept_on(source, "2026-04-15"), NOW)


async def test_the_token_is_sent(site, fetcher):
    site.on(LISTS, site.reply("[]"))
    await HuggingFaceDaily(fetcher, site.url, "hf_x").fetch(None, NOW)
    assert {one.headers["authorization"] for one in site.seen} == {"Bearer hf_x"}


async def test_a_cursor_of_another_make_is_as_good_as_none(site, source):
    for cursor in ("garbage", "[]", '{"from": 7}', "2026-04-01", '{"from": "0001-01-01"}'):
        await source.fetch(cursor, NOW)


@pytest.mark.parametrize(
    ("hour", "minute", "wait"),
    [
        (0, 10, timedelta(minutes=30)),
        (11, 59, timedelta(minutes=30)),
        (12, 0, timedelta(hours=2)),
        (23, 30, timedelta(minutes=40)),
    ],
)
async def test_it_is_asked_often_while_the_list_fills(source, hour, minute, wait):
    at = NOW.replace(hour=hour, minute=minute)
    assert source.next_poll('{"from": "2026-04-15"}', at) == at + wait
