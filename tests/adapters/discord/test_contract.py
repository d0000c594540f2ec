"""Discord keeps what every messenger promises."""

from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.discord.messenger import everywhere
from adapters.discord.post import DiscordMessenger
from bot.model.subscription import Channel, Platform
from tests.contracts.messenger import PROMISES, Trouble
from tests.servers.discord import UNLIMITED, DiscordServer, Permission, faults

POST = "create_message"
EDIT = "update_message"
NOBODY = "http://127.0.0.1:9/api/v10"


class DiscordStage:
    """The real messenger in front of the local Discord."""

    limited_for = timedelta(seconds=30)

    def __init__(
        self, server: DiscordServer, messenger: DiscordMessenger, session: aiohttp.ClientSession
    ) -> None:
        self.server = server
        self.messenger = messenger
        self.session = session
        self.guild = server.add_guild()
        self.place = server.add_channel(self.guild)
        self.channel = Channel(Platform.DISCORD, str(self.guild.id), str(self.place.id))
        self.user = server.add_member(self.guild, "anna")
        self.person = Channel(Platform.DISCORD, str(self.guild.id), f"@{self.user.id}")

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    def visible(self) -> list[str]:
        return [message.text for message in self.server.shown(self.place)]

    def answers(self) -> list[str]:
        threads = [one for one in self.server.world.channels.values() if one.parent]
        return [message.text for thread in threads for message in thread.messages]

    def told(self) -> list[str]:
        shown = self.server.shown(self.server.world.direct_channel(self.user))
        return [message.text for message in shown]

    async def break_with(self, trouble: Trouble) -> None:
        plan = self.server.desk.faults.plan
        match trouble:
            case Trouble.NO_CONNECTION:
                self.messenger = DiscordMessenger(self.session, api_url=NOBODY)
            case Trouble.LOST_BEFORE:
                plan(POST, faults.Reset(committed=False))
            case Trouble.LOST_AFTER:
                plan(POST, faults.Reset(committed=True))
            case Trouble.SERVER_ERROR:
                plan(POST, faults.Status(503))
            case Trouble.WEB_PAGE:
                plan(POST, faults.Garbage())
            case Trouble.LIMITED:
                plan(POST, faults.Limited(self.limited_for.total_seconds()))
            case Trouble.CHANNEL_GONE:
                await self.server.delete_channel(self.place)
            case Trouble.TOKEN_REVOKED:
                self.server.desk.token = "another"
            case Trouble.CONTENT_REFUSED:
                plan(POST, faults.Code(50035), times=2)
            case Trouble.EDIT_LOST_AFTER:
                plan(EDIT, faults.Reset(committed=True))
            case Trouble.EDIT_LIMITED:
                plan(EDIT, faults.Limited(self.limited_for.total_seconds()))
            case Trouble.UNREADABLE:
                self.place = self.server.add_channel(
                    self.guild, bot_permissions=Permission.SEND_MESSAGES
                )
                self.channel = Channel(Platform.DISCORD, str(self.guild.id), str(self.place.id))

    async def mend(self) -> None:
        self.server.clock.advance(60)
        self.messenger = DiscordMessenger(self.session, api_url=self.server.api_url)


@pytest.fixture
async def stage():
    async with (
        DiscordServer(limits=UNLIMITED) as server,
        everywhere(server.token, api_url=server.api_url) as messenger,
        aiohttp.ClientSession(headers={"Authorization": f"Bot {server.token}"}) as session,
    ):
        yield DiscordStage(server, messenger, session)
        assert server.violations == []


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
async def test_discord_keeps_what_every_messenger_promises(stage, promise):
    await promise(stage)
