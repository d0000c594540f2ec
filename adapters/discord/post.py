"""The Messenger port for Discord: one page, one request, one outcome.

Requests are made here with aiohttp and not through discord.py's HTTP layer: that one repeats a
request up to five times on 500, 502, 504 and 524, sleeps through limits inside the call, and ends
only after five minutes, so its caller can neither say how often something was sent nor keep within
a lease. What it does well is kept: a nonce with `enforce_nonce`, so that Discord itself shows a
repeat within the next few minutes only once.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from adapters.discord.limits import MESSAGES_PER_READ, NONCE
from adapters.discord.mark import is_marked, marked, plain
from adapters.discord.meanings import (
    NO_REPLY_WITHOUT_READING,
    Answer,
    not_read,
    outcome_of,
    token_is_dead,
)
from adapters.discord.pace import InvalidRequests
from adapters.discord.render import NO_MENTIONS, render
from adapters.discord.requests import asked
from adapters.last_look import last_look
from bot.model.delivery import (
    Absent,
    ChannelGone,
    NotSent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Refused,
    Unanswered,
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
SHOWN_WITHIN = timedelta(minutes=10)
"""A message that was posted at all stands there so soon after the attempt began."""

SKEW = timedelta(minutes=2)
"""How far our clock may be ahead of Discord's when reading back."""

NEVER_ARRIVED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""No connection came about: nothing was sent."""

LOST = (aiohttp.ClientError, TimeoutError)
"""The connection went before the answer came; covers NEVER_ARRIVED too."""

_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


def bot_session(token: str) -> aiohttp.ClientSession:
    """Connections that carry the bot's token, if there is one."""
    headers = {"User-Agent": USER_AGENT}
    if token:
        headers["Authorization"] = f"Bot {token}"
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN_S, sock_connect=CONNECT_WITHIN_S)
    return aiohttp.ClientSession(
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        trace_configs=[last_look()],
    )


@asynccontextmanager
async def discord_messenger(
    token: str, *, api_url: str = API_URL, invalid: InvalidRequests | None = None
) -> AsyncIterator["DiscordMessenger"]:
    """A messenger with connections of its own, closed at the end."""
    async with bot_session(token) as session:
        yield DiscordMessenger(session, api_url=api_url, invalid=invalid)


class DiscordMessenger:
    """Posts to Discord channels and threads by their ids."""

    platform = Platform.DISCORD
    recognises_repeats_for = timedelta(minutes=2)
    """A nonce is checked for "the past few minutes" (Create Message, enforce_nonce)."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        api_url: str = API_URL,
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._session = session
        self._api_url = api_url.rstrip("/")
        self._invalid = invalid
        self._token_is_dead = False
        self._conversations: dict[str, str] = {}

    def plain(self, page: Payload) -> Payload | None:
        """The words as one text, which nothing can be wrong with."""
        return plain(page)

    def pages(self, message: Message) -> list[Payload]:
        """`message` as Discord messages."""
        return render(message)

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Send one page once; the marker becomes nonce and reference. See the port."""
        body = {
            **marked(page, marker),
            "nonce": marker[:NONCE],
            "enforce_nonce": True,
            "allowed_mentions": NO_MENTIONS,
        }
        if not thread:
            return await self._send("POST", to, "", body)
        answered = {"message_id": thread, "fail_if_not_exists": False}
        outcome = await self._send("POST", to, "", body | {"message_reference": answered})
        if isinstance(outcome, Refused) and f"code {NO_REPLY_WITHOUT_READING}" in outcome.reason:
            # Refused, so nothing was posted; below the others it still says what it has to say.
            return await self._send("POST", to, "", body)
        return outcome

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Change one page; see the port."""
        # Without allowed_mentions, Discord's own apply to an edit too.
        body = {**page, "allowed_mentions": NO_MENTIONS}
        return await self._send("PATCH", to, f"/{digits(message_id)}", body)

    async def _send(self, method: str, to: Channel, path: str, body: Payload) -> Outcome:
        """Make one request that shows something, when its turn has come."""
        if self._token_is_dead:
            return token_is_dead()
        place = await self._place(to)
        if not isinstance(place, str):
            return place
        try:
            answer = await self._request(method, f"/channels/{place}/messages{path}", body)
        except NEVER_ARRIVED as error:
            return NotSent(f"Discord could not be reached ({type(error).__name__})")
        except LOST as error:
            return Unclear(f"the connection broke during the request ({type(error).__name__})")
        return self._outcome(answer)

    async def _place(self, to: Channel) -> str | Outcome:
        """The id to post under; the conversation with a person is opened first."""
        if not to.person:
            return digits(to.channel)
        if to.person not in self._conversations:
            body = {"recipient_id": digits(to.person)}
            try:
                answer = await self._request("POST", "/users/@me/channels", body)
            except LOST as error:
                return NotSent(f"Discord could not be reached ({type(error).__name__})")
            if not 200 <= answer.status < 300:
                outcome = self._outcome(answer)
                # Opening shows nothing, so it may simply be tried again.
                return NotSent(outcome.reason) if isinstance(outcome, Unclear) else outcome
            found = answer.body.get("id") if isinstance(answer.body, dict) else None
            if not found:
                return NotSent(f"Discord answered {answer.status} without a channel id")
            self._conversations[to.person] = str(found)
        return self._conversations[to.person]

    def _outcome(self, answer: Answer) -> Outcome:
        if not 200 <= answer.status < 300:
            self._token_is_dead = answer.status == 401
            outcome = outcome_of(answer)
            return replace(outcome, hold=answer.hold) if isinstance(outcome, Refused) else outcome
        message_id = answer.body.get("id") if isinstance(answer.body, dict) else None
        if not message_id:
            return Unclear(f"Discord answered {answer.status} without a message id")
        return Posted(str(message_id), hold=answer.hold)

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Look for the reference in what was posted to the channel since."""
        del thread  # answers stand in the channel itself
        after = snowflake(since - SKEW)
        seen = 0
        for _ in range(MOST_PAGES_READ):
            messages = await self._read(to, limit=MESSAGES_PER_READ, after=after)
            if isinstance(messages, Unreadable | Unanswered):
                return messages
            for message in messages:
                if is_marked(message, marker) and (message.get("author") or {}).get("bot"):
                    return Posted(str(message["id"]))
            seen += len(messages)
            if len(messages) < MESSAGES_PER_READ:
                return Absent() if seen else await self._absent(to, after)
            after = max(int(message["id"]) for message in messages)
            if after > snowflake(since + SHOWN_WITHIN):
                return Absent()
        return Unreadable("too much was said in the channel since")

    async def _absent(self, to: Channel, after: int) -> ReadBack:
        """Without the right to read, Discord shows an empty channel instead of refusing.

        Whoever sees the channel still learns the id of its last message: was it before ours was
        tried, nothing was posted. (Developer documentation, "Channel Resource: last_message_id".)
        """
        place = await self._place(to)
        answer = await self._answered(f"/channels/{place}")
        if isinstance(answer, Answer) and isinstance(answer.body, dict):
            last = answer.body.get("last_message_id", "unknown")
            if last is None or (str(last).isdecimal() and int(last) < after):
                return Absent()
        anything = await self._read(to, limit=1)
        if isinstance(anything, Unreadable | Unanswered):
            return anything
        if anything:
            return Absent()
        return Unreadable("nothing can be read; the permission Read Message History may be missing")

    async def _read(
        self, to: Channel, *, limit: int, after: int | None = None
    ) -> list[dict[str, Any]] | Unreadable | Unanswered:
        """Messages of the channel: the oldest after a point, or the newest."""
        params = {"limit": str(limit)}
        if after is not None:
            params["after"] = str(after)
        place = await self._place(to)
        if not isinstance(place, str):
            gone = isinstance(place, ChannelGone | WorkspaceGone)
            why = "the conversation with this person cannot be opened"
            return Unreadable(why) if gone else Unanswered(why)
        answer = await self._answered(f"/channels/{place}/messages", params)
        if not isinstance(answer, Answer):
            return answer
        if answer.status != 200 or not isinstance(answer.body, list):
            return not_read(answer)
        return [message for message in answer.body if isinstance(message, dict)]

    async def _answered(
        self, path: str, params: dict[str, str] | None = None
    ) -> Answer | Unanswered:
        """What Discord says to a question that shows nothing."""
        try:
            return await self._request("GET", path, params=params)
        except LOST as error:
            return Unanswered(f"Discord could not be asked ({type(error).__name__})")

    async def _request(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: dict[str, str] | None = None,
    ) -> Answer:
        return await asked(
            self._session, method, self._api_url + path, body, params, invalid=self._invalid
        )


def snowflake(at: datetime) -> int:
    """The id a message posted at `at` would have at least."""
    return max(0, int((at - _EPOCH).total_seconds() * 1000)) << 22


def digits(text: str) -> str:
    """An id as Discord writes it; anything else must not reach the path."""
    return text if text.isascii() and text.isdecimal() else "0"
