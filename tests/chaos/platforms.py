"""A local Slack and a local Discord with real limits, which fail at random and remember all."""

import json
import random
import re
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

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


class Platforms:
    """Both servers and the channels in them."""

    def __init__(self, chance: random.Random, *, slack: int, discord: int) -> None:
        self._chance = chance
        self._wanted = slack, discord
        self._stack = AsyncExitStack()
        self.rooms: list[Room] = []
        self.injected = 0

    async def __aenter__(self) -> Self:
        self.slack = await self._stack.enter_async_context(SlackServer())
        self.discord = await self._stack.enter_async_context(DiscordServer(strict=True))
        slack, discord = self._wanted
        for number in range(slack):
            place = self.slack.add_channel(f"chaos-{number}", f"C0CHAOS{number:03}")
            name = f"slack:{self.slack.home.id}/{place.id}"
            self.rooms.append(Room("slack", name, place))
        if discord:
            guild = self.discord.add_guild("Chaos")
            for number in range(discord):
                channel = self.discord.add_channel(guild, f"chaos-{number}")
                name = f"discord:{guild.id}/{channel.id}"
                self.rooms.append(Room("discord", name, channel))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.mend()
        await self._stack.aclose()

    @property
    def environ(self) -> dict[str, str]:
        """What a worker needs to find them."""
        return {
            "SLACK_BOT_TOKEN": self.slack.bot_token,
            "SLACK_SIGNING_SECRET": self.slack.signing_secret,
            "SLACK_API_URL": self.slack.api_url,
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    def mend(self) -> None:
        """From now on both work as they should."""
        self.slack.mend()
        self.discord.desk.faults.clear()

    def misbehave(self) -> str:
        """Plan one fault for the next calls of one platform; what it is."""
        self.injected += 1
        times = self._chance.randint(1, 4)
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

    def write_record(self, path: Path) -> None:
        """What became visible, channel by channel in order, and every limit that was broken."""
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
        record = {"rooms": rooms, "earned_429": earned, "bad_requests": bad}
        path.write_text(json.dumps(record), encoding="utf-8")


def _at(message: Any) -> float:
    return float(message.ts) if hasattr(message, "ts") else float(message.at)


def _raw(message: Any) -> str:
    if hasattr(message, "ts"):
        return json.dumps([message.text, message.blocks])
    return json.dumps(message.body, default=str)
