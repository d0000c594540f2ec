"""No transaction spans the network: whoever is asked over it finds none open.

A flag is raised when a transaction begins and lowered when it ends. The whole path is walked, one
thing at a time, so that a raised flag can only belong to whoever is asking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from adapters.clock import VirtualClock
from bot.commands.desk import Desk
from bot.engine.beat import Engine as Bot
from bot.engine.beat import World
from bot.model.command import Asker
from bot.model.delivery import Unclear
from tests.builders import LAB, a_paper
from tests.fakes.messenger import FakeMessenger
from tests.fakes.source import FakeSource
from tests.world import MONDAY


class Open:
    """How many transactions are open, and at which calls one was."""

    def __init__(self) -> None:
        self.now = 0
        self.calls: list[str] = []
        self.inside: list[str] = []

    def asked(self, what: str) -> None:
        self.calls.append(what)
        if self.now:
            self.inside.append(what)

    def begin(self, _connection: object) -> None:
        self.now += 1

    def end(self, _connection: object) -> None:
        self.now -= 1


@contextmanager
def watched() -> Iterator[Open]:
    flag = Open()
    listeners = (("begin", flag.begin), ("commit", flag.end), ("rollback", flag.end))
    for name, listener in listeners:
        event.listen(Engine, name, listener)
    try:
        yield flag
    finally:
        for name, listener in listeners:
            event.remove(Engine, name, listener)


class WatchedSource(FakeSource):
    def __init__(self, flag: Open) -> None:
        super().__init__()
        self._flag = flag

    async def fetch(self, *args, **more):
        self._flag.asked("fetch")
        return await super().fetch(*args, **more)


class WatchedMessenger(FakeMessenger):
    def __init__(self, flag: Open) -> None:
        super().__init__()
        self._flag = flag

    async def post(self, *args, **more):
        self._flag.asked("post")
        return await super().post(*args, **more)

    async def find(self, *args, **more):
        self._flag.asked("find")
        return await super().find(*args, **more)


@pytest.fixture
async def walked(store):
    with watched() as flag:
        clock = VirtualClock(MONDAY)
        source, platform = WatchedSource(flag), WatchedMessenger(flag)
        bot = Bot(
            World(
                store=store,
                sources={source.name: source},
                renderers={platform.platform: platform.pages},
                messengers={platform.platform: platform},
                clock=clock,
                worker="one",
            )
        )
        await bot.beat()
        await Desk(store, clock).ask(
            Asker(channel=LAB, may_manage=True), "subscribe rings every:instant"
        )
        source.announce(a_paper("Rings"))
        platform.fail = [Unclear("the connection broke")]
        for _ in range(4):
            clock.advance(timedelta(minutes=3))
            await bot.beat()
            for job in bot.jobs():
                if job.name == "reconcile":
                    await job.run()
        yield flag


async def test_whoever_is_asked_over_the_network_finds_no_transaction_open(walked):
    assert {"fetch", "post", "find"} <= set(walked.calls)
    assert walked.inside == []


async def test_the_flag_is_up_inside_a_transaction(store):
    with watched() as flag:
        await store.upkeep._database.read(lambda _connection: flag.asked("inside"))
    assert flag.inside == ["inside"]
    assert flag.now == 0
