"""What Discord offers while people type."""

import pytest

from bot.model.errors import StoreDown
from tests.adapters.discord.driving import driven
from tests.builders import a_paper
from tests.scenarios.driver import BOB


async def offered(server, channel, person, command, typed, into):
    given = {into: typed}
    found = await server.people.autocomplete(channel, person, command, given, into)
    assert all(len(one["name"]) <= 100 for one in found)
    return [one["value"] for one in found]


async def test_names_of_the_channels_subscriptions(server, channel, chief, bot):
    assert await offered(server, channel, chief, "papers-admin unsubscribe", "", "name") == [
        "alignment",
        "rings",
    ]
    assert await offered(server, channel, chief, "papers-admin edit", "ri", "name") == ["rings"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Europe/Be", "Europe/Belfast"),
    ],
)
async def test_time_zones(server, channel, chief, on_gateway, typed, first):
    found = await offered(server, channel, chief, "papers-admin subscribe", typed, "tz")
    assert found[0] == first
    assert len(found) <= 25


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("alignment cat:cs.c", "alignment cat:cs.CC"),
        ("-cat:stat.", "-cat:stat.AP"),
        ("cat:CL", "cat:cs.CL"),
    ],
)
async def test_categories(server, channel, anna, on_gateway, typed, first):
    assert (await offered(server, channel, anna, "papers", typed, "query"))[0] == first


async def test_authors(server, channel, anna, on_gateway, knows):
    knows.people = ["Emmy Noether", "Noel Coward"]
    found = await offered(server, channel, anna, "papers", "rings author:noe", "query")
    assert found == ['rings author:"Emmy Noether"', 'rings author:"Noel Coward"']
    found = await offered(server, channel, anna, "papers-me follow", "emmy", "who")
    assert found == ['author:"Emmy Noether"']


async def test_recent_queries(server, channel, anna, on_gateway, knows):
    knows.recent = ["rings of ideals", "alignment", "x" * 200]
    assert await offered(server, channel, anna, "papers", "", "query") == [
        "rings of ideals",
        "alignment",
    ]
    assert await offered(server, channel, anna, "papers", "ali", "query") == ["alignment"]


async def test_words_are_not_completed(server, channel, anna, on_gateway):
    assert await offered(server, channel, anna, "papers", "alignment of", "query") == []
    assert await offered(server, channel, anna, "papers", "x" * 300 + " cat:cs", "query") == []


async def test_a_store_that_is_down_offers_nothing_and_breaks_nothing(
    server, channel, chief, on_gateway, knows
):
    knows.trouble = StoreDown()
    assert await offered(server, channel, chief, "papers-admin unsubscribe", "", "name") == []


async def test_what_a_person_found_is_offered_to_them_again(tmp_path):
    async with driven(tmp_path) as driver:
        await driver.world.announce(a_paper("On Rings"))
        await driver.say("rings -survey")
        await driver.say("zebras")
        await driver.say("rings", by=BOB)
        offered = {}
        for name, person in driver._people.items():
            channel = driver._channels["lab"]
            choices = await driver._server.people.autocomplete(
                channel, person, "papers", {"query": ""}, "query"
            )
            offered[name] = [one["value"] for one in choices]
        assert offered == {"ada": ["rings -survey"], "bob": ["rings"]}
