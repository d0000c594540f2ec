"""1,000 channels due at the same minute, on the local Slack and Discord with their real limits."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.clock import SystemClock
from adapters.discord.pace import InvalidRequests
from adapters.discord.post import discord_messenger
from adapters.slack.client import new_client
from adapters.slack.messenger import WorkspacesMessenger
from adapters.store import open_store
from bot.engine.deliver import Courier
from bot.model.message import Digest
from bot.model.subscription import Channel, Platform
from bot.ports import Messenger, Store, Unmetered
from bot.rules.limits import SLACK_POST_BURST, SLACK_POSTS
from tests.bench.outbox import owe_all
from tests.builders import a_card
from tests.servers.discord import DiscordServer
from tests.servers.slack import SlackServer

CHANNELS = 1_000
WORKSPACES = 10
EACH = 2
"""Messages for every channel, so that there is an order to keep."""

NUMBER = re.compile(r"number (\d+)")
GLOBAL = 50
LONGEST_S = 300


def _digest(number: int) -> Digest:
    name = f"2611.{number:05}"
    card = a_card(paper=f"arxiv:{name}", title="On Rings", url=f"https://arxiv.org/abs/{name}")
    return Digest(heading=f"rings: 1 new paper, number {number}.", cards=(card,))


async def on_discord(url: str) -> dict[str, Any]:
    """50 requests a second for the whole bot: how much of it is used."""
    async with DiscordServer() as server:
        guild = server.add_guild("Bench")
        rooms = [server.add_channel(guild, f"c{n}") for n in range(CHANNELS)]
        channels = [Channel(Platform.DISCORD, str(guild.id), str(one.id)) for one in rooms]

        def shown() -> list[list[Any]]:
            return [[(one.body, one.at) for one in server.shown(room)] for room in rooms]

        async def work(store: Store) -> float:
            invalid = InvalidRequests(store.limits, SystemClock(), Unmetered())
            async with discord_messenger(
                server.token, api_url=server.api_url, invalid=invalid
            ) as messenger:
                return await _carry(
                    store, messenger, lambda: sum(map(len, shown())), CHANNELS * EACH
                )

        async with discord_messenger(server.token, api_url=server.api_url) as renders:
            pages = [page for n in range(CHANNELS) for page in renders.pages(_digest(n))]
        seconds = await _work(url, channels, EACH, pages, work)
        at = sorted(when for room in shown() for _, when in room)
        return {
            "what": f"Discord, {CHANNELS} channels due at once, {EACH} messages each",
            "posted": len(at),
            "seconds": round(seconds, 2),
            "of_50_a_second": round(len(at) / GLOBAL / seconds, 3),
            "most_in_one_second": _busiest(at),
            "out_of_order": _out_of_order([[str(body) for body, _ in room] for room in shown()]),
            "earned_429": len(server.desk.limiter.earned),
        }


async def on_slack(url: str) -> dict[str, Any]:
    """One a second for each channel, 300 a minute and a burst of 60 for each workspace."""
    async with SlackServer() as server:
        clients: dict[str, AsyncWebClient] = {}
        channels, rooms = [], []
        for number in range(WORKSPACES):
            token = f"xoxb-bench-{number}"
            team = server.add_workspace(f"T0BENCH{number:03}", f"bench{number}", token)
            clients[team.id] = new_client(token, server.api_url)
            for place in range(CHANNELS // WORKSPACES):
                room = server.add_channel(f"c{place}", workspace=team)
                rooms.append(room)
                channels.append(Channel(Platform.SLACK, team.id, room.id))

        async def work(store: Store) -> float:
            messenger = WorkspacesMessenger(_Tokens(clients))
            count = CHANNELS * EACH
            return await _carry(
                store, messenger, lambda: sum(len(r.messages) for r in rooms), count
            )

        renders = WorkspacesMessenger(_Tokens(clients))
        pages = [page for n in range(CHANNELS) for page in renders.pages(_digest(n))]
        seconds = await _work(url, channels, EACH, pages, work)
        in_each = CHANNELS // WORKSPACES * EACH
        ideal = max(float(EACH - 1), (in_each - SLACK_POST_BURST) * SLACK_POSTS.total_seconds())
        gaps = [
            float(after.ts) - float(before.ts)
            for room in rooms
            for before, after in pairwise(room.messages)
        ]
        limited = Counter(call.answer for call in server.calls)["ratelimited"]
        return {
            "what": f"Slack, {CHANNELS} channels due at once, {EACH} messages each",
            "posted": sum(len(room.messages) for room in rooms),
            "seconds": round(seconds, 2),
            "times_ideal": round(seconds / ideal, 3),
            "least_gap_in_a_channel_s": round(min(gaps), 3),
            "out_of_order": _out_of_order([[str(m.blocks) for m in r.messages] for r in rooms]),
            "earned_429": limited,
        }


class _Tokens:
    """See `adapters.slack.workspaces.Workspaces`."""

    def __init__(self, clients: dict[str, AsyncWebClient]) -> None:
        self._clients = clients

    async def client(self, workspace: str, organisation: str = "") -> AsyncWebClient | None:
        return self._clients.get(workspace)

    async def left(self, workspace: str, organisation: str, *, now: Any) -> list[str]:
        return []


async def _work(
    url: str,
    channels: Sequence[Channel],
    each: int,
    pages: Sequence[Any],
    work: Callable[[Store], Awaitable[float]],
) -> float:
    await asyncio.to_thread(owe_all, url, channels, each, pages=pages)
    async with open_store(url) as store:
        return await work(store)


async def _carry(
    store: Store, messenger: Messenger, posted: Callable[[], int], count: int
) -> float:
    courier = Courier(store, {messenger.platform: messenger}, SystemClock(), "bench")
    began = time.perf_counter()
    async with asyncio.timeout(LONGEST_S), asyncio.TaskGroup() as tasks:
        tasks.create_task(courier.run())
        while posted() < count:
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - began
        courier.stop()
    return seconds


def _busiest(at: Sequence[float]) -> int:
    """The most within any one second."""
    first = most = 0
    for last, moment in enumerate(at):
        while at[first] <= moment - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


def _out_of_order(rooms: Sequence[Sequence[str]]) -> int:
    """How many channels do not have their messages in the order they were owed."""
    wrong = 0
    for place, texts in enumerate(rooms):
        numbers = [int(found[1]) for text in texts if (found := NUMBER.search(text))]
        wrong += numbers != [(place + n) % CHANNELS for n in range(EACH)]
    return wrong
