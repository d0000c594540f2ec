"""The methods that tell about channels and read them."""

import re

from tests.servers.slack.call import Call, Json, Refusal, as_json
from tests.servers.slack.world import Channel, Message

_HISTORY_SCOPE = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}
_READ_SCOPE = {
    "public": "channels:read",
    "private": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
_KIND_NAMES = {
    "public_channel": "public",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}
_TS = re.compile(r"^\d{1,11}(\.\d{1,6})?$")
PAGE = 100
LARGEST_PAGE = 999


def history(call: Call) -> Json:
    """conversations.history: what stands in a channel, newest first, threads left out."""
    channel = call.channel()
    call.need_scope(_HISTORY_SCOPE[channel.kind])
    if not channel.bot_is_member:
        raise Refusal("not_in_channel")
    shown = [m for m in channel.messages if m.thread_ts in (None, m.ts) or m.broadcast]
    return _page(call, [m for m in shown if _inside(call, m.ts)])


def replies(call: Call) -> Json:
    """conversations.replies: one thread, its first message included."""
    channel = call.channel()
    call.need_scope(_HISTORY_SCOPE[channel.kind])
    if not channel.bot_is_member:
        raise Refusal("not_in_channel")
    root = call.text("ts")
    if channel.find(root) is None:
        raise Refusal("thread_not_found")
    thread = [m for m in channel.messages if root in (m.ts, m.thread_ts)]
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [as_json(m, call.workspace, with_metadata=with_metadata) for m in thread],
        "has_more": False,
    }


def info(call: Call) -> Json:
    """conversations.info: one channel."""
    channel = call.channel()
    call.need_scope(_READ_SCOPE[channel.kind])
    return {"channel": _as_json(channel, call.workspace.id)}


def list_all(call: Call) -> Json:
    """conversations.list: the channels the app may know of, in pages."""
    kinds = {
        _KIND_NAMES.get(word.strip(), "")
        for word in call.text("types", "public_channel").split(",")
    }
    if "" in kinds:
        raise Refusal("invalid_types")
    for kind in kinds:
        call.need_scope(_READ_SCOPE[kind])
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or channel.bot_is_member)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    start, limit = _cursor(call), _limit(call)
    page = found[start : start + limit]
    return {
        "channels": [_as_json(channel, call.workspace.id) for channel in page],
        "response_metadata": {"next_cursor": _next(start + limit, len(found))},
    }


def of_person(call: Call) -> Json:
    """users.conversations: the channels that a person and the app are both in."""
    kinds = {_KIND_NAMES.get(word.strip(), "") for word in call.text("types").split(",")}
    for kind in kinds:
        call.need_scope(_READ_SCOPE[kind])
    user = call.text("user", call.workspace.bot_user)
    found = [
        channel
        for channel in call.workspace.channels.values()
        if channel.kind in kinds
        and user in channel.members
        and (channel.kind == "public" or channel.bot_is_member)
    ]
    start, limit = _cursor(call), _limit(call)
    return {
        "channels": [_as_json(one, call.workspace.id) for one in found[start : start + limit]],
        "response_metadata": {"next_cursor": _next(start + limit, len(found))},
    }


def join(call: Call) -> Json:
    """conversations.join: become a member of a public channel."""
    call.need_scope("channels:join")
    channel = call.channel()
    if channel.kind != "public":
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    channel.bot_is_member = True
    return {"channel": _as_json(channel, call.workspace.id)}


def open_direct(call: Call) -> Json:
    """conversations.open: the direct conversation with a person."""
    call.need_scope("im:write")
    users = [user for user in call.text("users").split(",") if user]
    if len(users) != 1:
        raise Refusal("not_enough_users" if not users else "method_not_supported_for_channel_type")
    if users[0] not in call.workspace.users:
        raise Refusal("user_not_found")
    channel = call.workspace.direct_channel(users[0], call.server.ids)
    return {"channel": {"id": channel.id}}


def _inside(call: Call, ts: str) -> bool:
    oldest, latest = call.text("oldest", "0"), call.text("latest", "99999999999")
    if not _TS.match(oldest):
        raise Refusal("invalid_ts_oldest")
    if not _TS.match(latest):
        raise Refusal("invalid_ts_latest")
    at, low, high = _exact(ts), _exact(oldest), _exact(latest)
    return low <= at <= high if call.flag("inclusive") else low < at < high


def _exact(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int((rest or "0").ljust(6, "0"))


def _page(call: Call, messages: list[Message]) -> Json:
    newest_first = sorted(messages, key=lambda m: _exact(m.ts), reverse=True)
    start, limit = _cursor(call), min(_limit(call), call.server.history_page)
    page = newest_first[start : start + limit]
    cursor = _next(start + limit, len(newest_first))
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [as_json(m, call.workspace, with_metadata=with_metadata) for m in page],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _limit(call: Call) -> int:
    limit = call.number("limit", PAGE)
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal("invalid_limit")
    return limit


def _cursor(call: Call) -> int:
    cursor = call.text("cursor")
    if not cursor:
        return 0
    if not re.fullmatch(r"next-\d{1,9}", cursor):
        raise Refusal("invalid_cursor")
    return int(cursor.removeprefix("next-"))


def _next(start: int, total: int) -> str:
    return f"next-{start}" if start < total else ""


def _as_json(channel: Channel, team: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "creator": channel.creator,
        "is_private": channel.kind != "public",
        "is_archived": channel.archived,
        "is_member": channel.bot_is_member,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "context_team_id": team,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
