"""Two workspaces on one bot: whatever happens in one, nothing of it ever reaches the other."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from adapters.clock import VirtualClock
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.workspaces import AppKeys, ManyWorkspaces
from adapters.store import migrate, open_store
from adapters.store.sealing import new_key
from bot.model.installation import Installation
from bot.model.subscription import Platform
from tests.adapters.slack.listening import http_mode, new_listener
from tests.builders import a_paper
from tests.servers.slack import DEFAULT_USER, SlackServer, Workspace
from tests.world import MONDAY, World

TEAMS = ("T0LABA0001", "T0LABB0001")
SECRETS = ("quokka", "axolotl")
"""A word only one of the two ever writes."""

SIDES = st.sampled_from([0, 1])
OWN_LINES = st.sampled_from(
    [
        "subscribe {own} every:instant name:{own}",
        "subscribe {own} every:daily at:09:00 tz:UTC",
        'follow author:"{own} Byron" at:09:00 tz:UTC',
        "mute {own}",
        "{own}",
        "edit {own} at:10:00",
        "settings tz:Europe/Berlin",
    ]
)
LINES = st.sampled_from(
    ["list", "list all", "log", "status", "saved", "follows", "export", "undo", "undo 1", "undo 2",
     "digest week", "settings", "unsubscribe 1", "pause", "resume", "trend", "rings", "bib week",
     "share list all", "edit 1 at:10:00", "help"]
)  # fmt: skip


class TwoTenants(RuleBasedStateMachine):
    """People of both workspaces do whatever comes; both have the same person and channel ids."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.entered: list[Any] = []
        self._run(self._start())

    def _run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _start(self) -> None:
        url = f"sqlite:///{Path(self.folder.name) / 'store.db'}"
        migrate(url)
        self.slack = await self._enter(SlackServer(channel_pace=None))
        store = await self._enter(open_store(url, keys=[new_key()]))
        self.teams: list[Workspace] = []
        for number, team_id in enumerate(TEAMS):
            token = f"xoxb-{number}-tenant"
            team = self.slack.add_workspace(team_id, f"lab-{number}", token)
            self.slack.add_channel("papers", "C0LAB00001", workspace=team)
            self.teams.append(team)
            given = Installation(platform=Platform.SLACK, workspace=team_id, token=token)
            await store.installations.save(given, now=MONDAY)
        clock = VirtualClock(MONDAY)
        where = ManyWorkspaces(
            store.installations, clock, AppKeys("1", "2"), api_url=self.slack.api_url
        )
        self.world = World(store, WorkspacesMessenger(where))
        where._clock = self.world.clock  # time moves with the world
        self.listener = new_listener(self.slack, self.world.desk, store, workspaces=where)
        await self._enter(http_mode(self.slack, self.listener))
        await self.world.engine.beat()

    async def _enter(self, context: Any) -> Any:
        self.entered.append(context)
        return await context.__aenter__()

    def teardown(self) -> None:
        for context in reversed(self.entered):
            self._run(context.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()

    @rule(side=SIDES, line=OWN_LINES)
    def says_something_of_their_own(self, side: int, line: str) -> None:
        self._run(self._say(side, line.format(own=SECRETS[side])))

    @rule(side=SIDES, line=LINES)
    def asks(self, side: int, line: str) -> None:
        self._run(self._say(side, line))

    @rule(side=SIDES)
    def looks_at_home(self, side: int) -> None:
        event = {"type": "app_home_opened", "user": DEFAULT_USER, "tab": "home"}
        self._run(self._event(side, event))

    @rule(side=SIDES, line=LINES)
    def mentions_the_app(self, side: int, line: str) -> None:
        (channel,) = (one for one in self.teams[side].channels.values() if one.kind == "public")
        said = self.slack.people.say(f"<@{self.teams[side].bot_user}> {line}", channel=channel)
        event = {"type": "app_mention", "user": DEFAULT_USER, "channel": channel.id}
        self._run(self._event(side, {**event, "text": said.text, "ts": said.ts}))

    @rule()
    def papers_come(self) -> None:
        self._run(self.world.announce(a_paper("On Rings")))

    @rule()
    def the_morning_comes(self) -> None:
        self._run(self.world.wait_until(9))

    @invariant()
    def nothing_of_one_is_seen_by_the_other(self) -> None:
        for side, team in enumerate(self.teams):
            shown = "\n".join(_everything(team)).lower()
            assert SECRETS[1 - side] not in shown
            assert TEAMS[1 - side].lower() not in shown

    async def _say(self, side: int, line: str) -> None:
        (channel,) = (one for one in self.teams[side].channels.values() if one.kind == "public")
        await self.slack.people.slash(line, channel=channel, expect=0)
        await self._settled()

    async def _event(self, side: int, event: dict[str, Any]) -> None:
        await self.slack.events.send(event, workspace=self.teams[side])
        await self._settled()

    async def _settled(self) -> None:
        await self.listener.drain()


def _everything(team: Workspace) -> Iterator[str]:
    """All that anybody in a workspace can read."""
    for channel in team.channels.values():
        private = [one for person in channel.ephemeral.values() for one in person]
        for message in [*channel.messages, *private]:
            yield message.text + json.dumps(message.blocks, ensure_ascii=False)
    for view in [*team.views.values(), *team.homes.values()]:
        yield json.dumps([view.content, *view.versions], ensure_ascii=False)


TestTwoTenants = TwoTenants.TestCase
TestTwoTenants.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
