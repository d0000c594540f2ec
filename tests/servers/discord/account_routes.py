"""Who the bot is, and where it is: account, application, gateway address, servers, channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.servers.discord.refusals import Refused
from tests.servers.discord.rest import Call, Operation, Reply
from tests.servers.discord.shapes import channel_json, guild_json, member_json, user_json
from tests.servers.discord.world import Channel, Guild, Permission, World

if TYPE_CHECKING:
    from collections.abc import Callable


class AccountRoutes:
    """Answers from the world; `session_start` tells how many logins are left today."""

    def __init__(
        self, world: World, gateway_url: Callable[[], str], session_start: Callable[[], Any]
    ) -> None:
        self._world = world
        self._gateway_url = gateway_url
        self._session_start = session_start

    def operations(self) -> list[Operation]:
        return [
            Operation("get_my_user", "GET", "/users/@me", self._me),
            Operation(
                "get_my_oauth2_application", "GET", "/oauth2/applications/@me", self._application
            ),
            Operation("get_my_application", "GET", "/applications/@me", self._application),
            Operation("get_gateway", "GET", "/gateway", self._gateway, needs_bot=False),
            Operation("get_bot_gateway", "GET", "/gateway/bot", self._gateway_bot),
            Operation("list_my_guilds", "GET", "/users/@me/guilds", self._guilds),
            Operation("leave_guild", "DELETE", "/users/@me/guilds/{guild_id}", self._leave),
            Operation("create_dm", "POST", "/users/@me/channels", self._open_dm),
            Operation("get_guild", "GET", "/guilds/{guild_id}", self._guild),
            Operation("list_guild_channels", "GET", "/guilds/{guild_id}/channels", self._channels),
            Operation(
                "get_guild_member", "GET", "/guilds/{guild_id}/members/{user_id}", self._member
            ),
            Operation("get_channel", "GET", "/channels/{channel_id}", self._channel),
        ]

    def _me(self, _: Call) -> Reply:
        return Reply(user_json(self._world.bot) | {"verified": True, "mfa_enabled": False})

    def _application(self, _: Call) -> Reply:
        bot = self._world.bot
        return Reply(
            {
                "id": str(bot.id),
                "name": bot.name,
                "icon": None,
                "description": "",
                "bot_public": True,
                "bot_require_code_grant": False,
                "verify_key": "0" * 64,
                "flags": 0,
                "owner": user_json(bot),
                "team": None,
                "summary": "",
            }
        )

    def _gateway(self, _: Call) -> Reply:
        return Reply({"url": self._gateway_url()})

    def _gateway_bot(self, _: Call) -> Reply:
        limit = self._session_start()
        return Reply({"url": self._gateway_url(), "shards": 1, "session_start_limit": limit})

    def _guilds(self, call: Call) -> Reply:
        after, limit = int(call.query.get("after", "0")), int(call.query.get("limit", "200"))
        there = sorted(
            (one for one in self._world.guilds.values() if one.has_bot and one.id > after),
            key=lambda one: one.id,
        )
        return Reply([{"id": str(one.id), "name": one.name} for one in there[:limit]])

    def _leave(self, call: Call) -> Reply:
        find_guild(self._world, call.number("guild_id")).has_bot = False
        return Reply()

    def _guild(self, call: Call) -> Reply:
        guild = find_guild(self._world, call.number("guild_id"))
        return Reply(guild_json(guild, self._world.bot))

    def _channels(self, call: Call) -> Reply:
        guild = find_guild(self._world, call.number("guild_id"))
        return Reply([channel_json(channel) for channel in guild.channels.values()])

    def _member(self, call: Call) -> Reply:
        guild = find_guild(self._world, call.number("guild_id"))
        for user in guild.members:
            if user.id == call.number("user_id"):
                return Reply(member_json(user, guild))
        raise Refused(10013)

    def _channel(self, call: Call) -> Reply:
        return Reply(channel_json(find_channel(self._world, call.number("channel_id"))))

    def _open_dm(self, call: Call) -> Reply:
        asked = str((call.body or {}).get("recipient_id", ""))
        user = self._world.users.get(int(asked) if asked.isdecimal() else 0)
        if user is None:
            raise Refused(10013)
        return Reply(channel_json(self._world.direct_channel(user)))


def find_guild(world: World, guild_id: int) -> Guild:
    """The server, if the bot is in it."""
    guild = world.guilds.get(guild_id)
    if guild is None or not guild.has_bot:
        raise Refused(10004)
    return guild


def find_channel(
    world: World, channel_id: int, needs: Permission = Permission.VIEW_CHANNEL
) -> Channel:
    """The channel, if it exists and the bot may do what it `needs` there."""
    channel = world.channels.get(channel_id)
    if channel is None or channel.deleted:
        raise Refused(10003)
    guild = world.guilds.get(channel.guild_id or 0)
    if guild is None:
        return channel
    if not guild.has_bot or Permission.VIEW_CHANNEL not in channel.bot_permissions:
        raise Refused(50001)
    if needs not in channel.bot_permissions:
        raise Refused(50013)
    return channel
