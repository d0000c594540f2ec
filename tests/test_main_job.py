"""The main job on real input: a recorded month, ten real topics, a local Slack and Discord."""

import json
import re
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.clock import VirtualClock
from adapters.discord.post import discord_messenger
from adapters.slack.client import new_client
from adapters.slack.post import SlackMessenger
from adapters.sources.hf_rows import sighting_of
from adapters.sources.http import Fetcher
from adapters.sources.huggingface import HuggingFaceDaily
from bot.commands.desk import Desk
from bot.engine.beat import Engine, World
from bot.model.command import Asker
from bot.model.errors import BadFilter
from bot.model.message import Tone
from bot.model.subscription import Channel, Platform
from bot.rules.document import document
from bot.rules.matching import matches
from bot.rules.parse import parse_filter
from bot.rules.synonyms import expand
from config.wiring import renderers
from tests.servers.daily_papers import DailyPapersServer, recorded_month
from tests.servers.discord import UNLIMITED, DiscordServer
from tests.servers.slack import SlackServer
from tests.stores import open_test_store

MONTH = "2025-06"
TOPICS = 10
ARXIV_LINK = re.compile(r"arxiv\.org/abs/(\d{4}\.\d{4,5})")

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(300)]


def real_topics(corpus: Path) -> list[str]:
    """Word lists real people subscribed with, as filters of ours: any of, but none of."""
    found = []
    for line in (corpus / "data" / "topics.jsonl").read_text(encoding="utf-8").splitlines():
        topic = json.loads(line)
        terms = topic.get("terms", [])
        if topic["kind"] != "keywords" or not 2 <= len(terms) <= 6:
            continue
        text = "(" + " OR ".join(f'"{term}"' for term in terms) + ")"
        text += "".join(f' -"{term}"' for term in topic.get("exclude", []))
        try:
            parse_filter(text)
        except BadFilter:
            continue
        found.append(text)
    # Spread over the whole list, always the same ones.
    return found[:: len(found) // TOPICS][:TOPICS]


def expected(days: dict[str, list[dict]], topic: str, first: date) -> set[str]:
    """What the reference evaluator says should have come, from the first announced day on."""
    root = expand(parse_filter(topic).root)
    keys = set()
    for day, rows in days.items():
        if date.fromisoformat(day) < first:
            continue
        for row in rows:
            sighting = sighting_of(row, date.fromisoformat(day))
            if matches(root, document(sighting.paper), event=sighting.event, today=first):
                keys.add(sighting.paper.key.removeprefix("arxiv:"))
    return keys


async def test_a_month_of_papers_reaches_slack_and_discord_complete_and_once(corpus, tmp_path):
    days = recorded_month(corpus, MONTH)
    first = date.fromisoformat(min(days))
    clock = VirtualClock(datetime.combine(first, datetime.min.time(), UTC) - timedelta(hours=6))
    topics = real_topics(corpus)
    assert len(topics) == TOPICS
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        store = await enter(open_test_store(tmp_path))
        slack = await enter(SlackServer(now=lambda: clock.now().timestamp()))
        discord = await enter(DiscordServer(limits=UNLIMITED, strict=True))
        papers = await enter(DailyPapersServer(days, today=lambda: clock.now().date()))
        fetcher = await enter(Fetcher(agent="paperwire-tests", clock=clock))
        engine = Engine(
            World(
                store=store,
                sources={"hf_daily": HuggingFaceDaily(fetcher, papers.base_url, "")},
                renderers=renderers(),
                messengers={
                    Platform.SLACK: SlackMessenger(new_client(slack.bot_token, slack.api_url)),
                    Platform.DISCORD: await enter(
                        discord_messenger(discord.token, api_url=discord.api_url)
                    ),
                },
                clock=clock,
                worker="replay",
            )
        )
        desk = Desk(store, clock)
        guild = discord.add_guild()
        seen = []
        for number, topic in enumerate(topics):
            if number % 2:
                room = discord.add_channel(guild, f"topic-{number}")
                channel = Channel(Platform.DISCORD, str(guild.id), str(room.id))
                seen.append(lambda room=room: [_raw(one) for one in discord.shown(room)])
            else:
                place = slack.add_channel(f"topic-{number}", f"C0TOPIC{number:03}")
                channel = Channel(Platform.SLACK, slack.home.id, place.id)
                seen.append(lambda place=place: [_raw(one) for one in place.messages])
            answer: Any = await desk.ask(
                Asker(channel=channel), f"subscribe {topic} top:50 at:18:00"
            )
            assert answer.private.tone is Tone.DONE, answer
        await engine.beat()

        for day in sorted(days):
            for hour in (8, 13, 17, 18, 19):
                clock.move_to(
                    datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
                    + timedelta(hours=hour)
                )
                await engine.beat()
        for _ in range(10):  # long digests are several messages, a second apart
            clock.advance(timedelta(seconds=2))
            await engine.beat()

        assert discord.violations == []
        assert slack.violations == []
        for topic, shown in zip(topics, seen, strict=True):
            came = [key for raw in shown() for key in set(ARXIV_LINK.findall(raw))]
            assert len(came) == len(set(came)), f"a paper came twice for {topic}"
            assert set(came) == expected(days, topic, first), topic
        assert sum(bool(shown()) for shown in seen) >= TOPICS // 2


def _raw(message: object) -> str:
    """Everything of a message as text, links included."""
    return json.dumps(
        {
            name: getattr(message, name)
            for name in ("text", "blocks", "components")
            if hasattr(message, name)
        },
        default=str,
    )
