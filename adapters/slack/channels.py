"""What happens to channels: archived, deleted, left, joined again, given another id.

Subscriptions are suspended with a reason and resumed by themselves, never deleted. Events come late
and in any order, so they only wake us: Slack is asked how the channel stands now.
Source: Slack's reference of the events and of conversations.info.
"""

import logging
from collections.abc import Awaitable
from typing import Any, Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.places import own_id
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of
from adapters.slack.workspaces import Workspaces
from bot.model.subscription import Channel, Platform

ARCHIVED = "the channel is archived; it goes on when somebody unarchives it"
DELETED = "the channel was deleted"
REMOVED = "the app was removed from the channel; /invite @Paperwire brings it back"

LOST_BY = {
    "channel_archive": ARCHIVED,
    "group_archive": ARCHIVED,
    "channel_deleted": DELETED,
    "group_deleted": DELETED,
    "channel_left": REMOVED,
    "group_left": REMOVED,
    "member_left_channel": REMOVED,
}
"""Events after which nothing can be posted, should Slack not tell us more."""

REGAINED_BY = frozenset({"channel_unarchive", "group_unarchive", "member_joined_channel"})
MOVED_BY = "channel_id_changed"
ABOUT_MEMBERS = frozenset({"member_left_channel", "member_joined_channel"})
GONE = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})

log = logging.getLogger(__name__)


class Standing(Protocol):
    """What becomes of a channel's subscriptions."""

    async def known(self, channel: Channel) -> bool:
        """Whether anything was ever ordered there."""
        ...

    async def suspend(self, channel: Channel, reason: str, *, is_gone: bool = False) -> None:
        """Post nothing there until it can be reached again. is_gone: it exists no more."""
        ...

    async def resume(self, channel: Channel) -> None:
        """Go on, if it was suspended because it could not be reached."""
        ...

    async def move(self, old: Channel, new: Channel) -> None:
        """The same channel has another id now."""
        ...


class Channels:
    """Keeps subscriptions right through what happens to channels."""

    def __init__(self, workspaces: Workspaces, standing: Standing) -> None:
        self._workspaces = workspaces
        self._standing = standing

    async def heard(self, body: dict[str, Any]) -> None:
        """One event about a channel, or about somebody joining or leaving one."""
        event = body.get("event") or {}
        kind = str(event.get("type", ""))
        granted = (body.get("authorizations") or [{}])[0]
        workspace = str(granted.get("team_id") or body.get("team_id") or "")
        if kind in ABOUT_MEMBERS and event.get("user") != own_id(body):
            return
        if kind == MOVED_BY:
            ids = str(event.get("old_channel_id", "")), str(event.get("new_channel_id", ""))
            old, new = (Channel(Platform.SLACK, workspace, one) for one in ids)
            if all(ids) and await self._standing.known(old):
                await self._standing.move(old, new)
            return
        channel = Channel(Platform.SLACK, workspace, _channel_id(event))
        if not channel.channel or not await self._standing.known(channel):
            return
        client = await self._workspaces.client(workspace, str(granted.get("enterprise_id") or ""))
        reason = await _why_not(client, channel.channel, LOST_BY.get(kind, "")) if client else ""
        if reason:
            await self._standing.suspend(channel, reason, is_gone=reason == DELETED)
        elif client is not None:
            await self._standing.resume(channel)


async def _why_not(client: AsyncWebClient, channel: str, otherwise: str) -> str:
    """Why nothing can be posted there now; empty if it can. otherwise: what the event said."""
    try:
        answer = await _asked(client.conversations_info(channel=channel))
    except SlackApiError as error:
        code = code_of(error)
        return (otherwise or REMOVED) if code in GONE else otherwise
    except (*LOST, *BROKEN_ANSWER) as error:
        log.warning(
            "Slack did not say how a channel stands", extra={"reason": type(error).__name__}
        )
        return otherwise
    if answer.get("is_archived"):
        return ARCHIVED
    return "" if answer.get("is_member") else REMOVED


async def _asked(call: Awaitable[Any]) -> dict[str, Any]:
    found = (await call).get("channel")
    return found if isinstance(found, dict) else {}


def _channel_id(event: dict[str, Any]) -> str:
    channel = event.get("channel")
    found = channel.get("id") if isinstance(channel, dict) else channel
    return found if isinstance(found, str) else ""
