"""What Slack says of people and channels, asked once and kept for a while.

Nobody waits long for it: what Slack does not say in time is left out of this answer and there for
the next. Source: Slack's reference of users.info and conversations.info.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.chores import Chores
from adapters.slack.joining import joined
from adapters.slack.places import Place
from adapters.slack.refusals import BROKEN_ANSWER, LOST
from adapters.slack.workspaces import Workspaces
from bot.model.command import Asker
from bot.model.errors import BotError
from bot.model.subscription import Channel
from bot.ports import Clock

KEPT_FOR = timedelta(hours=1)
JOINED_FOR = timedelta(minutes=1)
"""How long somebody who left a private channel may still be told what it subscribed to."""

WAIT_SECONDS = 0.4
MOST_KEPT = 20_000

Told = Callable[[Channel, bool], Awaitable[None]]
"""Hears whether everybody in the workspace can read a channel."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """What Slack says of somebody. name: as shown in the workspace."""

    zone: str | None = None
    is_admin: bool = False
    is_guest: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What Slack says of a channel."""

    creator: str = ""
    is_public: bool | None = None


class Knowledge:
    """People and channels of every workspace."""

    def __init__(
        self, workspaces: Workspaces, clock: Clock, chores: Chores, *, told: Told | None = None
    ) -> None:
        self._workspaces = workspaces
        self._chores = chores
        self._clock = clock
        self._told = told
        self._kept: dict[tuple[str, str], tuple[datetime, Any]] = {}
        self._asking: dict[tuple[str, str], asyncio.Task[Any]] = {}
        self._said: dict[Channel, bool] = {}

    async def asker(self, place: Place) -> Asker:
        """The person, as the desk wants to know them."""
        asked = self._person(place), self._conversation(place), self._joined(place)
        await asyncio.wait(asked, timeout=WAIT_SECONDS)
        person: Person = _said(asked[0], Person())
        conversation: Conversation = _said(asked[1], Conversation())
        seen: frozenset[str] | None = _said(asked[2], None)
        return Asker(
            channel=place.channel,
            member=place.member,
            zone=person.zone,
            is_admin=person.is_admin or conversation.creator == place.member or place.direct,
            direct=place.direct,
            may_see=frozenset() if seen is None and person.is_guest else seen,
            reads_public=not person.is_guest,
        )

    async def name(self, place: Place) -> str:
        """What the workspace calls this person; empty while Slack has not said."""
        asked = self._person(place)
        await asyncio.wait({asked}, timeout=WAIT_SECONDS)
        person: Person = _said(asked, Person())
        return person.name

    async def joined(self, place: Place) -> frozenset[str]:
        """Ids of the channels this person and the app are both in, however long Slack takes."""
        asked = self._joined(place)
        await asyncio.wait({asked})
        return asked.result() or frozenset()

    def _person(self, place: Place) -> "asyncio.Future[Person]":
        return self._once((place.workspace, place.member), lambda: self._ask_person(place))

    def _conversation(self, place: Place) -> "asyncio.Future[Conversation]":
        if place.direct:
            done: asyncio.Future[Conversation] = asyncio.get_running_loop().create_future()
            done.set_result(Conversation())
            return done
        key = (place.workspace, place.conversation)
        return self._once(key, lambda: self._ask_conversation(place))

    def _joined(self, place: Place) -> "asyncio.Future[frozenset[str] | None]":
        key = (place.workspace, f"{place.member} joined")
        return self._once(key, lambda: self._ask_joined(place), JOINED_FOR)

    def _once(
        self,
        key: tuple[str, str],
        ask: Callable[[], Awaitable[Any]],
        kept_for: timedelta = KEPT_FOR,
    ) -> "asyncio.Future[Any]":
        """What is kept, or one question under way for all who wait."""
        loop = asyncio.get_running_loop()
        kept = self._kept.get(key)
        if kept is not None and self._clock.now() - kept[0] < kept_for:
            known = loop.create_future()
            known.set_result(kept[1])
            return known
        running = self._asking.get(key)
        if running is None:
            # Whoever waits may give up; the next one finds the answer.
            running = self._asking[key] = self._chores.begin(self._keep(key, ask))
        return running

    async def _keep(self, key: tuple[str, str], ask: Callable[[], Awaitable[Any]]) -> Any:
        try:
            found = await ask()
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = (self._clock.now(), found)
            return found
        finally:
            self._asking.pop(key, None)

    async def _ask_person(self, place: Place) -> Person:
        answer = await self._asked(place, lambda client: client.users_info(user=place.member))
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        zone = str(user.get("tz") or "")
        return Person(
            zone=ZoneInfo(zone).key if zone in available_timezones() else None,
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_guest=bool(
                user.get("is_restricted")
                or user.get("is_ultra_restricted")
                or user.get("is_stranger")
            ),
            name=str(profile.get("display_name") or user.get("real_name") or ""),
        )

    async def _ask_conversation(self, place: Place) -> Conversation:
        answer = await self._asked(
            place, lambda client: client.conversations_info(channel=place.conversation)
        )
        channel = answer.get("channel") or {}
        if not channel:
            return Conversation()
        is_public = not channel.get("is_private")
        await self._tell(place.channel, is_public=is_public)
        return Conversation(str(channel.get("creator") or ""), is_public)

    async def _ask_joined(self, place: Place) -> frozenset[str] | None:
        found = await joined(self._workspaces, place)
        if found is None:
            return None
        for one, is_public in found.items():
            # A channel may have been made private since: nothing must name it any more.
            if not is_public:
                await self._tell(replace(place, conversation=one).channel, is_public=False)
        return frozenset(found)

    async def _tell(self, channel: Channel, *, is_public: bool) -> None:
        if self._told is None or self._said.get(channel) is is_public:
            return
        try:
            await self._told(channel, is_public)
        except BotError as problem:
            log.warning("not stored", extra={"reason": type(problem).__name__})
            return
        if len(self._said) >= MOST_KEPT:
            self._said.clear()
        self._said[channel] = is_public

    async def _asked(
        self, place: Place, ask: Callable[[AsyncWebClient], Awaitable[Any]]
    ) -> dict[str, Any]:
        """Slack's answer; empty when it may not or cannot give one, which is remembered too."""
        try:
            client = await self._workspaces.client(place.workspace, place.organisation)
            if client is None:
                return {}
            return dict((await ask(client)).data)
        except (SlackApiError, BotError, *LOST, *BROKEN_ANSWER) as problem:
            log.info("Slack did not say", extra={"reason": type(problem).__name__})
            return {}


def _said(asked: "asyncio.Future[Any]", otherwise: Any) -> Any:
    """What Slack said, if it has by now."""
    return asked.result() if asked.done() else otherwise
