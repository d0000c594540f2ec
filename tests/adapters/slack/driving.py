"""People on the local Slack, as the scenarios of all platforms use them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.slack.client import new_client
from adapters.slack.listen import SlackListener
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.workspaces import OneWorkspace
from tests.adapters.slack.listening import new_listener, socket_mode
from tests.scenarios.driver import ADA, BOARD, BOB, CLUB, LAB, Seen
from tests.servers.slack import SlackServer, User
from tests.servers.slack.visible import buttons, shown_text
from tests.servers.slack.world import Message, View
from tests.world import World, a_world

IDS = {ADA: "U0ADA00001", BOB: "U0BOB00001"}


class SlackDriver:
    """People in front of the local Slack, and the real listener and messenger behind it."""

    def __init__(self, world: World, slack: SlackServer, listener: SlackListener) -> None:
        self.world = world
        self._slack = slack
        self._listener = listener
        team = slack.home
        for name, user in IDS.items():
            team.users[user] = User(user, name, tz="UTC", is_admin=name == ADA)
        everybody, some = set(IDS.values()), {IDS[ADA]}
        self._channels = {
            LAB: slack.add_channel(LAB, members=everybody),
            CLUB: slack.add_channel(CLUB, members=everybody),
            BOARD: slack.add_channel(BOARD, kind="private", members=some),
        }

    async def say(self, line: str, *, by: str = ADA, where: str = LAB) -> Seen:
        before = self._mark(by, where)
        place = self._channels[where]
        await self._slack.people.slash(line, channel=place, user=IDS[by], expect=0)
        return await self._answer(by, where, before)

    async def press(self, seen: Seen, label: str, *, by: str = ADA, where: str = LAB) -> Seen:
        before = self._mark(by, where)
        if isinstance(seen.handle, View):
            await self._slack.people.press(seen.handle, label, user=IDS[by])
        else:
            await self._slack.people.click(seen.handle, label, user=IDS[by], expect=0)
        return await self._answer(by, where, before)

    async def fill(
        self, form: Seen, values: dict[str, str], *, by: str = ADA, where: str = LAB
    ) -> Seen:
        before = self._mark(by, where)
        view: View = form.handle
        state = _state(view, form.values | values)
        outcome = await self._slack.people.submit(view, state)
        said = outcome.body if isinstance(outcome.body, dict) else {}
        if said.get("response_action") == "errors":
            errors = {block.removeprefix("field:"): why for block, why in said["errors"].items()}
            return Seen(values=form.values | values, errors=errors, handle=view)
        return await self._answer(by, where, before)

    async def posts(self, where: str = LAB) -> list[Seen]:
        return list(_threaded(self._channels[where].messages))

    async def letters(self, to: str) -> list[Seen]:
        direct = self._slack.home.direct_channel(IDS[to], self._slack.ids)
        return list(_threaded(direct.messages))

    async def put_out(self, where: str = LAB) -> None:
        self._channels[where].bot_is_member = False
        self._channels[where].archived = True

    async def let_in(self, where: str = LAB) -> None:
        self._channels[where].bot_is_member = True
        self._channels[where].archived = False

    def _mark(self, by: str, where: str) -> tuple[int, int]:
        private = self._channels[where].ephemeral.get(IDS[by], [])
        return len(private), len(self._slack.home.views)

    async def _answer(self, by: str, where: str, before: tuple[int, int]) -> Seen:
        """What this person sees that was not there before."""
        await self._listener.drain()
        views = list(self._slack.home.views.values())[before[1] :]
        if views:
            return _seen_view(views[-1])
        private = self._channels[where].ephemeral.get(IDS[by], [])[before[0] :]
        if not private:
            return Seen()
        pages = [_seen(message) for message in private]
        labels = tuple(label for page in pages for label in page.labels)
        return Seen("\n".join(page.text for page in pages), labels, handle=private[0])


def _threaded(messages: list[Message]) -> Iterator[Seen]:
    for message in messages:
        if message.thread_ts in (None, message.ts):
            yield _seen(message)
            yield from (_seen(one) for one in messages if one.thread_ts == message.ts != one.ts)


def _seen(message: Message) -> Seen:
    labels = tuple(_labels(message.blocks))
    return Seen(shown_text(message.text, message.blocks), labels, handle=message)


def _seen_view(view: View) -> Seen:
    blocks = view.content["blocks"]
    values = {
        block["block_id"].removeprefix("field:"): _first_value(block["element"])
        for block in blocks
        if block["type"] == "input"
    }
    return Seen(shown_text("", blocks), tuple(_labels(blocks)), values, handle=view)


def _first_value(element: dict[str, Any]) -> str:
    chosen = element.get("initial_option")
    value = chosen["value"] if chosen else element.get("initial_value", "")
    return "" if value == "(none)" else str(value)


def _labels(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for element in buttons(blocks):
        if element.get("text"):
            yield element["text"]["text"]
        yield from (option["text"]["text"] for option in element.get("options", []))


def _state(view: View, values: dict[str, str]) -> dict[str, Any]:
    """What Slack sends of a filled form: every field, empty ones as null."""
    state = {}
    for block in view.content["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].removeprefix("field:")
        answer: dict[str, Any] = {"type": element["type"]}
        if element["type"] == "static_select":
            wanted = values.get(name) or "(none)"
            options = (one for one in element["options"] if one["value"] == wanted)
            answer["selected_option"] = next(options, None)
        else:
            answer["value"] = values.get(name) or None
        state[block["block_id"]] = {element["action_id"]: answer}
    return state


@asynccontextmanager
async def a_slack(folder: Path) -> AsyncIterator[SlackDriver]:
    """The whole bot behind a local Slack in virtual time."""
    worlds: list[World] = []

    def now() -> float:
        return worlds[0].clock.now().timestamp() if worlds else 0.0

    async with SlackServer(channel_pace=None, now=now) as slack:
        where = OneWorkspace(new_client(slack.bot_token, slack.api_url))
        async with a_world(folder, WorkspacesMessenger(where)) as world:
            worlds.append(world)
            listener = new_listener(
                slack, world.desk, world.store, clock=world.clock, workspaces=where
            )
            async with socket_mode(slack, listener):
                yield SlackDriver(world, slack, listener)
        assert slack.violations == []
