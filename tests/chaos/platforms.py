"""A local Slack and a local Discord with real limits, which fail at random and remember all."""

import json
import random
import re
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from adapters.store import SqlStore
from adapters.store.sealing import new_key
from bot.model.installation import Installation
from bot.model.subscription import Platform
from tests.chaos.audit import left_out
from tests.servers.discord import DiscordServer
from tests.servers.discord import faults as discord_faults
from tests.servers.slack import SlackServer
from tests.servers.slack import faults as slack_faults

PAPER = re.compile(r"arxiv\.org/abs/(\d{4}\.\d{5})")


@dataclass(frozen=True, slots=True)
class Room:
    """A channel of one of the platforms. name: as the bot writes it."""

    platform: str
    name: str
    place: Any


STORM = 40
"""So many calls in a row fail when a platform has a bad minute."""

IN_A_GUILD = 20


class Platforms:
    """Both servers and the channels in them.

    slack, discord: channels. workspaces: over how many Slack workspaces those are spread; with more
    than one each has a token of its own, which the bot finds in its database (see `install`).
    """

    def __init__(
        self, chance: random.Random, *, slack: int, discord: int, workspaces: int = 1
    ) -> None:
        self._chance = chance
        self._wanted = slack, discord
        self._workspaces = workspaces
        self._key = new_key()
        self._stack = AsyncExitStack()
        self.rooms: list[Room] = []
        self.injected = 0

    async def __aenter__(self) -> Self:
        self.slack = await self._stack.enter_async_context(SlackServer())
        self.discord = await self._stack.enter_async_context(DiscordServer(strict=True))
        slack, discord = self._wanted
        for number in range(1, self._workspaces):
            self.slack.add_workspace(
                f"T0LAB{number + 1:05}", f"lab-{number}", f"xoxb-{number:010}-local"
            )
        homes = list(self.slack.workspaces.values())
        for number in range(slack):
            home = homes[number % len(homes)]
            place = self.slack.add_channel(f"chaos-{number}", f"C0CHAOS{number:03}", workspace=home)
            self.rooms.append(Room("slack", f"slack:{home.id}/{place.id}", place))
        guilds = [self.discord.add_guild("Chaos") for _ in range(0, discord, IN_A_GUILD)]
        for number in range(discord):
            guild = guilds[number // IN_A_GUILD]
            channel = self.discord.add_channel(guild, f"chaos-{number}")
            self.rooms.append(Room("discord", f"discord:{guild.id}/{channel.id}", channel))
        return self

    async def install(self, store: SqlStore) -> None:
        """Put the token of each workspace into the database, as installing there does."""
        if self._workspaces == 1:
            return  # its token stands in the settings
        for home in self.slack.workspaces.values():
            await store.installations.save(
                Installation(
                    platform=Platform.SLACK,
                    workspace=home.id,
                    name=home.domain,
                    bot_user=home.bot_user,
                    scopes=frozenset(home.scopes),
                    token=home.bot_token,
                ),
                now=datetime.now(UTC),
            )

    async def __aexit__(self, *_: object) -> None:
        self.mend()
        await self._stack.aclose()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys tokens in the database are sealed with."""
        return (self._key,)

    @property
    def environ(self) -> dict[str, str]:
        """What a worker needs to find them."""
        tokens = (
            {"SLACK_BOT_TOKEN": self.slack.bot_token}
            if self._workspaces == 1
            else {
                "SLACK_CLIENT_ID": "1234567890.1234567890",
                "SLACK_CLIENT_SECRET": "0123456789abcdef" * 2,
                "PAPERS_KEYS": self._key,
                "PAPERS_PUBLIC_URL": "https://papers.example.org",
            }
        )
        return {
            **tokens,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    def secrets(self) -> list[str]:
        """What no log may hold."""
        tokens = [home.bot_token for home in self.slack.workspaces.values()]
        return [*tokens, self.slack.signing_secret, self.discord.token, self._key]

    def mend(self) -> None:
        """From now on both work as they should."""
        self.slack.mend()
        self.discord.desk.faults.clear()

    def misbehave(self) -> str:
        """Plan one fault for the next calls of one platform; what it is."""
        self.injected += 1
        times = STORM if self._chance.random() < 0.05 else self._chance.randint(1, 4)
        committed = self._chance.random() < 0.5
        if self._chance.random() < 0.5:
            return self._slack_fault(times, committed=committed)
        return self._discord_fault(times, committed=committed)

    def _slack_fault(self, times: int, *, committed: bool) -> str:
        make = slack_faults
        faults = (
            make.server_error(503, committed=committed, times=times),
            make.hang(committed=committed, times=times),
            make.reset(committed=committed, times=times),
            make.html(committed=committed, times=times),
            make.garbled(times=times),
            make.limited(self._chance.randint(1, 3), times=times),
        )
        fault = self._chance.choice(faults)
        method = self._chance.choice(["chat.postMessage"] * 4 + ["conversations.history"])
        self.slack.break_with(method, fault)
        return f"slack {method} {fault.kind} committed={fault.committed} x{times}"

    def _discord_fault(self, times: int, *, committed: bool) -> str:
        make = discord_faults
        faults = (
            make.Status(502, committed),
            make.Hang(30, committed),
            make.Reset(committed),
            make.Limited(self._chance.uniform(0.3, 3)),
            make.Garbage(),
        )
        fault = self._chance.choice(faults)
        operation = self._chance.choice(["create_message"] * 4 + ["list_messages"])
        self.discord.desk.faults.plan(operation, fault, times=times)
        return f"discord {operation} {type(fault).__name__} x{times}"

    def visible(self) -> int:
        """Messages that stand in the channels."""
        return sum(len(self._messages(room)) for room in self.rooms)

    def papers_shown(self) -> int:
        """Papers in those messages, each counted once per channel."""
        return sum(
            len({paper for one in self._messages(room) for paper in PAPER.findall(_raw(one))})
            for room in self.rooms
        )

    def papers_counted(self) -> int:
        """Papers those messages count and do not show."""
        return sum(left_out(_raw(one)) for room in self.rooms for one in self._messages(room))

    def papers_repeated(self) -> list[str]:
        """Papers that stand in more than one message of a channel."""
        found = []
        for room in self.rooms:
            seen = Counter(
                paper for one in self._messages(room) for paper in set(PAPER.findall(_raw(one)))
            )
            found += [f"{room.name} {paper}" for paper, times in seen.items() if times > 1]
        return found

    def _messages(self, room: Room) -> list[Any]:
        if room.platform == "slack":
            return list(room.place.messages)
        return list(self.discord.shown(room.place))

    def write_record(self, path: Path, untold: list[str]) -> None:
        """What became visible, channel by channel in order, and every limit that was broken.

        untold: failures that showed nowhere, as the auditor found them in the middle of the run.
        """
        rooms = {}
        for room in self.rooms:
            rooms[room.name] = [
                {"id": str(getattr(one, "ts", "") or one.id), "at": _at(one), "raw": _raw(one)}
                for one in self._messages(room)
            ]
        earned = [
            f"slack {c.args.get('channel')}" for c in self.slack.calls if c.answer == "ratelimited"
        ]
        earned += [f"discord {one}" for one in self.discord.earned]
        bad = [*self.slack.violations, *map(str, self.discord.violations)]
        record = {
            "rooms": rooms,
            "earned_429": earned,
            "bad_requests": bad,
            "untold": untold,
        }
        path.write_text(json.dumps(record), encoding="utf-8")


def _at(message: Any) -> float:
    return float(message.ts) if hasattr(message, "ts") else float(message.at)


def _raw(message: Any) -> str:
    if hasattr(message, "ts"):
        return json.dumps([message.text, message.blocks])
    return json.dumps(message.body, default=str)
