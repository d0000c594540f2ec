"""A missing permission is named exactly: at once to whoever manages, later where a post is refused."""

import pytest

from adapters.discord.messenger import everywhere
from adapters.discord.render import render
from bot.commands.desk import Desk
from bot.model.delivery import ChannelGone
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.examples import a_digest
from tests.adapters.discord.listening import CLOCK, gateway, over_http
from tests.servers.discord import Permission
from tests.servers.discord.world import BOT_PERMISSIONS
from tests.stores import open_test_store

TEXT, THREAD, FORUM = 0, 11, 15
BAR = "Paperwire lacks the permission"


@pytest.fixture(params=[gateway, over_http], ids=["gateway", "http"])
async def bot(request, server, tmp_path):
    async with (
        open_test_store(tmp_path) as store,
        request.param(server, Desk(store, CLOCK)) as listener,
    ):
        yield listener


@pytest.mark.parametrize(
    ("kind", "taken", "named"),
    [
        (TEXT, Permission.SEND_MESSAGES, "Send Messages: nothing is posted here"),
        (TEXT, Permission.VIEW_CHANNEL, "View Channel: nothing is posted here"),
        (TEXT, Permission.CREATE_PUBLIC_THREADS, "Create Public Threads: details answer in"),
        (TEXT, Permission.READ_MESSAGE_HISTORY, "Read Message History: an unclear post is sent"),
        (TEXT, Permission.SEND_MESSAGES_IN_THREADS, ""),
        (TEXT, Permission.EMBED_LINKS, ""),
        (THREAD, Permission.SEND_MESSAGES_IN_THREADS, "Send Messages in Threads: nothing is"),
        (THREAD, Permission.SEND_MESSAGES, ""),
    ],
)
async def test_whoever_subscribes_a_channel_learns_at_once_what_the_bot_lacks_there(
    server, lab, chief, bot, kind, taken, named
):
    place = server.add_channel(lab, kind=kind, bot_permissions=BOT_PERMISSIONS & ~taken)
    place.parent = server.add_channel(lab).id if kind == THREAD else None
    for line, options in (
        ("papers-admin subscribe", {"filter": "rings"}),
        ("papers-admin list", {}),
    ):
        told = (await server.slash(place, chief, line, options)).text
        assert "rings" in told
        assert (f"{BAR} {named}" in told) is bool(named)
        assert told.count(BAR) == bool(named)


async def test_who_only_asks_is_not_bothered(server, lab, anna, bot):
    place = server.add_channel(lab, bot_permissions=Permission.VIEW_CHANNEL)
    assert BAR not in (await server.slash(place, anna, "papers", {"query": "rings"})).text


@pytest.mark.parametrize(
    ("kind", "taken", "named"),
    [
        (TEXT, Permission.SEND_MESSAGES, "the permission Send Messages in this"),
        (TEXT, Permission.VIEW_CHANNEL, "the permission View Channel in this"),
        (THREAD, Permission.SEND_MESSAGES_IN_THREADS, "the permission Send Messages in Threads in"),
        (FORUM, Permission.SEND_MESSAGES, "the permission Send Messages in this"),
    ],
)
async def test_a_refused_post_names_the_permission(server, lab, kind, taken, named):
    place = server.add_channel(lab, kind=kind, bot_permissions=BOT_PERMISSIONS & ~taken)
    place.parent = server.add_channel(lab).id if kind == THREAD else None
    (page,) = render(a_digest(1))
    async with everywhere(server.token, api_url=server.api_url) as messenger:
        there = Channel(Platform.DISCORD, str(lab.id), str(place.id))
        outcome = await messenger.post(there, page, marker="1")
    assert isinstance(outcome, ChannelGone)
    assert named in outcome.reason
