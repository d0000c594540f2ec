"""What nobody told the bot: servers it was put out of, channels that were deleted, posts refused."""

import pytest

from adapters.discord import rollcall
from adapters.discord.messenger import everywhere
from adapters.discord.post import bot_session
from adapters.discord.rollcall import RollCall
from bot.commands.lifecycle import Lifecycle
from bot.model.subscription import Channel, Platform
from tests.builders import a_paper
from tests.servers.discord import Permission, faults
from tests.world import a_world

MAY_LOOK = Permission.VIEW_CHANNEL


class Silent:
    """A lab with subscriptions in two servers, and a bot that hears no gateway."""

    def __init__(self, server, world, roll):
        self.server, self.world, self.roll = server, world, roll
        self.lab, self.club = server.add_guild("Lab"), server.add_guild("Club")
        self.places = {one.id: server.add_channel(one) for one in (self.lab, self.club)}
        self.ada = server.add_member(self.lab, "ada", manages=True)

    def address(self, guild):
        return Channel(Platform.DISCORD, str(guild.id), str(self.places[guild.id].id))

    async def subscribe(self, guild):
        await self.world.ask(
            "subscribe rings every:daily at:09:00 tz:UTC name:rings",
            self.address(guild),
            member=str(self.ada.id),
            may_manage=True,
        )

    async def listed(self, guild):
        answer = await self.world.ask("list", self.address(guild))
        return " ".join(answer.private.lines)

    def posted(self, guild):
        return " ".join(one.text for one in self.server.shown(self.places[guild.id]))

    def letters(self):
        return self.server.shown(self.server.world.direct_channel(self.ada))


@pytest.fixture
async def silent(server, tmp_path):
    async with (
        everywhere(server.token, api_url=server.api_url) as messenger,
        a_world(tmp_path, messenger) as world,
        bot_session(server.token) as session,
    ):
        server.clock.follow(lambda: world.clock.now().timestamp())
        lives = Lifecycle(world.store, world.clock)
        made = Silent(server, world, RollCall(lives, session, api_url=server.api_url))
        for guild in (made.lab, made.club):
            await made.subscribe(guild)
        yield made


async def test_a_server_that_put_the_bot_out_waits_and_is_forgotten_after_thirty_days(silent):
    silent.lab.has_bot = False
    await silent.roll.call()
    assert "removed from the server" in await silent.listed(silent.lab)
    for _ in range(3):  # the days are counted from the first time it was missed
        await silent.world.wait(days=9)
        await silent.roll.call()
        await silent.world.engine.tidy()
    assert "rings" in await silent.listed(silent.lab)
    await silent.world.wait(days=4)
    await silent.world.engine.tidy()
    assert await silent.world.store.subscriptions.of(silent.address(silent.lab)) == []
    assert "rings" in await silent.listed(silent.club)
    assert "uspended" not in await silent.listed(silent.club)


async def test_a_server_that_invited_the_bot_again_goes_on(silent):
    silent.lab.has_bot = False
    await silent.roll.call()
    await silent.world.announce(a_paper("On Rings"))
    await silent.world.wait_until(9)
    assert "On Rings" not in silent.posted(silent.lab)
    silent.lab.has_bot = True
    await silent.roll.call()
    await silent.world.wait(minutes=1)
    assert "On Rings" in silent.posted(silent.lab)


async def test_a_channel_that_was_deleted_unheard_is_forgotten_too(silent):
    silent.places[silent.lab.id].deleted = True
    await silent.world.announce(a_paper("On Rings"))
    await silent.world.wait_until(9)
    await silent.roll.call()
    assert "the channel was deleted" in await silent.listed(silent.lab)
    await silent.world.wait(days=31)
    await silent.world.engine.tidy()
    assert await silent.world.store.subscriptions.of(silent.address(silent.lab)) == []


async def test_who_subscribed_is_told_once_which_permission_is_missing(silent):
    silent.places[silent.lab.id].bot_permissions = MAY_LOOK
    await silent.world.announce(a_paper("On Rings"))
    await silent.world.wait_until(9)
    for _ in range(2):
        await silent.world.wait(minutes=5)
    (letter,) = silent.letters()
    assert "give Paperwire the permission Send Messages in this channel" in letter.text
    assert "rings" in letter.text


async def test_without_any_event_a_mended_channel_is_found_by_a_probe(silent):
    """Where Discord calls us over HTTP, nothing else tells that the permission is back."""
    place = silent.places[silent.lab.id]
    rights, place.bot_permissions = place.bot_permissions, MAY_LOOK
    await silent.world.announce(a_paper("On Rings"))
    await silent.world.wait_until(9)
    assert "Send Messages" in await silent.listed(silent.lab)
    place.bot_permissions = rights
    await silent.world.wait(hours=23)
    assert "On Rings" not in silent.posted(silent.lab), "it is not asked all the time"
    await silent.world.wait(hours=2)
    assert "On Rings" in silent.posted(silent.lab)
    assert "uspended" not in await silent.listed(silent.lab)


async def test_no_answer_is_no_news(silent):
    silent.server.desk.faults.plan("list_my_guilds", faults.Status(502), times=2)
    await silent.roll.call()
    silent.server.desk.token = "another"
    await silent.roll.call()
    for guild in (silent.lab, silent.club):
        assert "uspended" not in await silent.listed(guild)


async def test_more_servers_than_fit_on_a_page_are_all_there(silent, monkeypatch):
    monkeypatch.setattr(rollcall, "GUILDS_A_PAGE", 1)
    await silent.roll.call()
    for guild in (silent.lab, silent.club):
        assert "uspended" not in await silent.listed(guild)
