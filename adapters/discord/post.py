"""The Messenger port for Discord: one page, one request, one outcome.

Requests are made here with aiohttp and not through discord.py's HTTP layer: that one repeats a
request up to five times on 500, 502, 504 and 524, sleeps through limits inside the call, and ends
only after five minutes, so its caller can neither say how often something was sent nor keep within
a lease. What it does well is kept: a nonce with `enforce_nonce`, so that Discord itself shows a
repeat within the next few minutes only once.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from adapters.discord.limits import MESSAGES_PER_READ, NONCE
from adapters.discord.mark import is_marked, marked
from adapters.discord.meanings import START_AGAIN, Answer, outcome_of
from adapters.discord.pace import Pace
from adapters.discord.render import NO_MENTIONS, render
from bot.model.delivery import (
    Absent,
    NotSent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Unclear,
    Unreadable,
    WorkspaceGone,
)
from bot.model.message import Message
from bot.model.subscription import Channel, Platform

log = logging.getLogger(__name__)

API_URL = "https://discord.com/api/v10"
USER_AGENT = "DiscordBot (Paperwire, 0.1)"

CONNECT_WITHIN_S = 5.0
ANSWER_WITHIN_S = 15.0
"""Together well inside the 20 s after which the engine gives a send up."""

MOST_PAGES_READ = 10
SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of Discord's when reading back."""

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def discord_messenger(
    token: str, *, api_url: str = API_URL
) -> AsyncIterator["DiscordMessenger"]:
    """A messenger with connections of its own, closed at the end."""
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S, sock_connect=CONNECT_WITHIN_S)
    headers = {"Authorization": f"Bot {token}", "User-Agent": USER_AGENT}
    async with aiohttp.ClientSession(
        timeout=timeout, headers=headers, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield DiscordMessenger(session, api_url=api_url)


class DiscordMessenger:
    """Posts to Discord channels and threads by their ids."""

    platform = Platform.DISCORD

    def __init__(self, session: aiohttp.ClientSession, *, api_url: str = API_URL) -> None:
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._pace = Pace()
        self._token_is_dead = False

    def pages(self, message: Message) -> list[Payload]:
        """`message` as Discord messages."""
        return render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str) -> Outcome:
        """Send one page once; the marker becomes nonce and reference."""
        held = self._held_back(to)
        if held is not None:
            return held
        await asyncio.sleep(self._pace.turn(_now()))
        body = {
            **marked(page, marker),
            "nonce": marker[:NONCE],
            "enforce_nonce": True,
            "allowed_mentions": NO_MENTIONS,
        }
        try:
            answer = await self._request("POST", to, json_body=body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            return NotSent(f"Discord could not be reached ({type(error).__name__})")
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unclear(f"the connection broke during the request ({type(error).__name__})")
        return self._outcome(answer)

    def _held_back(self, to: Channel) -> Outcome | None:
        """Why nothing may be sent now, if so: a request not made cannot go wrong."""
        if self._token_is_dead:
            return WorkspaceGone(f"the bot token is not valid any more; {START_AGAIN}")
        if self._pace.exhausted(_now()):
            return NotSent(
                "too many requests to Discord went wrong lately; waiting so as not to be blocked",
                wait=timedelta(minutes=10),
            )
        wait = self._pace.wait_for(to.channel, _now())
        if wait:
            return NotSent(
                "Discord's limit for this channel is used up",
                wait=timedelta(seconds=wait),
                limited=True,
            )
        return None

    def _outcome(self, answer: Answer) -> Outcome:
        if not 200 <= answer.status < 300:
            self._token_is_dead = answer.status == 401
            return outcome_of(answer)
        message_id = answer.body.get("id") if isinstance(answer.body, dict) else None
        if not message_id:
            return Unclear(f"Discord answered {answer.status} without a message id")
        return Posted(str(message_id))

    async def find(self, to: Channel, *, marker: str, since: datetime) -> ReadBack:
        """Look for the reference in what was posted to the channel since."""
        after = snowflake(since - SKEW)
        seen = 0
        for _ in range(MOST_PAGES_READ):
            messages = await self._read(to, limit=MESSAGES_PER_READ, after=after)
            if isinstance(messages, Unreadable):
                return messages
            for message in messages:
                if is_marked(message, marker) and (message.get("author") or {}).get("bot"):
                    return Posted(str(message["id"]))
            seen += len(messages)
            if len(messages) < MESSAGES_PER_READ:
                return Absent() if seen else await self._absent(to)
            after = max(int(message["id"]) for message in messages)
        return Unreadable("too much was said in the channel since")

    async def _absent(self, to: Channel) -> ReadBack:
        """Without the right to read, Discord shows an empty channel instead of refusing."""
        anything = await self._read(to, limit=1)
        if isinstance(anything, Unreadable):
            return anything
        if anything:
            return Absent()
        return Unreadable("nothing can be read; the permission Read Message History may be missing")

    async def _read(
        self, to: Channel, *, limit: int, after: int | None = None
    ) -> list[dict[str, Any]] | Unreadable:
        """Messages of the channel: the oldest after a point, or the newest."""
        params = {"limit": str(limit)}
        if after is not None:
            params["after"] = str(after)
        try:
            answer = await self._request("GET", to, params=params)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unreadable(f"Discord could not be asked ({type(error).__name__})")
        if answer.status != 200 or not isinstance(answer.body, list):
            return Unreadable(f"Discord answered {answer.status} when asked what was posted")
        return [message for message in answer.body if isinstance(message, dict)]

    async def _request(
        self,
        method: str,
        to: Channel,
        *,
        json_body: Any = None,
        params: dict[str, str] | None = None,
    ) -> Answer:
        url = f"{self._api_url}/channels/{_id(to.channel)}/messages"
        async with self._session.request(method, url, json=json_body, params=params) as response:
            raw = await response.read()
            if method == "POST":
                self._pace.learn(to.channel, response.status, response.headers, _now())
            return Answer(
                status=response.status,
                body=_json(raw),
                retry_after=response.headers.get("Retry-After", ""),
                by_discord="Via" in response.headers,
            )


def snowflake(at: datetime) -> int:
    """The id a message posted at `at` would have at least."""
    return max(0, int((at - _EPOCH).total_seconds() * 1000)) << 22


def _id(text: str) -> str:
    """A channel id as Discord writes it; anything else must not reach the path."""
    return text if text.isascii() and text.isdecimal() else "0"


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _now() -> float:
    return asyncio.get_running_loop().time()
