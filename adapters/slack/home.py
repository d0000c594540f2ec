"""App Home: what this workspace and this person get, and changing it there.

Somebody sees the subscriptions of public channels, of private channels they are in, and their own.
A press names the channel it is about; whether the person may see that is asked again.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.home_view import Row, home_view
from adapters.slack.places import Place, of_event, of_interaction
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of
from adapters.slack.replies import Ways
from adapters.slack.surface import Surface
from bot.model.answer import Answer
from bot.model.message import Notice
from bot.model.subscription import Channel, Platform, Subscription
from bot.ports import Outbox, SubscriptionBook
from bot.ports.policy import Policy

NOT_YOURS = Notice(heading="You cannot see this channel, so you cannot change it here.")
SOME_DAMAGED = (
    "A subscription of a channel you can see is damaged and sends nothing; "
    "/papers list all names it, and says what to do."
)

log = logging.getLogger(__name__)


class Home:
    """App Home of everybody in every workspace."""

    def __init__(self, on: Surface, book: SubscriptionBook, policy: Policy, outbox: Outbox) -> None:
        self._on = on
        self._book = book
        self._policy = policy
        self._outbox = outbox

    async def opened(self, body: dict[str, Any]) -> None:
        """Somebody looks at App Home."""
        place = of_event(body)
        if place is not None and (body.get("event") or {}).get("tab", "home") == "home":
            await self.publish(place)

    async def pressed(self, body: dict[str, Any]) -> None:
        """A button or menu entry there: `CHANNEL line`, the channel empty for one's own."""
        place = of_interaction(body)
        if place is None:
            return
        action = (body.get("actions") or [{}])[0]
        value = str((action.get("selected_option") or action).get("value") or "")
        channel, _, line = value.partition(" ")
        about = Place(
            workspace=place.workspace,
            member=place.member,
            conversation=channel.strip("-"),
            organisation=place.organisation,
        )
        trigger_id = str(body.get("trigger_id") or "")
        ways = Ways(place=about, trigger_id=trigger_id, window=True)
        if about.conversation and about.conversation not in await self._readable(about):
            await self._on.replies.show(Answer(private=NOT_YOURS), ways)
            return
        asker = await self._on.knowledge.asker(about)
        answer = await self._on.desk.ask(asker, line, event=trigger_id)
        await self._on.replies.show(answer, ways)
        await self.publish(about)

    async def publish(self, place: Place) -> None:
        """Show App Home as it is now to one person."""
        client = await self._on.workspaces.client(place.workspace, place.organisation)
        if client is None:
            return
        view = await self._view(place)
        try:
            await client.views_publish(user_id=place.member, view=view)
        except SlackApiError as error:
            log.warning("App Home not shown", extra={"reason": code_of(error)})
        except (*LOST, *BROKEN_ANSWER) as error:
            log.warning("App Home not shown", extra={"reason": type(error).__name__})

    async def _view(self, place: Place) -> dict[str, Any]:
        own = Place(workspace=place.workspace, member=place.member, organisation=place.organisation)
        everything = await self._book.of_workspace(Platform.SLACK, place.workspace)
        damaged = await self._book.damaged_of_workspace(Platform.SLACK, place.workspace)
        seen = await self._readable(own) if everything or damaged else frozenset[str]()
        asker = await self._on.knowledge.asker(own)
        status = await self._on.desk.ask(asker, "status")
        told = status.private.lines if isinstance(status.private, Notice) else ()
        # How single channels are doing stands in their rows.
        health = [one for one in told if not one.startswith("This channel")]
        if any(one.channel.channel in seen for one in damaged):
            health.insert(0, SOME_DAMAGED)
        now = self._on.clock.now()
        suspended = await self._outbox.suspended(Platform.SLACK, place.workspace)
        rows = [_row(one, now, suspended) for one in everything if one.channel.channel in seen]
        follows = [_row(one, now, suspended) for one in everything if one.channel == own.channel]
        return home_view(rows, follows, health)

    async def _readable(self, place: Place) -> frozenset[str]:
        """Ids of the channels this person can read, of those the bot knows."""
        public = await self._policy.public(Platform.SLACK, place.workspace)
        person = await self._on.knowledge.asker(place)
        everybodys = (one.channel for one in public) if person.reads_public else ()
        return await self._on.knowledge.joined(place) | frozenset(everybodys)


def _row(subscription: Subscription, now: datetime, suspended: Mapping[Channel, str]) -> Row:
    return Row(
        subscription=subscription,
        channel="" if subscription.channel.person else subscription.channel.channel,
        paused=subscription.paused_until is not None and subscription.paused_until > now,
        now=now,
        suspended=suspended.get(subscription.channel, ""),
    )
