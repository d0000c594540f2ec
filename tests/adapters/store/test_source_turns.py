"""Two processes on one database ask one host as politely as one process would."""

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

import pytest

from adapters.clock import SystemClock
from adapters.sources.exchange import Request
from adapters.sources.gates import Manners
from adapters.sources.http import Fetcher
from adapters.store import open_store
from bot.model.errors import SourceDown

GAP = 0.2
PLEASE = Manners(at_once=1, gap=GAP, pause=600.0)


class Host:
    """Takes a moment for each answer, and writes down when it was asked."""

    request: Request

    def __init__(self):
        self.asked: list[tuple[float, float]] = []
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

    async def serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        began = time.monotonic()
        await asyncio.sleep(0.05)
        self.asked.append((began, time.monotonic()))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def host():
    made = Host()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.request = Request(
        source="test", url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", within=5.0
    )
    async with server:
        yield made


@asynccontextmanager
async def a_process(url):
    async with (
        open_store(url) as store,
        Fetcher(
            agent="paperwire/0",
            clock=SystemClock(),
            allow_private=True,
            manners={"127.0.0.1": PLEASE},
            limits=store.limits,
        ) as fetcher,
    ):
        yield store, fetcher


async def test_two_processes_never_ask_a_host_at_once_nor_sooner_than_it_wants(url, host):
    async with (
        a_process(url) as (_, one),
        a_process(url) as (_, other),
        asyncio.TaskGroup() as both,
    ):
        for fetcher in (one, other) * 3:
            both.create_task(fetcher.get(host.request))
    assert len(host.asked) == 6
    for (_, ended), (began, _) in pairwise(sorted(host.asked)):
        assert began - ended >= GAP


async def test_a_pause_that_one_process_was_asked_for_holds_for_all(url, host):
    host.answer = (
        b"HTTP/1.1 429 No\r\nRetry-After: 100\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    async with a_process(url) as (_, one), a_process(url) as (_, other):
        with pytest.raises(SourceDown):
            await one.get(host.request)
        with pytest.raises(SourceDown) as refused:
            await other.get(host.request)
    assert len(host.asked) == 1, "the other one did not even ask"
    assert refused.value.wait is not None
    assert refused.value.wait > timedelta(seconds=500)
    assert "asked for a pause" in str(refused.value)


async def test_a_process_that_died_in_its_turn_keeps_the_others_no_longer_than_that(url, host):
    async with a_process(url) as (store, one):
        now = SystemClock().now()
        turn = timedelta(seconds=0.5)
        assert await store.limits.enter("source:127.0.0.1", now=now, longest=turn) is None
        began = time.monotonic()
        assert (await one.get(host.request)).body == b"ok"
        assert host.asked[0][0] - began >= 0.3
