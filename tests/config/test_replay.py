"""The demo's papers and the server that stands in for Hugging Face and arXiv."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import aiohttp
import pytest

from config.demo.papers import DemoPaper, load_papers
from config.demo.replay import ReplayServer
from config.demo.rss import tex_accents

MONDAY = date(2025, 6, 2)
FRIDAY = date(2025, 6, 6)
RUN = 8  # words in a row that count as copied

NS = {
    "arxiv": "http://arxiv.org/schemas/atom",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
}

A_PAPER = DemoPaper(
    arxiv_id="2506.00001",
    title="On Rings & $\\alpha$-Flows",
    authors=("José Núñez", "Ada Żak", "Jürgen Öz"),
    categories=("cs.CL", "cs.LG"),
    published_on=date(2025, 5, 30),
    listed_on=MONDAY,
    upvotes=3,
    comments=1,
    summary="Rings are counted twice, <once> with care & once without.",
    organization="Ring Lab",
    code="https://github.com/rings/flows",
)


class WallCalendar:
    """A day that a test can turn."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __call__(self) -> date:
        return self.day


@pytest.fixture
def calendar():
    return WallCalendar(FRIDAY)


@pytest.fixture
async def shipped(calendar):
    async with ReplayServer(today=calendar) as server:
        yield server


@pytest.fixture
async def one_paper(calendar):
    calendar.day = MONDAY
    async with ReplayServer(today=calendar, papers=[A_PAPER]) as server:
        yield server


@pytest.fixture
async def http():
    async with aiohttp.ClientSession() as session:
        yield session


async def daily(
    http: aiohttp.ClientSession, server: ReplayServer, **query: str
) -> tuple[int, Any, Any]:
    async with http.get(f"{server.base_url}/api/daily_papers", params=query) as answer:
        return answer.status, await answer.json(), answer.links


async def rss(
    http: aiohttp.ClientSession, server: ReplayServer, category: str
) -> tuple[int, ET.Element]:
    async with http.get(f"{server.base_url}/rss/{category}") as answer:
        channel = ET.fromstring(await answer.text()).find("channel")
        assert channel is not None
        return answer.status, channel


def texts(node: ET.Element, path: str) -> list[str]:
    return [found.text or "" for found in node.findall(path, NS)]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def runs_of(text: str) -> Iterator[tuple[str, ...]]:
    spoken = words(text)
    return zip(*(spoken[start:] for start in range(RUN)), strict=False)


# --- the papers ---------------------------------------------------------------------------------


def test_the_demo_ships_a_working_week_of_at_least_a_hundred_papers():
    per_day = Counter(paper.listed_on for paper in load_papers())
    assert sum(per_day.values()) >= 110
    assert sorted(per_day) == [MONDAY + timedelta(days=n) for n in range(5)]
    assert min(per_day.values()) >= 20


def test_every_demo_paper_has_a_valid_id_of_its_own():
    ids = [paper.arxiv_id for paper in load_papers()]
    assert [i for i in ids if not re.fullmatch(r"\d{2}(0[1-9]|1[0-2])\.\d{5}", i)] == []
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("paper", load_papers(), ids=lambda paper: paper.arxiv_id)
def test_a_demo_paper_is_complete(paper):
    assert paper.title == " ".join(paper.title.split()) != ""
    assert 1 <= len(paper.authors) <= 12
    assert all(re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", c) for c in paper.categories)
    assert paper.published_on <= paper.listed_on
    assert paper.upvotes >= 0
    assert paper.comments >= 0
    assert 8 <= len(paper.summary.split()) <= 45
    assert paper.summary.endswith((".", "?"))
    assert paper.code is None or re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", paper.code)


@pytest.mark.parametrize(
    "topic", ["alignment", "reward model", "robot", "diffusion", "reasoning", "agents"]
)
def test_the_week_has_papers_on_topics_that_people_try_first(topic):
    text = [f"{paper.title} {paper.summary}".lower() for paper in load_papers()]
    assert sum(topic in one for one in text) >= 2


def test_the_week_has_names_with_accents_and_titles_with_formulas():
    assert any(not name.isascii() for paper in load_papers() for name in paper.authors)
    assert sum("$" in paper.title for paper in load_papers()) >= 3


@pytest.mark.corpus
def test_no_summary_repeats_eight_words_of_an_abstract(corpus):
    ours = {run: paper.arxiv_id for paper in load_papers() for run in runs_of(paper.summary)}
    copied = [
        (ours[run], run)
        for text in real_texts(corpus / "data")
        for run in runs_of(text)
        if run in ours
    ]
    assert copied == []


@pytest.mark.corpus
def test_the_demo_papers_were_really_listed_on_their_days(corpus):
    listed = {}
    for row in lines_of(corpus / "data/hf_daily/hf_daily_2025-06.jsonl.gz"):
        listed[row["record"]["paper"]["id"]] = (row["day"], row["record"]["paper"])
    for paper in load_papers():
        day, real = listed[paper.arxiv_id]
        assert paper.listed_on.isoformat() == day
        assert paper.published_on.isoformat() == real["publishedAt"][:10]
        assert list(paper.authors) == [author["name"] for author in real["authors"]][:12]


def real_texts(data: Path) -> Iterator[str]:
    """Abstracts of the papers that could have been copied from, and their machine summaries."""
    for paper in lines_of(data / "papers.jsonl.gz"):
        yield paper.get("abstract", "")
    for path in sorted(data.glob("hf_daily/hf_daily_*.jsonl.gz")):
        for row in lines_of(path):
            yield row["record"]["paper"]["summary"]
            yield row["record"]["paper"].get("ai_summary", "")


def lines_of(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# --- as Hugging Face ----------------------------------------------------------------------------


async def test_a_day_comes_whole_and_by_upvotes(http, shipped):
    status, rows, links = await daily(http, shipped, date="2025-06-05", limit="100")
    assert status == 200
    assert len(rows) == sum(paper.listed_on == date(2025, 6, 5) for paper in load_papers())
    upvotes = [row["paper"]["upvotes"] for row in rows]
    assert upvotes == sorted(upvotes, reverse=True)
    assert {row["paper"]["submittedOnDailyAt"] for row in rows} == {"2025-06-05T00:00:00.000Z"}
    assert "next" not in links


async def test_a_row_has_the_nested_shape_of_the_live_service(http, one_paper):
    _, [row], _ = await daily(http, one_paper, date="2025-06-02")
    paper = row["paper"]
    assert paper["id"] == "2506.00001"
    assert [author["name"] for author in paper["authors"]] == list(A_PAPER.authors)
    assert {author["hidden"] for author in paper["authors"]} == {False}
    assert re.fullmatch("[0-9a-f]{24}", paper["authors"][0]["_id"])
    assert paper["publishedAt"] == "2025-05-30T00:00:00.000Z"
    assert row["publishedAt"] == "2025-05-29T20:00:00.000Z"
    assert paper["title"] == row["title"] == A_PAPER.title
    assert paper["summary"] == row["summary"] == A_PAPER.summary
    assert paper["githubRepo"] == A_PAPER.code
    assert (paper["upvotes"], row["numComments"]) == (3, 1)
    assert row["organization"] == paper["organization"]
    assert (row["organization"]["name"], row["organization"]["fullname"]) == (
        "Ring-Lab",
        "Ring Lab",
    )


async def test_what_is_unknown_is_left_out_of_a_row(http, calendar):
    bare = replace(A_PAPER, organization=None, code=None)
    async with ReplayServer(today=calendar, papers=[bare]) as server:
        _, [row], _ = await daily(http, server, date="2025-06-02")
    assert "organization" not in row
    assert not {"organization", "githubRepo", "ai_summary"} & row["paper"].keys()


async def test_in_winter_the_outer_date_is_five_hours_off(http, calendar):
    winter = replace(A_PAPER, published_on=date(2025, 1, 15))
    async with ReplayServer(today=calendar, papers=[winter]) as server:
        _, [row], _ = await daily(http, server, date="2025-06-02")
    assert row["publishedAt"] == "2025-01-14T19:00:00.000Z"


async def test_following_the_link_header_reads_every_paper_once(http, shipped):
    address, seen, pages = f"{shipped.base_url}/api/daily_papers?date=2025-06-05&limit=12", [], 0
    while address:
        async with http.get(address) as answer:
            seen += [row["paper"]["id"] for row in await answer.json()]
            address = answer.links.get("next", {}).get("url")
        pages += 1
    assert pages == 3
    expected = {paper.arxiv_id for paper in load_papers() if paper.listed_on == date(2025, 6, 5)}
    assert set(seen) == expected
    assert len(seen) == len(expected)


async def test_a_page_after_the_last_is_empty_and_has_no_next(http, shipped):
    status, rows, links = await daily(http, shipped, date="2025-06-05", limit="100", p="7")
    assert (status, rows) == (200, [])
    assert "next" not in links


async def test_without_a_limit_fifty_rows_come(http, calendar):
    many = [replace(A_PAPER, arxiv_id=f"2506.{n:05}") for n in range(60)]
    async with ReplayServer(today=calendar, papers=many) as server:
        _, rows, links = await daily(http, server, date="2025-06-02")
    assert len(rows) == 50
    assert links["next"]["url"].query["p"] == "1"


async def test_without_a_date_the_newest_day_comes_first(http, shipped, calendar):
    calendar.day = date(2025, 6, 4)
    _, rows, _ = await daily(http, shipped, limit="100")
    days = [row["paper"]["submittedOnDailyAt"][:10] for row in rows]
    assert days == sorted(days, reverse=True)
    assert days[0] == "2025-06-04"
    assert days[-1] == "2025-06-02"


async def test_a_day_without_papers_is_an_empty_list(http, shipped):
    assert await daily(http, shipped, date="2025-06-01") == (200, [], {})


@pytest.mark.parametrize(
    "query",
    [
        {"date": "2025-02-30"},
        {"date": "20250602"},
        {"date": "2025-W23-1"},
        {"date": "today"},
        {"date": ""},
        {"limit": "0"},
        {"limit": "101"},
        {"p": "-1"},
        {"p": "²"},
    ],
    ids=str,
)
async def test_an_impossible_query_is_refused(http, shipped, query):
    status, body, _ = await daily(http, shipped, **query)
    assert status == 400
    assert str(next(iter(query))) in body["error"]


async def test_tomorrow_is_refused_until_the_clock_gets_there(http, shipped, calendar):
    calendar.day = MONDAY
    status, body, _ = await daily(http, shipped, date="2025-06-03")
    assert status == 400
    assert "2025-06-03" in body["error"]
    calendar.day += timedelta(days=1)
    status, rows, _ = await daily(http, shipped, date="2025-06-03")
    assert status == 200
    assert rows


# --- as arXiv -----------------------------------------------------------------------------------


async def test_a_feed_describes_its_channel_as_arxiv_does(http, one_paper):
    status, channel = await rss(http, one_paper, "cs.CL")
    assert status == 200
    assert texts(channel, "title") == ["cs.CL updates on arXiv.org"]
    assert texts(channel, "pubDate") == ["Mon, 02 Jun 2025 00:00:00 -0400"]
    assert texts(channel, "lastBuildDate") == ["Mon, 02 Jun 2025 04:00:02 +0000"]
    assert texts(channel, "skipDays/day") == ["Saturday", "Sunday"]


async def test_an_announced_paper_is_written_as_arxiv_writes_it(http, one_paper):
    _, channel = await rss(http, one_paper, "cs.CL")
    [row] = channel.findall("item")
    assert texts(row, "title") == [A_PAPER.title]
    assert texts(row, "link") == ["https://arxiv.org/abs/2506.00001"]
    assert texts(row, "guid") == ["oai:arXiv.org:2506.00001v1"]
    assert texts(row, "description") == [
        f"arXiv:2506.00001v1 Announce Type: new \nAbstract: {A_PAPER.summary}"
    ]
    assert texts(row, "category") == ["cs.CL", "cs.LG"]
    assert texts(row, "pubDate") == ["Mon, 02 Jun 2025 00:00:00 -0400"]
    assert texts(row, "arxiv:announce_type") == ["new"]
    assert texts(row, "dc:creator") == ["Jos\\'e N\\'u\\~nez, Ada Żak, J\\\"urgen \\\"Oz"]
    assert texts(row, "dc:rights") == ["http://arxiv.org/licenses/nonexclusive-distrib/1.0/"]


@pytest.mark.parametrize(
    ("category", "announce_types"),
    [
        ("cs.CL", ["new"]),
        ("CS.cl", ["new"]),
        ("cs.LG", ["cross"]),
        ("cs", ["new"]),
        ("cs.LG+cs.CL", ["new"]),
        ("cs.CV", []),
        ("math", []),
    ],
)
async def test_a_paper_is_new_in_its_first_category_and_a_cross_list_elsewhere(
    http, one_paper, category, announce_types
):
    _, channel = await rss(http, one_paper, category)
    assert texts(channel, "item/arxiv:announce_type") == announce_types


async def test_new_papers_come_before_cross_lists(http, shipped):
    _, channel = await rss(http, shipped, "cs.AI")
    types = texts(channel, "item/arxiv:announce_type")
    assert set(types) == {"new", "cross"}
    assert types == sorted(types, key=["new", "cross"].index)


async def test_a_feed_knows_only_its_own_day(http, shipped, calendar):
    announced = []
    for n in range(5):
        calendar.day = MONDAY + timedelta(days=n)
        _, channel = await rss(http, shipped, "cs.CL")
        announced += texts(channel, "item/guid")
    expected = {p.arxiv_id for p in load_papers() if "cs.CL" in p.categories}
    assert sorted(announced) == sorted(f"oai:arXiv.org:{paper_id}v1" for paper_id in expected)


async def test_on_saturday_a_feed_is_valid_but_empty(http, calendar):
    calendar.day = date(2025, 6, 7)
    late = replace(A_PAPER, listed_on=calendar.day)
    async with ReplayServer(today=calendar, papers=[late]) as server:
        status, channel = await rss(http, server, "cs.CL")
    assert status == 200
    assert texts(channel, "pubDate") == ["Sat, 07 Jun 2025 00:00:00 -0400"]
    assert channel.findall("item") == []


async def test_a_paper_without_known_categories_is_on_no_feed(http, calendar):
    calendar.day = MONDAY
    unknown = replace(A_PAPER, categories=())
    async with ReplayServer(today=calendar, papers=[unknown]) as server:
        _, channel = await rss(http, server, "cs")
    assert channel.findall("item") == []


@pytest.mark.parametrize("category", ["nonsense", "cs.", "cs.CLL", "cs.C1", "cs.CL!", "cs.CL+"])
async def test_a_malformed_category_gives_an_error_feed(http, shipped, category):
    status, channel = await rss(http, shipped, category)
    assert status == 400
    assert texts(channel, "title")[0].startswith("Feed error for query: ")
    assert texts(channel, "description")[0].startswith("Bad ")
    assert channel.findall("item") == []


async def test_an_unchanged_feed_is_not_sent_again(http, shipped, calendar):
    address = f"{shipped.base_url}/rss/cs.CL"
    async with http.get(address) as first:
        etag = first.headers["ETag"]
    async with http.get(address, headers={"If-None-Match": etag}) as again:
        assert again.status == 304
        assert await again.read() == b""
        assert again.headers["ETag"] == etag
    calendar.day = date(2025, 6, 5)
    async with http.get(address, headers={"If-None-Match": etag}) as next_day:
        assert next_day.status == 200
        assert next_day.headers["ETag"] != etag


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Andreas Köpf", 'Andreas K\\"opf'),
        ("Jo\u0301", "J\\'o"),
        ("Ada Żak", "Ada Żak"),
        ("李 Li", "李 Li"),
    ],
)
def test_accents_are_written_in_tex_where_a_letter_allows_it(name, written):
    assert tex_accents(name) == written


async def test_the_server_is_gone_when_its_block_ends(http, calendar):
    async with ReplayServer(today=calendar) as server:
        address = server.base_url
        assert address.startswith("http://127.0.0.1:")
    with pytest.raises(aiohttp.ClientConnectorError):
        await http.get(address)
