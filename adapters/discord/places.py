"""Where messages go on Discord: channels, threads, forums, announcement channels, plain webhooks.

What kind of place a channel is, is learnt when Discord refuses a plain message to it; nobody has to
say. A digest's details go into a thread made from its message, whose id is the message's own.
"""

import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from adapters.discord import forums
from adapters.discord.invitation import SEND, SEND_IN_THREADS
from adapters.discord.limits import THREAD_NAME
from adapters.discord.meanings import Answer, outcome_of
from adapters.discord.post import LOST, NEVER_ARRIVED, DiscordMessenger, digits
from adapters.discord.render import THREAD, title_of
from adapters.discord.requests import asked
from adapters.discord.webhooks import WEBHOOK, Webhooks
from bot.model.delivery import (
    ChannelGone,
    NotSent,
    Outcome,
    Payload,
    Posted,
    ReadBack,
    Unclear,
    Unreadable,
)
from bot.model.subscription import Channel

log = logging.getLogger(__name__)

Publishes = Callable[[Channel], Awaitable[bool]]
"""Whether a channel wants its posts published to the channels that follow it."""

NOT_A_TEXT_CHANNEL = "code 50008"
NOT_ALLOWED = "code 50013"
NO_SUCH_CHANNEL = "code 10003"
NO_SUCH_MESSAGE = "code 10008"
THREADS = (10, 11, 12)
"""Channel types ANNOUNCEMENT_THREAD, PUBLIC_THREAD and PRIVATE_THREAD."""

ARCHIVE_AFTER_MIN = 10_080
MOST_NAMES = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was rendered, and what a thread or forum post made for it is called."""

    body: Payload
    name: str
    tags: tuple[str, ...]


def opened(page: Payload) -> Page:
    """The page without what is for us alone."""
    body = {key: value for key, value in page.items() if key != THREAD}
    about = page.get(THREAD) or {}
    name = str(about.get("name") or title_of(page))[:THREAD_NAME] or "Papers"
    return Page(body, name, tuple(about.get("tags") or ()))


class PlacesMessenger(DiscordMessenger):
    """Posts to every kind of place. Repeats are always looked for: only plain posts have a nonce."""

    recognises_repeats_for = timedelta(0)

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        api_url: str,
        webhooks: Webhooks,
        publishes: Publishes | None = None,
        **more: Any,
    ) -> None:
        super().__init__(session, api_url=api_url, **more)
        self._base = api_url.rstrip("/")
        self._webhooks = webhooks
        self._publishes = publishes
        self._forums: dict[str, forums.Forum] = {}
        self._names: OrderedDict[str, str] = OrderedDict()

    async def post(self, to: Channel, page: Payload, *, marker: str, thread: str = "") -> Outcome:
        """Send one page once, wherever `to` is. See the port."""
        made = opened(page)
        if to.workspace == WEBHOOK:
            return await self._webhooks.post(to, made.body, marker=marker)
        if thread:
            return await self._reply(to, made, marker, thread)
        if to.channel in self._forums:
            return await self._forum_post(to, made, marker)
        outcome = await super().post(to, made.body, marker=marker)
        if isinstance(outcome, ChannelGone) and NOT_A_TEXT_CHANNEL in outcome.reason:
            forum = await self._learn_forum(to)
            return await self._forum_post(to, made, marker) if forum else outcome
        if isinstance(outcome, ChannelGone) and NOT_ALLOWED in outcome.reason:
            return await self._named(to, outcome)
        if isinstance(outcome, Posted):
            self._remember(outcome.message_id, made.name)
            await self._publish(to, outcome.message_id)
        return outcome

    async def _named(self, to: Channel, outcome: ChannelGone) -> ChannelGone:
        """With the permission a thread needs, where it is one: Discord tells no names."""
        answer = await self._ask("GET", f"/channels/{digits(to.channel)}")
        body = answer.body if answer is not None and isinstance(answer.body, dict) else {}
        if body.get("type") not in THREADS:
            return outcome
        return ChannelGone(outcome.reason.replace(SEND.name, SEND_IN_THREADS.name))

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Change one page; a forum post's message stands in the thread of its own id."""
        body = opened(page).body
        if to.workspace == WEBHOOK:
            return await self._webhooks.edit(to, message_id, body)
        inside = replace(to, channel=message_id)
        if to.channel in self._forums:
            return await super().edit(inside, message_id, body)
        outcome = await super().edit(to, message_id, body)
        reason = getattr(outcome, "reason", "")
        if any(code in reason for code in (NOT_A_TEXT_CHANNEL, NO_SUCH_MESSAGE)):
            second = await super().edit(inside, message_id, body)
            return second if isinstance(second, Posted) else outcome
        return outcome

    async def find(
        self, to: Channel, *, marker: str, since: datetime, thread: str = ""
    ) -> ReadBack:
        """Look for the reference where `post` would have put it."""
        if to.workspace == WEBHOOK:
            place = await self._webhooks.place(to)
            if place is None or "Authorization" not in self._session.headers:
                return Unreadable("a plain webhook cannot read what it posted")
            return await super().find(place, marker=marker, since=since)
        if thread:
            inside = await super().find(replace(to, channel=thread), marker=marker, since=since)
            if isinstance(inside, Posted):
                return inside
        elif to.channel in self._forums or await self._learn_forum(to):
            return await forums.find(self._ask, to, marker=marker, since=since)
        return await super().find(to, marker=marker, since=since)

    async def _reply(self, to: Channel, made: Page, marker: str, thread: str) -> Outcome:
        """Into the thread of a message, which is made if there is none; else as an answer to it."""
        if to.person:
            return await super().post(to, made.body, marker=marker, thread=thread)
        inside = replace(to, channel=thread)
        outcome = await super().post(inside, made.body, marker=marker)
        if not (isinstance(outcome, ChannelGone) and NO_SUCH_CHANNEL in outcome.reason):
            return outcome
        if await self._begin_thread(to, thread):
            return await super().post(inside, made.body, marker=marker)
        return await super().post(to, made.body, marker=marker, thread=thread)

    async def _begin_thread(self, to: Channel, message_id: str) -> bool:
        """Make the thread of a message; False where that may not or cannot be."""
        name = self._names.get(message_id, "Papers in full")
        path = f"/channels/{digits(to.channel)}/messages/{digits(message_id)}/threads"
        body = {"name": name, "auto_archive_duration": ARCHIVE_AFTER_MIN}
        answer = await self._ask("POST", path, body)
        return answer is not None and 200 <= answer.status < 300

    async def _learn_forum(self, to: Channel) -> bool:
        """Ask what kind of place this is, and remember it if it is a forum."""
        if to.person:
            return False
        answer = await self._ask("GET", f"/channels/{digits(to.channel)}")
        forum = forums.read(answer.body) if answer is not None and answer.status == 200 else None
        if forum is None:
            return False
        self._forums[to.channel] = forum
        return True

    async def _forum_post(self, to: Channel, made: Page, marker: str) -> Outcome:
        forum = self._forums[to.channel]
        body = forums.new_post(forum, made.body, name=made.name, tags=made.tags, marker=marker)
        path = f"/channels/{digits(to.channel)}/threads"
        try:
            answer = await asked(
                self._session, "POST", self._base + path, body, invalid=self._invalid
            )
        except NEVER_ARRIVED as error:
            return NotSent(f"Discord could not be reached ({type(error).__name__})")
        except LOST as error:
            return Unclear(f"the connection broke during the request ({type(error).__name__})")
        if not 200 <= answer.status < 300:
            self._forums.pop(to.channel, None)  # its tags may be others by now
            return outcome_of(answer)
        return forums.posted(answer)

    async def _publish(self, to: Channel, message_id: str) -> None:
        """Pass a post on to the channels that follow; what goes wrong there loses nothing here."""
        if self._publishes is None or to.person or not await self._publishes(to):
            return
        path = f"/channels/{digits(to.channel)}/messages/{digits(message_id)}/crosspost"
        answer = await self._ask("POST", path)
        if answer is None or answer.status >= 300:
            status = answer.status if answer is not None else 0
            log.warning("post not published", extra={"channel": to.channel, "status": status})

    async def _ask(self, method: str, path: str, body: Any = None) -> Answer | None:
        """A request that shows nothing by itself; None when there was no answer."""
        try:
            return await asked(
                self._session, method, self._base + path, body, invalid=self._invalid
            )
        except LOST:
            return None

    def _remember(self, message_id: str, name: str) -> None:
        self._names[message_id] = name
        if len(self._names) > MOST_NAMES:
            self._names.popitem(last=False)
