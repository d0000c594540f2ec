"""A web server that says exactly what a test wrote, and a fetcher on virtual time."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sources.gates import Manners
from adapters.sources.http import Fetcher

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 4, 16, 9, 0, tzinfo=UTC)

Script = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """One request as the server saw it."""

    target: str
    headers: dict[str, str]


@dataclass
class Site:
    """Answers by path, then by path without query; the last answer of a path repeats."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    scripts: dict[str, list[Script]] = field(default_factory=dict)

    def on(self, target: str, *answers: Script) -> None:
        self.scripts[target] = list(answers)

    @property
    def targets(self) -> list[str]:
        return [one.target for one in self.seen]

    @staticmethod
    def reply(body: bytes | str = b"", status: int = 200, **headers: str) -> bytes:
        if isinstance(body, str):
            body = body.encode()
        lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    @classmethod
    def packed(cls, body: bytes, **headers: str) -> bytes:
        return cls.reply(gzip.compress(body), 200, Content_Encoding="gzip", **headers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            target = first.split(" ")[1]
            self.seen.append(Seen(target, headers))
            queue = self.scripts.get(target) or self.scripts.get(target.partition("?")[0])
            answer: Script = self.reply("no such page", 404)
            if queue:
                answer = queue.pop(0) if len(queue) > 1 else queue[0]
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@dataclass
class Time:
    """Time that passes only when somebody sleeps."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)

    def ticks(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def site():
    served = Site()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield served


@pytest.fixture
def virtual() -> Time:
    return Time()


@pytest.fixture
async def fetcher(virtual):
    async with Fetcher(
        agent="paperwire/0 (mailto:lab@example.org)",
        clock=FixedClock(),
        allow_private=True,
        ticks=virtual.ticks,
        sleep=virtual.sleep,
        chance=lambda: 0.5,
    ) as made:
        yield made


@pytest.fixture
async def polite_fetcher(virtual):
    """One that treats this machine as it would arXiv."""
    async with Fetcher(
        agent="paperwire/0",
        clock=FixedClock(),
        allow_private=True,
        manners={"127.0.0.1": Manners(at_once=1, gap=3.0, pause=600.0)},
        ticks=virtual.ticks,
        sleep=virtual.sleep,
        chance=lambda: 0.0,
    ) as made:
        yield made


@pytest.fixture
def data() -> Path:
    return DATA


@pytest.fixture
def now() -> datetime:
    return NOW
