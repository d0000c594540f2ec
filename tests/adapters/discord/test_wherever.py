"""A command typed in any place has a defined answer (bad input 26)."""

import pytest

from bot.commands.desk import Desk
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.listening import CLOCK, gateway, over_http
from tests.servers.discord.people import ClientRefused
from tests.stores import open_test_store

KINDS = {"text": 0, "announcement": 5, "thread": 11, "private thread": 12, "voice": 2}


@pytest.fixture
async def store(tmp_path):
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.fixture(params=[gateway, over_http], ids=["gateway", "http"])
async def bot(request, server, store):
    async with request.param(server, Desk(store, CLOCK)) as listener:
        yield listener


def a_place(server, lab, kind):
    place = server.add_channel(lab, kind=KINDS[kind.removeprefix("archived ")])
    if "thread" in kind:
        place.parent = server.add_channel(lab).id
        place.archived = kind.startswith("archived")
    return place


@pytest.mark.parametrize("kind", [*KINDS, "archived thread"])
async def test_every_kind_of_channel_can_be_subscribed_and_asked_in(
    server, lab, chief, store, bot, kind
):
    place = a_place(server, lab, kind)
    seen = await server.slash(place, chief, "papers-admin subscribe", {"filter": "rings"})
    assert "Subscribed: rings" in seen.text
    there = Channel(Platform.DISCORD, str(lab.id), str(place.id))
    assert [one.name for one in await store.subscriptions.of(there)] == ["rings"]
    assert "rings" in (await server.slash(place, chief, "papers", {"query": "rings"})).text


@pytest.mark.parametrize(
    ("command", "options", "verb"),
    [
        ("papers-me bib", {"paper": "nope"}, "bib"),
        ("papers", {"query": "no paper", "view": "why"}, "why"),
        ("papers-admin pause", {"name": "two words"}, "pause"),
    ],
)
async def test_what_does_not_fit_a_command_is_a_mistake_and_no_search(
    server, channel, chief, bot, command, options, verb
):
    seen = await server.slash(channel, chief, command, options)
    assert f"{verb}: does not take “" in seen.text
    assert f"/papers query:help {verb}" in seen.text


async def test_in_a_direct_message_one_asks_and_follows_but_manages_nothing(
    server, lab, anna, store, bot
):
    alone = server.world.direct_channel(anna)
    assert "rings" in (await server.slash(alone, anna, "papers", {"query": "rings"})).text
    followed = await server.slash(alone, anna, "papers-me follow", {"who": 'author:"Emmy Noether"'})
    assert "Following" in followed.text
    with pytest.raises(ClientRefused):
        await server.slash(alone, anna, "papers-admin subscribe", {"filter": "rings"})
    # What a client does not offer can still be sent.
    forced = await server.slash(
        alone, anna, "papers-admin subscribe", {"filter": "rings"}, hidden_too=True
    )
    assert not forced.failed
    assert forced.text


async def test_whoever_installed_it_for_themselves_asks_in_servers_that_never_heard_of_it(
    server, store, bot
):
    stranger = server.add_guild("Elsewhere")
    stranger.has_bot = False
    place, anna = server.add_channel(stranger), server.add_member(stranger, "anna")
    seen = await server.slash(place, anna, "papers", {"query": "rings"})
    assert "rings" in seen.text
    assert seen.answers[0].ephemeral
    assert (
        "Following"
        in (await server.slash(place, anna, "papers-me follow", {"who": "org:deepmind"})).text
    )
    with pytest.raises(ClientRefused):
        await server.slash(place, anna, "papers-admin list")
