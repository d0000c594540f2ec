"""Kicked, invited again, channels deleted, rights taken and given: subscriptions wait and go on."""

import asyncio

import pytest

from adapters.discord.comings import DELETED, REMOVED
from bot.commands.desk import Desk
from bot.commands.lifecycle import Lifecycle
from bot.model.errors import StoreDown
from bot.model.subscription import Platform
from tests.adapters.discord.listening import CLOCK, Answering, gateway, until
from tests.servers.discord import Permission
from tests.servers.discord.shapes import channel_json
from tests.stores import open_test_store

MAY_LOOK = Permission.VIEW_CHANNEL
MAY_POST = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES


class Lives:
    """Writes down what it is told."""

    def __init__(self):
        self.told = []
        self.trouble = None

    async def known(self, channel):
        if self.trouble is not None:
            raise self.trouble
        return channel.channel != "0"

    async def suspend(self, channel, reason, *, is_gone=False):
        self.told.append(("suspend", channel.channel, reason, is_gone))

    async def resume(self, channel):
        self.told.append(("resume", channel.channel))

    async def workspace_gone(self, platform, workspace, reason):
        self.told.append(("gone", workspace))

    async def workspace_back(self, platform, workspace):
        self.told.append(("back", workspace))

    async def channels(self, platform):
        return []


@pytest.fixture
def lives():
    return Lives()


@pytest.fixture
async def listening(server, lab, channel, chief, lives):
    async with gateway(server, Answering(), lives=lives) as listener:
        await until(lambda: listener.ready)
        yield listener


async def test_kicked_and_invited_again(server, lab, lives, listening):
    await server.kick_bot(lab)
    await until(lambda: lives.told)
    await server.invite_bot(lab)
    await until(lambda: len(lives.told) == 2)
    assert lives.told == [("gone", str(lab.id)), ("back", str(lab.id))]


async def test_an_outage_of_discord_is_no_kick(server, lab, lives, listening):
    data = {"id": str(lab.id), "unavailable": True}
    await server.gateway.dispatch("GUILD_DELETE", data, guild_id=lab.id)
    await server.kick_bot(server.add_guild("never seen"))
    await asyncio.sleep(0.05)
    assert lives.told == []


async def test_a_deleted_channel_suspends_its_subscriptions_for_good(
    server, channel, lives, listening
):
    await server.delete_channel(channel)
    await until(lambda: lives.told)
    ((what, where, reason, is_gone),) = lives.told
    assert (what, where, is_gone) == ("suspend", str(channel.id), True)
    assert "deleted" in reason


async def test_a_deleted_thread_does_too(server, lab, channel, lives, listening):
    data = {"id": "77", "guild_id": str(lab.id), "parent_id": str(channel.id), "type": 11}
    await server.gateway.dispatch("THREAD_DELETE", data, guild_id=lab.id)
    await until(lambda: lives.told)
    assert lives.told[0][:2] == ("suspend", "77")


async def test_a_right_that_is_taken_is_named_and_given_back_it_goes_on(
    server, channel, lives, listening
):
    await server.change_rights(channel, MAY_LOOK)
    await until(lambda: lives.told)
    await server.change_rights(channel, MAY_POST)
    await until(lambda: len(lives.told) == 2)
    taken, given = lives.told
    assert taken == (
        "suspend", str(channel.id), "give Paperwire in this channel: Send Messages", False
    )  # fmt: skip
    assert given == ("resume", str(channel.id))


async def test_a_store_that_is_down_loses_the_event_and_nothing_else(
    server, channel, lives, listening, caplog
):
    lives.trouble = StoreDown()
    await server.delete_channel(channel)
    await until(lambda: "discord event not kept" in caplog.text)
    assert any(session.connection for session in server.gateway.sessions.values())


async def test_what_was_ordered_is_kept_and_shown_as_waiting(server, lab, channel, chief, tmp_path):
    async with open_test_store(tmp_path) as store:
        lifecycle = Lifecycle(store, CLOCK)
        desk = Desk(store, CLOCK)
        async with gateway(server, desk, lives=lifecycle):
            await server.slash(channel, chief, "papers-admin subscribe", {"filter": "rings"})
            await server.change_rights(channel, MAY_LOOK)
            text = ""
            async with asyncio.timeout(5):
                while "Suspended" not in text:
                    text = (await server.slash(channel, chief, "papers-admin list")).text
            assert "rings" in text
            assert "give Paperwire in this channel: Send Messages" in text


class Hall:
    """A server with an order in one channel, on the real store, and what may happen to it."""

    def __init__(self, server, lab, channel, store):
        self.server, self.lab, self.channel, self.store = server, lab, channel, store

    async def kick(self):
        await self.server.kick_bot(self.lab)

    async def invite(self):
        await self.server.invite_bot(self.lab)

    async def take(self):
        await self.server.change_rights(self.channel, MAY_LOOK)

    async def give(self):
        await self.server.change_rights(self.channel, MAY_POST)

    async def delete(self):
        await self.server.delete_channel(self.channel)

    async def late(self):
        """An event of before arrives behind all others."""
        data = channel_json(self.channel)
        await self.server.gateway.dispatch("CHANNEL_UPDATE", data, guild_id=self.lab.id)

    async def reason(self):
        (one,) = await self.store.absences.channels(Platform.DISCORD)
        return one.reason


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ("kick kick", REMOVED),
        ("kick invite invite", ""),
        ("invite kick", REMOVED),
        ("kick late", REMOVED),
        ("take kick give invite", ""),
        ("take kick invite", "Send Messages"),
        ("delete late", DELETED),
        ("delete delete", DELETED),
        ("take give give", ""),
        ("give take take", "Send Messages"),
    ],
)
async def test_events_in_any_order_end_where_things_are(
    server, lab, channel, chief, tmp_path, events, reason
):
    async with open_test_store(tmp_path) as store:
        lifecycle = Lifecycle(store, CLOCK)
        hall = Hall(server, lab, channel, store)
        async with gateway(server, Desk(store, CLOCK), lives=lifecycle) as listener:
            await until(lambda: listener.ready)
            await server.slash(channel, chief, "papers-admin subscribe", {"filter": "rings"})
            for event in events.split():
                await getattr(hall, event)()
                await asyncio.sleep(0.05)
            async with asyncio.timeout(5):
                while reason not in await hall.reason() or bool(reason) != bool(
                    await hall.reason()
                ):
                    await asyncio.sleep(0.01)


async def test_what_changed_while_nobody_listened_is_seen_when_it_connects(
    server, lab, channel, chief, tmp_path
):
    async with open_test_store(tmp_path) as store:
        lifecycle = Lifecycle(store, CLOCK)
        hall = Hall(server, lab, channel, store)
        async with gateway(server, Desk(store, CLOCK), lives=lifecycle) as listener:
            await until(lambda: listener.ready)
            await server.slash(channel, chief, "papers-admin subscribe", {"filter": "rings"})
            await hall.take()
            async with asyncio.timeout(5):
                while not await hall.reason():
                    await asyncio.sleep(0.01)
        await hall.give()
        async with gateway(server, Desk(store, CLOCK), lives=lifecycle), asyncio.timeout(5):
            while await hall.reason():
                await asyncio.sleep(0.01)
