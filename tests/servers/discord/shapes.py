"""The JSON that Discord sends: users, channels, servers, messages, interactions."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.servers.discord.world import (
    COMPONENTS_V2,
    MEMBER_PERMISSIONS,
    Channel,
    Guild,
    Message,
    Permission,
    User,
    World,
)

VOICE, THREADS = 2, (10, 11, 12)
_JOINED = "2024-01-01T00:00:00.000000+00:00"


def stamp(at: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def user_json(user: User) -> dict[str, Any]:
    return {
        "id": str(user.id),
        "username": user.name,
        "global_name": None if user.bot else user.name.title(),
        "discriminator": "0000" if user.bot else "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "bot": user.bot,
        "public_flags": 0,
    }


def member_json(user: User, guild: Guild) -> dict[str, Any]:
    return {
        "user": user_json(user),
        "roles": [],
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "joined_at": _JOINED,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
        "permissions": str(int(user.permissions.get(guild.id, MEMBER_PERMISSIONS))),
    }


def _closed(channel: Channel) -> dict[str, Any]:
    """What keeps everybody without a role of their own out of a channel."""
    deny = str(int(Permission.VIEW_CHANNEL))
    return {"id": str(channel.guild_id), "type": 0, "allow": "0", "deny": deny}


def _thread(channel: Channel) -> dict[str, Any]:
    """What a thread has besides."""
    return {
        "owner_id": str(channel.id),
        "message_count": len(channel.messages),
        "total_message_sent": len(channel.messages),
        "member_count": 1,
        "thread_metadata": {
            "archived": channel.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": _JOINED,
            "locked": False,
            "create_timestamp": _JOINED,
        },
    }


def channel_json(channel: Channel) -> dict[str, Any]:
    last = str(channel.messages[-1].id) if channel.messages else None
    if channel.type == 1:
        recipients = [user_json(channel.recipient)] if channel.recipient else []
        return {
            "id": str(channel.id),
            "type": 1,
            "last_message_id": last,
            "flags": 0,
            "recipients": recipients,
        }
    more: dict[str, Any] = _thread(channel) if channel.type in THREADS else {}
    if channel.type == VOICE:
        more = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return more | {
        "id": str(channel.id),
        "type": channel.type,
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "position": 0,
        "permission_overwrites": [
            *([_closed(channel)] if channel.closed else []),
            *channel.overwrites,
        ],
        "nsfw": False,
        "parent_id": str(channel.parent) if channel.parent else None,
        "topic": None,
        "rate_limit_per_user": 0,
        "last_message_id": last,
        "flags": (1 << 4) if channel.needs_tag else 0,
        "available_tags": [
            {"id": number, "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for name, number in channel.tags.items()
        ],
    }


def guild_json(guild: Guild, bot: User) -> dict[str, Any]:
    """A server as in GUILD_CREATE; the REST answer has the same keys and more."""
    everyone = {
        "id": str(guild.id),
        "name": "@everyone",
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": 0,
        "permissions": str(int(MEMBER_PERMISSIONS)),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": "1",  # somebody who is never here: an owner sees and may all
        "icon": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "stickers": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "member_count": len(guild.members),
        "members": [member_json(bot, guild)],
        "channels": [channel_json(channel) for channel in guild.channels.values()],
        "threads": [],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message_json(message: Message, world: World) -> dict[str, Any]:
    body = message.body
    pings = pings_of(body, world)
    answer: dict[str, Any] = {
        "id": str(message.id),
        "type": message.type,
        "channel_id": str(message.channel_id),
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": stamp(message.at),
        "edited_timestamp": stamp(message.at) if message.edits else None,
        "tts": False,
        "mention_everyone": "everyone" in pings,
        "mentions": [user_json(ping) for ping in pings.values() if isinstance(ping, User)],
        "mention_roles": [name for name in pings if name.startswith("role:")],
        "attachments": [],
        "embeds": [{"type": "rich", **embed} for embed in message.embeds],
        "components": message.components,
        "pinned": False,
        "flags": message.flags,
    }
    if message.webhook_id is not None:
        answer["webhook_id"] = str(message.webhook_id)
    return answer


def pings_of(body: dict[str, Any], world: World) -> dict[str, User | None]:
    """Whom a message with this body notifies, by Discord's `allowed_mentions` rules.

    Only `content` and the text of Components V2 can ping; embeds never do. Without
    `allowed_mentions` everything that parses pings.
    """
    text = str(body.get("content") or "")
    if (body.get("flags") or 0) & COMPONENTS_V2:
        text += "\n".join(_texts(body.get("components") or []))
    allowed = body.get("allowed_mentions")
    kinds = {"everyone", "users", "roles"} if allowed is None else set(allowed.get("parse") or ())
    named = set((allowed or {}).get("users") or ())
    pings: dict[str, User | None] = {}
    if "everyone" in kinds and re.search(r"@(everyone|here)\b", text):
        pings["everyone"] = None
    for found in re.findall(r"<@!?(\d+)>", text):
        if ("users" in kinds or found in named) and int(found) in world.users:
            pings[f"user:{found}"] = world.users[int(found)]
    if "roles" in kinds:
        pings |= {f"role:{found}": None for found in re.findall(r"<@&(\d+)>", text)}
    return pings


def _texts(components: list[dict[str, Any]]) -> list[str]:
    texts: list[str] = []
    for component in components:
        texts.append(str(component.get("content") or ""))
        texts += _texts(component.get("components") or [])
    return texts
