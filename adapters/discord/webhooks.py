"""Plain webhooks: for servers that want papers but no bot. Post only, nothing to press.

A webhook's channel is written `discord:webhook/ID`; its token comes from the settings and never
leaves this file. It has no nonce and cannot read: where the bot can read its channel, repeats are
found there, else an unclear post is left to the stated policy.
"""

import re
from collections.abc import Iterable

import aiohttp

from adapters.discord.mark import marked
from adapters.discord.meanings import Answer, outcome_of
from adapters.discord.pace import InvalidRequests
from adapters.discord.post import LOST, NEVER_ARRIVED, digits
from adapters.discord.render import NO_MENTIONS, without_controls
from adapters.discord.requests import asked
from bot.model.delivery import ChannelGone, NotSent, Outcome, Payload, Posted, Unclear
from bot.model.subscription import Channel, Platform

WEBHOOK = "webhook"
"""The workspace of channels that are webhooks."""

_URL = re.compile(r"https?://[^/\s]+(?:/api(?:/v\d+)?)?/webhooks/(\d{15,25})/([\w-]{30,100})")


def webhook_parts(url: str) -> tuple[str, str] | None:
    """Id and token of a webhook's address; None if it is none."""
    found = _URL.fullmatch(url)
    return (found[1], found[2]) if found else None


class Webhooks:
    """Posts by webhooks. session: one without a bot's Authorization header."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        urls: Iterable[str],
        *,
        invalid: InvalidRequests | None = None,
    ) -> None:
        self._invalid = invalid
        self._session = session
        self._base = api_url.rstrip("/")
        self._tokens = dict(parts for url in urls if (parts := webhook_parts(url)) is not None)
        self._places: dict[str, Channel] = {}

    async def post(self, to: Channel, page: Payload, *, marker: str) -> Outcome:
        """Send one page; without anything to press, which only a bot could answer."""
        body = {**marked(without_controls(page), marker), "allowed_mentions": NO_MENTIONS}
        return await self._sent("POST", to, "", body, {"wait": "true"})

    async def edit(self, to: Channel, message_id: str, page: Payload) -> Outcome:
        """Change a page posted by this webhook."""
        body = {**without_controls(page), "allowed_mentions": NO_MENTIONS}
        return await self._sent("PATCH", to, f"/messages/{digits(message_id)}", body, {})

    async def place(self, to: Channel) -> Channel | None:
        """The channel a webhook posts to, for a bot to read; None if Discord does not say."""
        if to.channel not in self._places and to.channel in self._tokens:
            try:
                answer = await asked(self._session, "GET", self._address(to), invalid=self._invalid)
            except LOST:
                return None
            body = answer.body if isinstance(answer.body, dict) else {}
            if answer.status == 200 and body.get("channel_id"):
                guild = str(body.get("guild_id") or "0")
                there = Channel(Platform.DISCORD, guild, str(body["channel_id"]))
                self._places[to.channel] = there
        return self._places.get(to.channel)

    async def _sent(
        self, method: str, to: Channel, path: str, body: Payload, more: dict[str, str]
    ) -> Outcome:
        if to.channel not in self._tokens:
            return ChannelGone(
                "the address of this webhook is not known; put it into DISCORD_WEBHOOKS"
            )
        params = {"with_components": "true", **more}
        try:
            answer = await asked(
                self._session,
                method,
                self._address(to) + path,
                body,
                params,
                invalid=self._invalid,
            )
        except NEVER_ARRIVED as error:
            return NotSent(f"Discord could not be reached ({type(error).__name__})")
        except LOST as error:
            return Unclear(f"the connection broke during the request ({type(error).__name__})")
        return _meant(answer)

    def _address(self, to: Channel) -> str:
        return f"{self._base}/webhooks/{digits(to.channel)}/{self._tokens[to.channel]}"


def _meant(answer: Answer) -> Outcome:
    """A webhook that is gone says 404 or 401; that is about it alone, never about the bot."""
    if answer.status in {401, 404}:
        return ChannelGone("the webhook was deleted; make a new one and put it into the settings")
    if not 200 <= answer.status < 300:
        return outcome_of(answer)
    made = answer.body.get("id") if isinstance(answer.body, dict) else None
    if not made:
        return Unclear(f"Discord answered {answer.status} without a message id")
    return Posted(str(made))
