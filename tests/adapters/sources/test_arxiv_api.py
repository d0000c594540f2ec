"""Looking up single papers, at the service before and after November 2025."""

from datetime import date

import pytest

from adapters.sources.arxiv_api import ArxivApi
from bot.model.errors import SourceDown, SourceGarbled, SourceRefused
from bot.model.paper import Event


@pytest.fixture
def source(site, fetcher):
    return ArxivApi(fetcher, site.url + "/api/query")


async def test_both_services_give_the_same_paper(site, source, data):
    found = []
    for name in ("arxiv_api_old.xml", "arxiv_api_new.xml"):
        site.on("/api/query", site.reply((data / name).read_bytes()))
        announced = await source.look_up(["2110.00001", "2110.99999"])
        assert announced.rejected == ()
        found.append(announced.sightings)
    assert found[0] == found[1]
    (sighting,) = found[0]
    paper = sighting.paper
    assert (sighting.event, sighting.on) == (Event.NEW, date(2021, 10, 2))
    assert paper.title == "A Long Title that arXiv Wrapped over Two Lines"
    assert paper.abstract == "The summary is wrapped too, and begins with two blanks."
    assert paper.authors == ("Yahya Example", "José Sample")
    assert paper.categories == ("cs.LG", "cs.CY")
    assert (paper.published_on, paper.updated_on) == (date(2021, 10, 2), date(2022, 11, 23))
    assert paper.version == 3
    assert paper.ids == ("arxiv:2110.00001", "doi:10.1000/xyz", "doi:10.1000/erratum")
    assert paper.comment == "Accepted somewhere nice"


async def test_ids_are_asked_for_in_one_go(site, source, data):
    site.on("/api/query", site.reply((data / "arxiv_api_new.xml").read_bytes()))
    await source.look_up(["2110.00001v3", "arXiv:2110.00001", "hep-th/9901001", "nonsense", ""])
    assert site.targets == ["/api/query?id_list=2110.00001,hep-th/9901001&max_results=2"]


async def test_hundred_at_a_time(site, source, data):
    site.on("/api/query", site.reply((data / "arxiv_api_new.xml").read_bytes()))
    await source.look_up([f"2110.{n:05}" for n in range(150)])
    assert len(site.seen) == 2


async def test_nothing_to_ask_asks_nothing(site, source):
    announced = await source.look_up(["nonsense"])
    assert announced.sightings == ()
    assert site.seen == []


async def test_what_was_not_asked_for_is_not_taken(site, source, data):
    site.on("/api/query", site.reply((data / "arxiv_api_new.xml").read_bytes()))
    assert (await source.look_up(["2110.00002"])).sightings == ()


@pytest.mark.parametrize("status", [200, 400])
async def test_an_error_in_a_feeds_clothing_is_an_error(site, source, data, status):
    site.on("/api/query", site.reply((data / "arxiv_api_error.xml").read_bytes(), status))
    with pytest.raises(SourceRefused, match="incorrect id format for xyz"):
        await source.look_up(["2110.00001"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("Rate exceeded.", SourceDown),
        ("", SourceDown),
        ("<html>", SourceGarbled),
        ("<feed>", SourceGarbled),
        ("<rss/>", SourceGarbled),
    ],
)
async def test_outages_are_outages(site, source, body, error):
    site.on("/api/query", site.reply(body))
    with pytest.raises(error):
        await source.look_up(["2110.00001"])
