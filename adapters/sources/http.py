"""HTTP for all sources: polite, bounded, and honest about who asks. The only door to httpx.

One `Fetcher` per process, so that its gates see every request; with `limits` all processes share
them.
"""

import asyncio
import logging
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from adapters.sources.bodies import RATE_EXCEEDED, Body, impostor
from adapters.sources.exchange import Reply, Request, host_of
from adapters.sources.gates import Gates, Manners
from adapters.sources.guard import Resolve, checked_address, system_resolve
from adapters.sources.shared import SharedTurns
from adapters.sources.waits import backoff, retry_after, window_of
from bot.model.errors import SourceDown, SourceGarbled, SourceRefused
from bot.ports import Clock, RateLimits

MOST_REDIRECTS = 3
MOST_RETRIES = 2
PATIENCE = 4.0
"""Seconds of waiting within one fetch; beyond, the schedule takes over."""

_WORTH_A_RETRY = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _Again(Exception):
    """This attempt failed in a way that another may not. asked: seconds the host wants."""

    def __init__(self, problem: str, asked: float | None = None) -> None:
        super().__init__(problem)
        self.asked = asked


def user_agent(version: str, contact: str | None) -> str:
    """Who we are: `paperwire/1.2.3 (mailto:lab@example.org)`. Source: arXiv API terms of use."""
    if not contact:
        return f"paperwire/{version}"
    where = f"+{contact}" if contact.startswith("http") else f"mailto:{contact}"
    return f"paperwire/{version} ({where})"


class Fetcher:
    """Fetches for all sources. Use `async with`.

    agent: see `user_agent`. allow_private: let feed addresses lead into private networks. manners:
    per registrable host, over the built-in ones. limits: where all processes keep their turns. ticks, sleep, chance, resolve: for tests.
    """

    def __init__(  # noqa: PLR0913 - a composition root hands over each part of the world by name
        self,
        *,
        agent: str,
        clock: Clock,
        allow_private: bool = False,
        manners: Mapping[str, Manners] | None = None,
        ticks: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        resolve: Resolve = system_resolve,
        limits: RateLimits | None = None,
    ) -> None:
        self._clock = clock
        self._allow_private = allow_private
        self._sleep = sleep
        self._chance = chance
        self._resolve = resolve
        self._ticks = ticks or _loop_time
        self._gates = Gates(
            ticks=self._ticks,
            sleep=sleep,
            manners=manners,
            shared=SharedTurns(limits, clock, sleep) if limits else None,
        )
        for name in ("httpx", "httpcore"):  # they log whole addresses, queries included
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = _client(agent, keep=4)
        # A kept connection belongs to an address, and several names may share one: a guarded
        # request must not travel on a connection that was opened under another name.
        self._guarded = _client(agent, keep=0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()
        await self._guarded.aclose()

    async def get(self, request: Request) -> Reply:
        """A whole reply with status 200, 304 or one of `request.also`.

        Raises SourceDown (with the host's own wait, if it named one), SourceRefused or
        SourceGarbled. Repeats only what a few seconds may cure.
        """
        waited = 0.0
        attempt = 0
        while True:
            try:
                return await self._follow(request)
            except _Again as again:
                if again.asked is not None:
                    await self._gates.hold(request.url, again.asked)
                wait = max(again.asked or 0.0, backoff(attempt, self._chance()))
                if attempt >= MOST_RETRIES or waited + wait > PATIENCE:
                    asked = None if again.asked is None else timedelta(seconds=again.asked)
                    raise SourceDown(str(again), wait=asked) from again
            await self._sleep(wait)
            waited += wait
            attempt += 1

    async def _follow(self, request: Request) -> Reply:
        url, left = request.url, request.within
        for _ in range(MOST_REDIRECTS + 1):
            async with self._gates.through(request.source, url, within=left):
                started = self._ticks()
                reply = await self._within(left, request, url)
                left -= self._ticks() - started
            await self._note_window(url, reply)
            if reply.status not in _REDIRECTS:
                return self._judged(request, reply)
            url = _next_hop(request, url, reply)
        msg = f"{request.source}: {request.host} redirects more than {MOST_REDIRECTS} times"
        raise SourceRefused(msg)

    async def _within(self, seconds: float, request: Request, url: str) -> Reply:
        try:
            async with asyncio.timeout(max(seconds, 0.0)):
                return await self._exchange(request, url)
        except TimeoutError:
            msg = (
                f"{request.source}: {host_of(url)} did not finish its answer "
                f"within {request.within:g} s"
            )
            raise SourceDown(msg) from None
        except httpx.InvalidURL:
            msg = f"{request.source}: this is no web address"
            raise SourceRefused(msg) from None
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
            msg = f"{request.source}: no proper answer from {host_of(url)} ({reason})"
            raise _Again(msg) from error

    async def _exchange(self, request: Request, url: str) -> Reply:
        client = self._client
        target, extensions = httpx.URL(url), {}
        if request.public_only and not self._allow_private:
            client = self._guarded
            address = await checked_address(request.source, url, self._resolve)
            extensions = {"sni_hostname": target.host}
            target = target.copy_with(host=address)
        headers = _headers(request, url)
        outgoing = client.build_request("GET", target, headers=headers, extensions=extensions)
        incoming = await client.send(outgoing, stream=True)
        try:
            told = {name.lower(): value for name, value in incoming.headers.items()}
            body = b""
            if incoming.status_code == 200 or incoming.status_code in request.also:
                taken = Body(request, told.get("content-encoding", "").strip().lower())
                async for piece in incoming.aiter_raw():
                    taken.add(piece)
                body = taken.whole()
        finally:
            await incoming.aclose()
        return Reply(status=incoming.status_code, url=url, body=body, headers=told)

    async def _note_window(self, url: str, reply: Reply) -> None:
        window = window_of(reply.headers)
        if window is not None and window.used_up:
            await self._gates.hold(url, window.reset)

    def _judged(self, request: Request, reply: Reply) -> Reply:
        """The reply, if it is one. Raises _Again or what the source is to be told."""
        if reply.status == 304:
            return reply
        if reply.status in _WORTH_A_RETRY or reply.status >= 500:
            raise _Again(_answered(request, reply), self._asked(request, reply))
        if reply.status != 200 and reply.status not in request.also:
            if 400 <= reply.status < 500:
                raise SourceRefused(_answered(request, reply))
            raise SourceGarbled(_answered(request, reply))
        if reply.body[:200].strip().lower().startswith(RATE_EXCEEDED):
            msg = f"{request.source}: {request.host} says “Rate exceeded.”"
            raise _Again(msg, self._gates.pause_at(request.url))
        problem = impostor(request, reply.body)
        if problem is None:
            return reply
        raise problem if reply.status == 200 else SourceRefused(_answered(request, reply))

    def _asked(self, request: Request, reply: Reply) -> float | None:
        asked = retry_after(reply.headers, self._clock.now())
        window = window_of(reply.headers)
        if window is not None and window.left == 0:
            asked = max(asked or 0.0, window.reset)
        if reply.status == 429:
            return max(asked or 0.0, self._gates.pause_at(request.url))
        return asked


@cache
def _tls() -> ssl.SSLContext:
    """Loading the certificates takes longer than many a request."""
    return httpx.create_ssl_context(trust_env=False)


def _client(agent: str, *, keep: int) -> httpx.AsyncClient:
    client = httpx.AsyncClient(
        headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
        verify=_tls(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(30.0, connect=10.0),
        limits=httpx.Limits(max_keepalive_connections=keep, keepalive_expiry=30.0),
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _headers(request: Request, url: str) -> dict[str, str]:
    headers = {"Host": urlsplit(url).netloc, "Accept": "*/*"}
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.modified:
        headers["If-Modified-Since"] = request.modified
    if request.token and urlsplit(url)[:2] == urlsplit(request.url)[:2]:
        headers["Authorization"] = f"Bearer {request.token}"
    return headers


def _next_hop(request: Request, url: str, reply: Reply) -> str:
    """Where a redirect leads: within the host, or to https; never from https to http."""
    where = reply.headers.get("location", "")
    try:
        target = urljoin(url, where)
        parts, before = urlsplit(target), urlsplit(url)
    except ValueError:
        where = ""
    else:
        inside = parts.hostname == before.hostname and parts.scheme == before.scheme
        if where and parts.hostname and (parts.scheme == "https" or inside):
            return target
    msg = f"{request.source}: {host_of(url)} redirects to where we do not follow"
    raise SourceRefused(msg)


def _answered(request: Request, reply: Reply) -> str:
    try:
        phrase = " " + HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = ""
    return f"{request.source}: {request.host} answered {reply.status}{phrase}"


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
