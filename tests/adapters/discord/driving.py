"""The driver of Discord: people at a local Discord, the stock discord.py, and the whole bot behind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.discord.messenger import everywhere
from bot.commands.completing import Completion
from bot.model.subscription import Channel
from tests.adapters.discord.listening import gateway
from tests.adapters.discord.speaking import as_typed
from tests.scenarios.driver import ADA, BOARD, BOB, CLUB, LAB, Seen
from tests.servers.discord import UNLIMITED, DiscordServer, Interaction, Message
from tests.servers.discord.world import BOT_PERMISSIONS, Clock, Permission
from tests.world import MONDAY, World, a_world

MORE = "More"


class DiscordDriver:
    """Two people in a server with three channels. settled: waits until the bot has said all."""

    settled: Callable[[], Awaitable[None]]

    def __init__(self, world: World, server: DiscordServer) -> None:
        self.world = world
        self._server = server
        guild = server.add_guild("Lab")
        self._channels = {name: server.add_channel(guild, name) for name in (LAB, CLUB, BOARD)}
        self._channels[BOARD].closed = True
        self._people = {
            name: server.add_member(guild, name, manages=name == ADA) for name in (ADA, BOB)
        }
        lets_in = {"type": 1, "allow": str(int(Permission.VIEW_CHANNEL)), "deny": "0"}
        self._channels[BOARD].overwrites = [{"id": str(self._people[ADA].id), **lets_in}]

    async def say(self, line: str, *, by: str = ADA, where: str = LAB) -> Seen:
        typed = as_typed(line)
        channel, person = self._channels[where], self._people[by]
        done = await self._server.slash(
            channel, person, typed.command, typed.options, hidden_too=True
        )
        return await self._answered(done)

    async def press(self, seen: Seen, label: str, *, by: str = ADA, where: str = LAB) -> Seen:
        messages: list[Message] = seen.handle
        person = self._people[by]
        for message in messages:
            for shown, custom_id in _buttons(message.components):
                if shown == label:
                    pressed = await self._server.people.press(message, custom_id, person)
                    return await self._answered(pressed)
        for message in messages:
            for shown, custom_id in _buttons(message.components):
                if shown == MORE:
                    opened = await self._server.people.press(message, custom_id, person)
                    return await self.press(await self._answered(opened), label, by=by, where=where)
        raise AssertionError(f"nothing is labelled {label!r}: {seen.labels}")

    async def fill(
        self, form: Seen, values: dict[str, str], *, by: str = ADA, where: str = LAB
    ) -> Seen:
        asked: Interaction = form.handle
        shown = set(form.values)
        done = await self._server.people.submit(
            asked, {name: value for name, value in values.items() if name in shown}
        )
        answered = await self._answered(done)
        again = [
            name for label, name in _buttons(done.answers[0].components) if label.endswith("again")
        ]
        if not again:
            return answered
        # Discord takes no form as the answer to a form: mistakes are told, and it opens again.
        assert asked.modal is not None
        labels = {
            part["label"]: part["component"]["custom_id"] for part in asked.modal["components"]
        }
        told = [row.partition(": ") for row in answered.text.splitlines()]
        errors = {labels[label]: words for label, _, words in told if label in labels}
        opened = await self._server.people.press(done.answers[0], again[0], self._people[by])
        anew = await self._answered(opened)
        return Seen(anew.text, (), anew.values, errors, anew.handle)

    async def posts(self, where: str = LAB) -> list[Seen]:
        return list(self._standing(self._channels[where].id))

    async def letters(self, to: str) -> list[Seen]:
        direct = self._server.world.direct_channel(self._people[to])
        return list(self._standing(direct.id))

    async def put_out(self, where: str = LAB) -> None:
        # No event: the bot has to find out by itself, as it must where Discord calls it over HTTP.
        self._channels[where].bot_permissions = BOT_PERMISSIONS & ~Permission.SEND_MESSAGES

    async def let_in(self, where: str = LAB) -> None:
        self._channels[where].bot_permissions = BOT_PERMISSIONS

    def _standing(self, channel_id: int) -> Iterator[Seen]:
        channels = self._server.world.channels
        for message in channels[channel_id].messages:
            yield _seen([message])
            if message.id in channels and message.id != channel_id:  # the thread that began with it
                yield from self._standing(message.id)

    async def _answered(self, done: Interaction) -> Seen:
        await self.settled()
        return _shown(done)


def _shown(done: Interaction) -> Seen:
    if done.modal is not None:
        fields = [part["component"] for part in done.modal["components"]]
        return Seen(
            done.modal["title"], (), {one["custom_id"]: _standing(one) for one in fields}, {}, done
        )
    return _seen([answer for answer in done.answers if answer.ephemeral])


def _standing(field: dict[str, Any]) -> str:
    chosen = [one["value"] for one in field.get("options", ()) if one.get("default")]
    return str(field.get("value", chosen[0] if chosen else ""))


def _seen(messages: list[Message]) -> Seen:
    labels = [label for message in messages for label, _ in _buttons(message.components)]
    return Seen("\n".join(one.text for one in messages), tuple(labels), handle=messages)


def _buttons(components: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for part in components:
        if part.get("custom_id"):
            yield part.get("label", ""), part["custom_id"]
        yield from _buttons(part.get("components") or [])


@asynccontextmanager
async def driven(folder: Path) -> AsyncIterator[DiscordDriver]:
    """Everything there is, on a clock that the story moves."""
    worlds: list[World] = []

    async def publishes(channel: Channel) -> bool:
        return (await worlds[0].store.policy.settings(channel)).publish

    async with (
        DiscordServer(limits=UNLIMITED, clock=Clock(MONDAY.timestamp)) as server,
        everywhere(server.token, api_url=server.api_url, publishes=publishes) as messenger,
        a_world(folder, messenger) as world,
    ):
        server.clock.follow(lambda: world.clock.now().timestamp())
        worlds.append(world)
        knows = Completion(world.store, world.clock)
        driver = DiscordDriver(world, server)

        async def told(channel: Channel, is_public: bool) -> None:
            await world.store.policy.set_public(channel, is_public=is_public)

        with server.library():
            async with gateway(server, world.desk, knows, told=told) as listener:
                driver.settled = listener.drain
                yield driver
        assert server.violations == []
        assert server.messages.pings == []
