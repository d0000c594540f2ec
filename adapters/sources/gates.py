"""Politeness: how many requests a host gets at once, and how far apart.

One gate per registrable host, whatever the source: arXiv counts its feeds, its API and OAI together.
With a database the gates of all processes are one, see `shared.py`. Source of the figures: design page on sources, 5; arXiv terms of use.
"""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from adapters.sources.exchange import host_of
from adapters.sources.shared import SharedTurns
from bot.model.errors import SourceDown

PATIENCE = 5.0
"""Seconds a reading waits at a closed gate; beyond, it ends and comes back later."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a host wants to be asked.

    at_once: requests under way. gap: seconds from the end of one to the start of the next. pause:
    seconds to stay away after "too many requests", at the least.
    """

    at_once: int = 1
    gap: float = 1.0
    pause: float = 60.0


MANNERS: Mapping[str, Manners] = {
    # arXiv's 429s come below its documented rate and last for hours: ten minutes at the least.
    "arxiv.org": Manners(at_once=1, gap=3.0, pause=600.0),
    "huggingface.co": Manners(at_once=2, gap=0.0),
}
OTHERS = Manners()
OURSELVES = Manners(at_once=4, gap=0.0)
"""For this machine: replay servers and mirrors need no sparing."""


class _Gate:
    def __init__(self, host: str, manners: Manners) -> None:
        self.host = host
        self.manners = manners
        self.is_ours = manners is OURSELVES
        self.places = asyncio.Semaphore(manners.at_once)
        self.next_start = 0.0
        self.held_until = 0.0


class Gates:
    """All gates. ticks: seconds that only grow; sleep: waits that many. shared: with other processes."""

    def __init__(
        self,
        *,
        ticks: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        manners: Mapping[str, Manners] | None = None,
        shared: SharedTurns | None = None,
    ) -> None:
        self._shared = shared
        self._ticks = ticks
        self._sleep = sleep
        self._manners = {**MANNERS, **(manners or {})}
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def through(self, source: str, url: str, *, within: float) -> AsyncIterator[None]:
        """Wait for our turn at the host of `url`, and keep the place while the block runs.

        within: seconds the block takes at most. Raises SourceDown when the host has asked for a
        longer pause.
        """
        gate = self._gate(url)
        self._refuse_while_held(gate, source, url)
        async with gate.places:
            await self._learn_pause(gate)
            self._refuse_while_held(gate, source, url)
            wait = max(gate.next_start, gate.held_until) - self._ticks()
            if wait > 0:
                await self._sleep(wait)
            turns = self._shared if gate.manners.at_once == 1 else None
            if turns is not None:
                await turns.enter(source, gate.host, within)
            try:
                yield
            finally:
                gate.next_start = self._ticks() + gate.manners.gap
                if turns is not None:
                    await turns.leave(gate.host, gate.manners.gap)

    def pause_at(self, url: str) -> float:
        """Seconds to stay away from the host of `url` when it says that we ask too often."""
        return self._gate(url).manners.pause

    async def hold(self, url: str, seconds: float) -> None:
        """Let nobody through to the host of `url` for so long."""
        gate = self._gate(url)
        gate.held_until = max(gate.held_until, self._ticks() + seconds)
        if self._shared is not None:
            await self._shared.pause(gate.host, seconds)

    async def _learn_pause(self, gate: _Gate) -> None:
        """Keep a pause that another process was asked for."""
        if self._shared is not None and not gate.is_ours:
            left = await self._shared.paused_for(gate.host)
            gate.held_until = max(gate.held_until, self._ticks() + left)

    def _refuse_while_held(self, gate: _Gate, source: str, url: str) -> None:
        wait = gate.held_until - self._ticks()
        if wait > PATIENCE:
            msg = f"{source}: {host_of(url)} asked for a pause; {round(wait)} s of it are left"
            raise SourceDown(msg, wait=timedelta(seconds=wait))

    def _gate(self, url: str) -> _Gate:
        host = registrable(host_of(url))
        if host not in self._gates:
            usual = OURSELVES if _is_this_machine(host) else OTHERS
            self._gates[host] = _Gate(host, self._manners.get(host, usual))
        return self._gates[host]


def registrable(host: str) -> str:
    """The part of a host name that one owner registers: rss.arxiv.org is arxiv.org.

    A short list would be exact and 250 KB long; two labels, or three before a two-letter country
    (example.ac.uk), err towards sharing a gate, which only makes us slower.
    """
    labels = host.rstrip(".").lower().split(".")
    if len(labels) < 3 or labels[-1].isdigit() or ":" in host:
        return ".".join(labels)
    deep = len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3 if deep else -2 :])


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
