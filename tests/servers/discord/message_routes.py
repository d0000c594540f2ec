"""Messages in channels: posting, editing, reading back; and plain webhooks."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from tests.servers.discord.account_routes import find_channel
from tests.servers.discord.message_rules import check_message
from tests.servers.discord.refusals import Refused
from tests.servers.discord.rest import Call, Operation, Reply
from tests.servers.discord.shapes import message_json, pings_of
from tests.servers.discord.world import Channel, Message, Permission, User, Webhook, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NOT_FOR_MESSAGES = (15, 16)
THREAD = 11
# "Past few minutes" is all that is promised; two is what the bot may count on.
NONCE_WINDOW_S = 180.0


class MessageRoutes:
    """Keeps what became visible. `pings` lists (message id, who) that were notified."""

    def __init__(self, world: World, announce: Callable[[str, Message], None]) -> None:
        self._world = world
        self._announce = announce
        self.pings: list[tuple[int, str]] = []

    def operations(self) -> list[Operation]:
        messages = "/channels/{channel_id}/messages"
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        return [
            Operation("create_message", "POST", messages, self._create),
            Operation("list_messages", "GET", messages, self._list),
            Operation("get_message", "GET", messages + "/{message_id}", self._get),
            Operation("update_message", "PATCH", messages + "/{message_id}", self._edit),
            Operation("delete_message", "DELETE", messages + "/{message_id}", self._delete),
            Operation(
                "create_webhook", "POST", "/channels/{channel_id}/webhooks", self._new_webhook
            ),
            Operation("get_webhook_by_token", "GET", hook, self._webhook, needs_bot=False),
        ]

    def say(
        self, channel: Channel, author: User, body: dict[str, Any], number: int | None = None
    ) -> Message:
        """Make a message visible, unconditionally. number: its id, where that is settled already."""
        message = Message(
            id=number or self._world.ids.next(),
            channel_id=channel.id,
            author=author,
            body=body,
            at=self._world.clock.now(),
            flags=int(body.get("flags") or 0),
            nonce=str(body["nonce"]) if body.get("nonce") is not None else None,
        )
        channel.messages.append(message)
        self.pings += [(message.id, whom) for whom in pings_of(body, self._world)]
        self._announce("MESSAGE_CREATE", message)
        return message

    def _create(self, call: Call) -> Reply:
        needed = Permission.SEND_MESSAGES
        there = self._world.channels.get(call.number("channel_id"))
        if there is not None and there.type == THREAD:
            needed = Permission.SEND_MESSAGES_IN_THREADS
        channel = find_channel(self._world, call.number("channel_id"), needed)
        body = call.body or {}
        if channel.type in NOT_FOR_MESSAGES:
            raise Refused(50008)
        if channel.recipient and not channel.recipient.takes_dms:
            raise Refused(50007)
        check_message(body)
        can_read = Permission.READ_MESSAGE_HISTORY in channel.bot_permissions
        if body.get("message_reference") and not can_read:
            raise Refused(160002)
        if body.get("embeds") and Permission.EMBED_LINKS not in channel.bot_permissions:
            raise Refused(50013)
        message = self._said_before(channel, body) or self.say(channel, self._world.bot, body)
        answer = message_json(message, self._world)
        if message.nonce is not None:
            answer["nonce"] = message.nonce
        return Reply(answer)

    def _said_before(self, channel: Channel, body: dict[str, Any]) -> Message | None:
        """With `enforce_nonce`, the recent message that had the same nonce."""
        if body.get("nonce") is None or not body.get("enforce_nonce"):
            return None
        since = self._world.clock.now() - NONCE_WINDOW_S
        for message in reversed(channel.messages):
            if message.nonce == str(body["nonce"]) and message.at >= since:
                return message
        return None

    def _list(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions:
            return Reply([])
        limit = min(max(int(call.query.get("limit", "50")), 1), 100)
        after, before = (_snowflake(call.query.get(key)) for key in ("after", "before"))
        found = [
            message
            for message in channel.messages
            if (after is None or message.id > after) and (before is None or message.id < before)
        ]
        chosen = found[:limit] if after is not None else found[-limit:]
        return Reply([message_json(message, self._world) for message in reversed(chosen)])

    def _get(self, call: Call) -> Reply:
        channel = find_channel(
            self._world, call.number("channel_id"), Permission.READ_MESSAGE_HISTORY
        )
        return Reply(message_json(_message_in(channel, call), self._world))

    def _edit(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        message = _message_in(channel, call)
        if message.author is not self._world.bot:
            raise Refused(50005)
        body = call.body or {}
        check_message(body, before=message.body)
        message.edits.append(dict(message.body))
        message.body = {**message.body, "allowed_mentions": None, **body}
        self._announce("MESSAGE_UPDATE", message)
        return Reply(message_json(message, self._world))

    def _delete(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        channel.messages.remove(_message_in(channel, call))
        return Reply()

    def _new_webhook(self, call: Call) -> Reply:
        channel = find_channel(self._world, call.number("channel_id"))
        return Reply(webhook_json(self.add_webhook(channel)))

    def add_webhook(self, channel: Channel) -> Webhook:
        webhook = Webhook(self._world.ids.next(), secrets.token_urlsafe(48), channel.id)
        self._world.webhooks[webhook.id] = webhook
        return webhook

    def _webhook(self, call: Call) -> Reply:
        return Reply(webhook_json(find_webhook(self._world, call)))

    def edit_webhook_message(self, call: Call) -> Reply:
        """A webhook changes what it posted itself."""
        webhook = find_webhook(self._world, call)
        channel = self._world.channels[webhook.channel_id]
        message = _own(channel, channel.message(call.number("message_id")), webhook)
        body = call.body or {}
        check_message(body, before=message.body)
        message.edits.append(dict(message.body))
        message.body = {**message.body, **body}
        return Reply(message_json(message, self._world))

    def execute_webhook(self, call: Call) -> Reply:
        """A post by a plain webhook: no nonce, no de-duplication; an answer only with `wait`."""
        webhook = find_webhook(self._world, call)
        channel = self._world.channels[webhook.channel_id]
        if channel.deleted:
            raise Refused(10015)
        body = call.body or {}
        check_message(body)
        _check_webhook(body, call.query)
        message = self.say(
            channel, User(webhook.id, str(body.get("username") or "Webhook"), bot=True), body
        )
        message.webhook_id = webhook.id
        if call.query.get("wait", "0") in ("1", "true"):
            return Reply(message_json(message, self._world))
        return Reply()


def _own(channel: Channel, message: Message | None, webhook: Webhook) -> Message:
    if message is None or message.webhook_id != webhook.id or message not in channel.messages:
        raise Refused(10008)
    return message


def _check_webhook(body: dict[str, Any], query: Mapping[str, str]) -> None:
    """A webhook that no application owns shows components only when asked, and nothing to press."""
    parts = body.get("components") or []
    if parts and query.get("with_components") not in ("1", "true"):
        raise Refused(50006)
    if any(part.get("type") == 1 for part in parts):
        raise Refused(50035)


def webhook_json(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": str(webhook.id),
        "type": 1,
        "token": webhook.token,
        "channel_id": str(webhook.channel_id),
        "name": "Webhook",
        "avatar": None,
        "application_id": None,
    }


def find_webhook(world: World, call: Call) -> Webhook:
    webhook = world.webhooks.get(call.number("webhook_id"))
    if webhook is None:
        raise Refused(10015)
    if webhook.token != call.params["webhook_token"]:
        raise Refused(50027)
    return webhook


def _message_in(channel: Channel, call: Call) -> Message:
    message = channel.message(call.number("message_id"))
    if message is None:
        raise Refused(10008)
    return message


def _snowflake(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
