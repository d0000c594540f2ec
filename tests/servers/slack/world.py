"""What exists on the Slack server: workspaces, channels, people, messages.

Plain records without rules; the rules are in the method modules. Ids have the length and letters of
real ones (at least nine characters), because clients check them.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack.visible import mentions, shown_text

Json = dict[str, Any]

ALL_BOT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "mpim:history",
        "reactions:read",
        "team:read",
        "users:read",
    }
)


class Ids:
    """Ids of Slack's shape: a letter for the kind, then nine upper-case letters and digits."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def new(self, prefix: str) -> str:
        """The next id of one kind, for example C00000002A."""
        return f"{prefix}{next(self._count):09X}"


class TsClock:
    """Message times: seconds and microseconds, never the same twice, never going back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self._last = 0

    def ts(self) -> str:
        """The next `ts`, such as 1503435956.000247; it is also the id of the message."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass
class Message:
    """One message as a reader sees it now; `versions` keeps what it said before."""

    ts: str
    channel_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    author: str = ""
    thread_ts: str | None = None
    broadcast: bool = False
    edited_ts: str | None = None
    ephemeral_for: str | None = None
    attachments: list[Json] = field(default_factory=list)
    unfurls: Json = field(default_factory=dict)
    options: Json = field(default_factory=dict)
    versions: list[tuple[str, list[Json]]] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The words a reader sees: the blocks if there are any, else the text."""
        return shown_text(self.text, self.blocks)

    @property
    def mentions(self) -> list[str]:
        """Who gets a notification by this message: ids, "channel", "here", "everyone"."""
        return mentions(self.text, self.blocks)

    def rewrite(self, text: str, blocks: list[Json], ts: str) -> None:
        """Replace the content, keeping the old one in `versions`."""
        self.versions.append((self.text, self.blocks))
        self.text, self.blocks, self.edited_ts = text, blocks, ts


@dataclass
class Channel:
    """One conversation, and everything that became visible in it, in order."""

    id: str
    name: str
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    bot_is_member: bool = True
    creator: str = ""
    archived: bool = False
    posting_error: str | None = None
    messages: list[Message] = field(default_factory=list)
    removed: list[Message] = field(default_factory=list)
    ephemeral: dict[str, list[Message]] = field(default_factory=dict)

    def find(self, ts: str) -> Message | None:
        """The visible message with this `ts`."""
        return next((m for m in self.messages if m.ts == ts), None)

    def show(self, message: Message) -> None:
        """Make a message visible, to one person if it is ephemeral."""
        if message.ephemeral_for is None:
            self.messages.append(message)
        else:
            self.ephemeral.setdefault(message.ephemeral_for, []).append(message)


@dataclass
class User:
    """A person of a workspace."""

    id: str
    name: str = "ada"
    tz: str = "Europe/London"
    tz_offset: int = 0
    is_admin: bool = False
    is_restricted: bool = False


@dataclass
class View:
    """An open modal or a published App Home."""

    id: str
    content: Json
    user: str
    hash: str
    versions: list[Json] = field(default_factory=list)


@dataclass
class Workspace:
    """One tenant: its people, its channels, and the app as installed there."""

    id: str
    domain: str
    bot_token: str
    bot_user: str
    bot_id: str
    organisation: str = ""
    without_app: bool = False  # though its organisation has installed the app
    scopes: set[str] = field(default_factory=lambda: set(ALL_BOT_SCOPES))
    token_error: str | None = None
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)

    def direct_channel(self, user: str, ids: Ids) -> Channel:
        """The conversation between the app and one person, opened when it did not exist."""
        for channel in self.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        channel = Channel(ids.new("D"), "", kind="im", members={user})
        self.channels[channel.id] = channel
        return channel
