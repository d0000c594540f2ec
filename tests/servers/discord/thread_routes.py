"""Threads from messages, posts in forums, and publishing in announcement channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.servers.discord.account_routes import find_channel, find_guild
from tests.servers.discord.message_rules import check_message
from tests.servers.discord.refusals import FormErrors, Refused
from tests.servers.discord.rest import Call, Operation, Reply
from tests.servers.discord.shapes import channel_json, message_json
from tests.servers.discord.world import Channel, Message, Permission, World

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOUNCEMENT, THREAD, FORUM = 5, 11, 15
NAME, TAGS = 100, 5


class ThreadRoutes:
    """`published` lists the ids of messages passed on to other servers."""

    def __init__(self, world: World, say: Callable[..., Message]) -> None:
        self._world = world
        self._say = say
        self.published: list[int] = []

    def operations(self) -> list[Operation]:
        messages = "/channels/{channel_id}/messages/{message_id}"
        return [
            Operation(
                "create_thread_from_message", "POST", messages + "/threads", self._from_message
            ),
            Operation("crosspost_message", "POST", messages + "/crosspost", self._publish),
            Operation("create_thread", "POST", "/channels/{channel_id}/threads", self._in_forum),
            Operation(
                "get_active_guild_threads", "GET", "/guilds/{guild_id}/threads/active", self._active
            ),
        ]

    def _from_message(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        if channel.type not in (0, ANNOUNCEMENT):
            raise Refused(50024)
        if Permission.CREATE_PUBLIC_THREADS not in channel.bot_permissions:
            raise Refused(50013)
        message = channel.message(call.number("message_id"))
        if message is None:
            raise Refused(10008)
        if message.id in self._world.channels:
            raise Refused(160004)
        return Reply(channel_json(self._begin(channel, message.id, call.body or {})), status=201)

    def _in_forum(self, call: Call) -> Reply:
        forum = find_channel(self._world, call.number("channel_id"), Permission.SEND_MESSAGES)
        if forum.type != FORUM:
            raise Refused(50024)
        body = call.body or {}
        check_message(body.get("message") or {})
        applied = [str(tag) for tag in body.get("applied_tags") or ()]
        if forum.needs_tag and not applied:
            raise Refused(40067)
        if len(applied) > TAGS or not set(applied) <= set(forum.tags.values()):
            raise Refused(50035)
        made = self._begin(forum, self._world.ids.next(), body)
        made.applied = applied
        first = self._say(made, self._world.bot, body["message"], made.id)
        return Reply(channel_json(made) | {"message": message_json(first, self._world)}, status=201)

    def _begin(self, parent: Channel, thread_id: int, body: dict[str, Any]) -> Channel:
        errors = FormErrors()
        errors.too_long(("name",), body.get("name"), NAME)
        if not body.get("name"):
            errors.add(("name",), "BASE_TYPE_REQUIRED", "This field is required")
        errors.raise_if_any()
        guild = self._world.guilds[parent.guild_id or 0]
        thread = Channel(
            thread_id, guild.id, str(body["name"]), THREAD, parent.bot_permissions, parent=parent.id
        )
        self._world.channels[thread_id] = thread
        guild.channels[thread_id] = thread
        return thread

    def _active(self, call: Call) -> Reply:
        guild = find_guild(self._world, call.number("guild_id"))
        threads = [one for one in guild.channels.values() if one.type == THREAD and not one.deleted]
        return Reply({"threads": [channel_json(one) for one in threads], "members": []})

    def _publish(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        message = channel.message(call.number("message_id"))
        if channel.type != ANNOUNCEMENT:
            raise Refused(50024)
        if message is None:
            raise Refused(10008)
        if message.id in self.published:
            raise Refused(40033)
        self.published.append(message.id)
        return Reply(message_json(message, self._world))
