"""What the local Discord holds: servers, channels, people and messages, all with snowflake ids."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DISCORD_EPOCH_MS = 1_420_070_400_000

EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class Permission(IntFlag):
    """The bits this server looks at; values from Discord's permission table."""

    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


BOT_PERMISSIONS = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
)
MEMBER_PERMISSIONS = (
    Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES | Permission.USE_APPLICATION_COMMANDS
)


class Clock:
    """The server's time in seconds since 1970; tests move it forward instead of sleeping."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._ahead = 0.0

    def now(self) -> float:
        return self._now() + self._ahead

    def follow(self, now: Callable[[], float]) -> None:
        """Take the time from elsewhere from now on."""
        self._now = now

    def advance(self, seconds: float) -> None:
        self._ahead += seconds


class Snowflakes:
    """Ids that grow with time, as Discord makes them: milliseconds << 22 | counter."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        at_ms = int(self._clock.now() * 1000) - DISCORD_EPOCH_MS
        self._last = max(self._last + 1, max(at_ms, 1) << 22)
        return self._last


@dataclass(slots=True)
class User:
    """A person or the bot. `permissions` per guild id; `takes_dms` off gives 50007."""

    id: int
    name: str
    bot: bool = False
    takes_dms: bool = True
    permissions: dict[int, Permission] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One visible message. `body` holds what was asked for, after edits; `edits` what it said before."""

    id: int
    channel_id: int
    author: User
    body: dict[str, Any]
    at: float
    type: int = 0
    flags: int = 0
    webhook_id: int | None = None
    nonce: str | None = None
    edits: list[dict[str, Any]] = field(default_factory=list)

    @property
    def content(self) -> str:
        return str(self.body.get("content") or "")

    @property
    def embeds(self) -> list[dict[str, Any]]:
        return list(self.body.get("embeds") or ())

    @property
    def shown_embeds(self) -> list[dict[str, Any]]:
        """The embeds a reader sees: a later one with the URL of an earlier one is swallowed."""
        shown: list[dict[str, Any]] = []
        urls: set[str] = set()
        for embed in self.embeds:
            url = embed.get("url")
            if url and url in urls:
                continue
            if url:
                urls.add(url)
            shown.append(embed)
        return shown

    @property
    def components(self) -> list[dict[str, Any]]:
        return list(self.body.get("components") or ())

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def thinking(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def text(self) -> str:
        """Everything a reader reads, line by line: content, embeds, text of components."""
        lines = [as_read(self.content)]
        for embed in self.shown_embeds:
            lines += [
                embed.get("author", {}).get("name", ""),
                as_read(embed.get("title", "")),
                as_read(embed.get("description", "")),
                *(as_read(f"{part['name']}\n{part['value']}") for part in embed.get("fields", ())),
                embed.get("footer", {}).get("text", ""),
            ]
        lines += _component_text(self.components)
        return "\n".join(line for line in lines if line)


_MARKUP = re.compile(
    r"\\(?P<literal>[^0-9A-Za-z\s])"
    r"|\[(?P<label>(?:\\.|[^\]\\\n])+)\]\(<?https?://[^\s)>]+>?\)"
)


def as_read(text: str) -> str:
    """Text with markup as a client shows it: no marks, addresses, backslashes, zero-width spaces."""
    text = re.sub(r"^(?:#{1,3}|-#) ", "", text, flags=re.MULTILINE)

    def shown(found: re.Match[str]) -> str:
        return found["literal"] or as_read(found["label"])

    return _MARKUP.sub(shown, text).replace("\u200b", "")


def _component_text(components: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for component in components:
        lines += [
            as_read(str(component[key])) for key in ("content", "label") if component.get(key)
        ]
        lines += _component_text(component.get("components") or [])
        if component.get("accessory"):
            lines += _component_text([component["accessory"]])
    return lines


@dataclass(slots=True)
class Channel:
    """A place to post. Type 0 text, 1 direct message, 5 announcement, 11 thread, 15 forum.

    tags: of a forum, name to id; applied: those a post of it has. parent: the channel of a thread.
    """

    id: int
    guild_id: int | None
    name: str
    type: int = 0
    bot_permissions: Permission = BOT_PERMISSIONS
    recipient: User | None = None
    deleted: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    needs_tag: bool = False
    closed: bool = False
    archived: bool = False
    overwrites: list[dict[str, Any]] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    parent: int | None = None
    messages: list[Message] = field(default_factory=list)

    def message(self, message_id: int) -> Message | None:
        return next((said for said in self.messages if said.id == message_id), None)


@dataclass(slots=True)
class Guild:
    """A Discord server with its channels and people; `has_bot` is False after a kick."""

    id: int
    name: str
    channels: dict[int, Channel] = field(default_factory=dict)
    members: list[User] = field(default_factory=list)
    has_bot: bool = True


@dataclass(slots=True)
class Webhook:
    """A channel's posting address for senders without a bot."""

    id: int
    token: str
    channel_id: int


class World:
    """All of it, and the few ways it grows."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.ids = Snowflakes(clock)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.bot = self.add_user("Paperwire", bot=True)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(self.ids.next(), name, bot=bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str) -> Guild:
        guild = Guild(self.ids.next(), name)
        self.guilds[guild.id] = guild
        guild.members.append(self.bot)
        self.bot.permissions[guild.id] = BOT_PERMISSIONS
        return guild

    def add_channel(
        self,
        guild: Guild | None,
        name: str,
        *,
        kind: int = 0,
        bot_permissions: Permission = BOT_PERMISSIONS,
    ) -> Channel:
        channel = Channel(self.ids.next(), guild.id if guild else None, name, kind, bot_permissions)
        self.channels[channel.id] = channel
        if guild:
            guild.channels[channel.id] = channel
        return channel

    def add_member(self, guild: Guild, name: str, permissions: Permission) -> User:
        user = self.add_user(name)
        user.permissions[guild.id] = permissions
        guild.members.append(user)
        return user

    def direct_channel(self, user: User) -> Channel:
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = self.add_channel(None, user.name, kind=1)
        channel.recipient = user
        return channel
