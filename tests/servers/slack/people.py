"""People at their screens: they type commands, press buttons, submit forms, mention the app.

Each method returns an Outcome: whether and how fast the app acknowledged, and everything it said
through the response URL. Delivery goes over Socket Mode when a socket is open, else as a signed
HTTP request to `server.request_url`.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.servers.slack.call import Json
from tests.servers.slack.limits import ResponseUrl
from tests.servers.slack.visible import buttons, shown_text
from tests.servers.slack.world import Channel, Message, View, Workspace

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

DEFAULT_USER = "U0READER01"


@dataclass
class Outcome:
    """What came back of one command, click or form.

    acked: within Slack's three seconds and with status 200. seconds: until then. body: what the
    acknowledgement itself carried. answers: bodies sent to the response URL, in order.
    """

    acked: bool = False
    status: int | None = None
    seconds: float = 0.0
    body: Any = None
    answers: list[Json] = field(default_factory=list)
    trigger_id: str = ""
    response_url: str = ""

    @property
    def shown(self) -> list[str]:
        """The words of each answer as the person reads them."""
        said = [self.body] if isinstance(self.body, dict) and self.body.get("text") else []
        return [shown_text(a.get("text", ""), a.get("blocks", [])) for a in [*said, *self.answers]]

    async def wait_for(self, count: int = 1, seconds: float = 5.0) -> "Outcome":
        """Return when so many answers have come."""
        async with asyncio.timeout(seconds):
            while len(self.answers) < count:
                await asyncio.sleep(0.002)
        return self


class People:
    """Plays the people of all workspaces."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server

    async def slash(
        self,
        text: str,
        *,
        channel: Channel | None = None,
        user: str = DEFAULT_USER,
        command: str = "/papers",
        expect: int = 1,
    ) -> Outcome:
        """Type a slash command; wait for `expect` answers through the response URL."""
        place, workspace = self._place(channel)
        outcome = self._outcome(place, workspace, user)
        payload = {
            "token": "verification",
            "team_id": workspace.id,
            "team_domain": workspace.domain,
            "channel_id": place.id,
            "channel_name": place.name or "directmessage",
            "user_id": user,
            "user_name": workspace.users[user].name,
            "command": command,
            "text": text,
            "api_app_id": self._server.app_id,
            "is_enterprise_install": "false",
            "response_url": outcome.response_url,
            "trigger_id": outcome.trigger_id,
        }
        await self._deliver("slash_commands", payload, urlencode(payload), outcome)
        return await outcome.wait_for(expect) if expect and outcome.acked else outcome

    async def click(
        self,
        message: Message,
        label: str,
        *,
        user: str = DEFAULT_USER,
        expect: int = 1,
    ) -> Outcome:
        """Press the button (or choose the menu entry) with this label on a message."""
        place, workspace = self._place(self._server.channel(message.channel_id))
        action = _find_action(message.blocks, label)
        outcome = self._outcome(place, workspace, user, source_ts=message.ts)
        payload: Json = {
            **self._who(workspace, user, outcome),
            "type": "block_actions",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": place.id,
                "is_ephemeral": message.ephemeral_for is not None,
            },
            "channel": {"id": place.id, "name": place.name or "directmessage"},
            "message": {"type": "message", "ts": message.ts, "text": message.text},
            "state": {"values": {}},
            "response_url": outcome.response_url,
            "actions": [{**action, "action_ts": self._server.clock.ts()}],
        }
        await self._interact(payload, outcome)
        return await outcome.wait_for(expect) if expect and outcome.acked else outcome

    async def press(
        self,
        view: View,
        label: str,
        *,
        user: str = DEFAULT_USER,
        workspace: Workspace | None = None,
        nth: int = 0,
    ) -> Outcome:
        """Press a button (or menu entry) of a window or of App Home."""
        team = workspace or self._server.home
        return await self._act(view, _find_action(view.content["blocks"], label, nth), user, team)

    async def type_in(self, view: View, values: Json, block_id: str) -> Outcome:
        """Type into a field of an open window that wants to hear of every change."""
        action_id, answer = next(iter(values[block_id].items()))
        action = {"action_id": action_id, "block_id": block_id, **answer}
        return await self._act(view, action, view.user, self._server.home, values)

    async def _act(
        self, view: View, action: Json, user: str, team: Workspace, values: Json | None = None
    ) -> Outcome:
        outcome = Outcome(trigger_id=self._trigger(user))
        payload: Json = {
            **self._who(team, user, outcome),
            "type": "block_actions",
            "container": {"type": "view", "view_id": view.id},
            "view": {
                **view.content,
                "id": view.id,
                "hash": view.hash,
                "team_id": team.id,
                "app_installed_team_id": team.id,
                "state": {"values": values or {}},
            },
            "actions": [{**action, "action_ts": self._server.clock.ts()}],
        }
        await self._interact(payload, outcome)
        return outcome

    async def submit(
        self, view: View, values: Json, *, workspace: Workspace | None = None
    ) -> Outcome:
        """Submit a modal with these state values (`{block_id: {action_id: {...}}}`)."""
        team = workspace or self._server.home
        outcome = Outcome(trigger_id=self._trigger(view.user))
        payload: Json = {
            **self._who(team, view.user, outcome),
            "type": "view_submission",
            "view": {
                **view.content,
                "id": view.id,
                "hash": view.hash,
                "team_id": team.id,
                "app_id": self._server.app_id,
                "state": {"values": values},
            },
            "response_urls": [],
        }
        await self._interact(payload, outcome)
        return outcome

    async def shortcut(
        self, message: Message, callback_id: str, *, user: str = DEFAULT_USER, expect: int = 1
    ) -> Outcome:
        """Choose a message shortcut of the app."""
        place, workspace = self._place(self._server.channel(message.channel_id))
        outcome = self._outcome(place, workspace, user, source_ts=message.ts)
        payload: Json = {
            **self._who(workspace, user, outcome),
            "type": "message_action",
            "callback_id": callback_id,
            "channel": {"id": place.id, "name": place.name},
            "message_ts": message.ts,
            "message": {"type": "message", "ts": message.ts, "text": message.text},
            "response_url": outcome.response_url,
            "action_ts": self._server.clock.ts(),
        }
        await self._interact(payload, outcome)
        return await outcome.wait_for(expect) if expect and outcome.acked else outcome

    def say(
        self, text: str, *, channel: Channel | None = None, user: str = DEFAULT_USER,
        thread_ts: str | None = None,
    ) -> Message:  # fmt: skip
        """Post a message as a person; the app hears of it only by an event."""
        place, _ = self._place(channel)
        ts = self._server.clock.ts()
        message = Message(ts, place.id, text, author=user, thread_ts=thread_ts)
        place.show(message)
        return message

    def _place(self, channel: Channel | None) -> tuple[Channel, Workspace]:
        place = channel or self._server.general
        teams = self._server.workspaces.values()
        # Not by its id: two workspaces may each have a channel of the same one.
        return place, next(team for team in teams if team.channels.get(place.id) is place)

    def _outcome(
        self, place: Channel, workspace: Workspace, user: str, source_ts: str | None = None
    ) -> Outcome:
        outcome = Outcome(trigger_id=self._trigger(user))
        target = ResponseUrl(
            place.id, workspace.id, user, self._server.clock.now(), source_ts, 0, outcome.answers
        )
        outcome.response_url = self._server.responses.give(target)
        return outcome

    def _trigger(self, user: str) -> str:
        number = self._server.ids.new("")
        return self._server.triggers.give(f"{number}.{number}.{number.lower() * 3}", user)

    def _who(self, workspace: Workspace, user: str, outcome: Outcome) -> Json:
        person = workspace.users[user]
        return {
            "api_app_id": self._server.app_id,
            "token": "verification",
            "team": {"id": workspace.id, "domain": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": workspace.id,
            },
            "trigger_id": outcome.trigger_id,
        }

    async def _interact(self, payload: Json, outcome: Outcome) -> None:
        form = urlencode({"payload": json.dumps(payload)})
        await self._deliver("interactive", payload, form, outcome)

    async def _deliver(self, kind: str, payload: Json, form: str, outcome: Outcome) -> None:
        started = time.perf_counter()
        if self._server.sockets.count:
            ack = await self._server.sockets.deliver(kind, payload, answerable=True)
            outcome.acked, outcome.body = ack is not None, ack.payload if ack else None
        else:
            outcome.status, outcome.body = await self._server.post_signed(
                form, "application/x-www-form-urlencoded"
            )
            outcome.acked = outcome.status == 200
        outcome.seconds = time.perf_counter() - started


def _find_action(blocks: list[Json], label: str, nth: int = 0) -> Json:
    found = list(_actions(blocks, label))
    if len(found) <= nth:
        raise LookupError(f"no button or menu entry reads {label!r}")
    return found[nth]


def _actions(blocks: list[Json], label: str) -> Iterator[Json]:
    for block in blocks:
        for element in buttons([block]):
            action = {
                "action_id": element.get("action_id", "auto"),
                "block_id": block.get("block_id", "auto"),
                "type": element["type"],
            }
            if element.get("text", {}).get("text") == label:
                yield {**action, "text": element["text"], "value": element.get("value", "")}
            for option in element.get("options", []):
                if option["text"]["text"] == label:
                    yield {**action, "selected_option": option}
