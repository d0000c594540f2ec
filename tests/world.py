"""The whole bot on a real SQLite file, with a source and a platform that tests speak for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from adapters.clock import VirtualClock
from bot.commands.desk import Desk
from bot.engine.beat import Engine
from bot.engine.beat import World as Ports
from bot.model.answer import Answer
from bot.model.command import Asker
from bot.model.paper import Event, Paper
from bot.model.subscription import Channel
from bot.ports import Messenger, Store
from config.documents import YamlDocuments
from tests.builders import LAB
from tests.fakes.messenger import FakeMessenger
from tests.fakes.source import FakeSource
from tests.stores import open_test_store

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


class World:
    """What a test says and sees. messenger: a real platform's, in place of the fake one."""

    def __init__(self, store: Store, messenger: Messenger | None = None) -> None:
        self.store = store
        self.clock = VirtualClock(MONDAY)
        self.source = FakeSource()
        self.platform = FakeMessenger()
        shows = messenger or self.platform
        self.engine = Engine(
            Ports(
                store=store,
                sources={self.source.name: self.source},
                renderers={shows.platform: shows.pages},
                messengers={shows.platform: shows},
                clock=self.clock,
                worker="test",
            )
        )
        self.desk = Desk(store, self.clock, documents=YamlDocuments())

    async def say(self, line: str, channel: Channel = LAB, *, may_manage: bool = True) -> Any:
        return (await self.ask(line, channel, member="", may_manage=may_manage)).private

    async def ask(self, line: str, channel: Channel = LAB, **who: Any) -> Answer:
        """The whole answer: for the asker, for everybody, or a form."""
        event = who.pop("event", "")
        return await self.desk.ask(
            Asker(channel=channel, **{"member": "U1", **who}), line, event=event
        )

    async def announce(self, *papers: Paper, event: Event = Event.NEW) -> None:
        """The source announces these, the bot reads and matches them, and posts what is due."""
        self.source.announce(*papers, event=event)
        await self.wait(minutes=2)

    async def wait(self, **length: float) -> None:
        """Let time pass, then let the bot do what is due."""
        self.clock.advance(timedelta(**length))
        await self.engine.beat()

    async def wait_until(self, hour: int, minute: int = 0) -> None:
        """Let time pass to the next such moment, UTC."""
        now = self.clock.now()
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        await self.wait(seconds=((then - now) % timedelta(days=1)).total_seconds())

    def shown(self, channel: Channel = LAB) -> list[str]:
        """Titles posted to a channel so far."""
        return self.platform.titles(channel)


@asynccontextmanager
async def a_world(folder: Path, messenger: Messenger | None = None) -> AsyncIterator[World]:
    """A bot that has just been set up: it has read its source once."""
    async with open_test_store(folder) as store:
        world = World(store, messenger)
        await world.engine.beat()
        yield world
