"""People at their keyboards: they type slash commands, press buttons and read what they get."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.servers.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
    Interactions,
)
from tests.servers.discord.shapes import channel_json, member_json, message_json, user_json
from tests.servers.discord.world import Channel, Message, Permission, User, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.servers.discord.calling import Caller
    from tests.servers.discord.command_routes import CommandRoutes
    from tests.servers.discord.gateway import Gateway

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
ROW, TEXT_INPUT, LABEL = 1, 4, 18
MESSAGE = 3
SUBCOMMANDS = (1, 2)
FORUMS = (15, 16)
PATIENCE_S = 5.0


class ClientRefused(Exception):
    """Discord's own client would not let this person send this: hidden command, bad option."""


@dataclass
class People:
    """Plays users. Every method returns the interaction, live: later answers appear in it too."""

    world: World
    interactions: Interactions
    commands: CommandRoutes
    gateway: Gateway
    caller: Caller

    async def slash(
        self,
        channel: Channel,
        user: User,
        command: str,
        options: Mapping[str, Any] | None = None,
        *,
        answers: int = 1,
        hidden_too: bool = False,
    ) -> Interaction:
        """Type `/command` and wait until it is answered (or Discord gives up).

        command: with the subcommand after a space, as in `papers-admin list`.
        answers: how many messages to wait for. hidden_too: send it although this person's client
        would not offer the command (an admin may override the default permission).
        """
        if channel.type in FORUMS:
            raise ClientRefused(
                "in a forum there is nothing to type into; only its posts have that"
            )
        data = self._typed(channel, user, command, dict(options or {}), hidden_too=hidden_too)
        interaction = self._begin(COMMAND, user, channel, data)
        await self._send(interaction)
        return await self._wait(interaction, answers)

    async def autocomplete(
        self, channel: Channel, user: User, command: str, options: Mapping[str, Any], focused: str
    ) -> list[dict[str, Any]]:
        """The choices offered while typing into the option `focused`."""
        data = self._typed(channel, user, command, dict(options), hidden_too=True, partial=True)
        for option in _leaf_options(data):
            if option["name"] == focused:
                option["focused"] = True
        interaction = self._begin(AUTOCOMPLETE, user, channel, data)
        await self._send(interaction)
        return (await self._wait(interaction, 0)).choices

    async def press(
        self, message: Message, custom_id: str, user: User, *, values: list[str] | None = None
    ) -> Interaction:
        """Press a button, or choose `values` in a select, under a message."""
        part = _control(message.components, custom_id)
        if part is None or part.get("disabled"):
            raise ClientRefused(f"no pressable control {custom_id!r} under this message")
        data: dict[str, Any] = {"custom_id": custom_id, "component_type": part["type"], "id": 1}
        if values is not None:
            data["values"] = values
        channel = self.world.channels[message.channel_id]
        interaction = self._begin(COMPONENT, user, channel, data, source=message)
        await self._send(interaction)
        return await self._wait(interaction, 0)

    async def menu(
        self, message: Message, user: User, name: str, *, answers: int = 1
    ) -> Interaction:
        """Choose `name` from the Apps menu of a message."""
        channel = self.world.channels[message.channel_id]
        known = self.commands.find(name, channel.guild_id, kind=MESSAGE)
        if known is None:
            raise ClientRefused(f"no message command {name!r}")
        said = message_json(message, self.world)
        data = {
            "id": known["id"],
            "name": name,
            "type": MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): said}},
        }
        interaction = self._begin(COMMAND, user, channel, data)
        await self._send(interaction)
        return await self._wait(interaction, answers)

    async def submit(self, asked: Interaction, values: Mapping[str, str]) -> Interaction:
        """Fill in and send the form that `asked` was answered with."""
        if asked.modal is None:
            raise ClientRefused("no form is open")
        rows = [_filled(one, values) for one in asked.modal["components"]]
        data = {"custom_id": asked.modal["custom_id"], "components": rows}
        interaction = self._begin(
            MODAL_SUBMIT, asked.user, asked.channel, data, source=asked.source
        )
        await self._send(interaction)
        return await self._wait(interaction, 1)

    async def repeat(self, interaction: Interaction) -> None:
        """Deliver the same interaction once more, as Discord sometimes does."""
        await self._send(interaction)

    def _begin(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: dict[str, Any],
        *,
        source: Message | None = None,
    ) -> Interaction:
        return self.interactions.begin(
            kind, user, channel, data, application_id=self.world.bot.id, source=source
        )

    async def _send(self, interaction: Interaction) -> None:
        payload = interaction_json(interaction, self.world)
        if self.caller.url:
            await self.caller.call(payload)
            return
        guild_id = interaction.channel.guild_id
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild_id=guild_id)

    async def _wait(self, interaction: Interaction, answers: int) -> Interaction:
        def done() -> bool:
            return interaction.settled and (
                len(interaction.answers) >= answers or interaction.modal is not None or not answers
            )

        try:
            async with asyncio.timeout(PATIENCE_S):
                while not done():
                    interaction.news.clear()
                    await interaction.news.wait()
        except TimeoutError:
            pass  # the person sees it fail, or waits for more answers than come
        return interaction

    def _typed(
        self,
        channel: Channel,
        user: User,
        command: str,
        options: dict[str, Any],
        *,
        hidden_too: bool,
        partial: bool = False,
    ) -> dict[str, Any]:
        root, *path = command.split()
        known = self.commands.find(root, channel.guild_id)
        if known is None:
            raise ClientRefused(f"there is no command /{root}")
        if not hidden_too:
            _check_visible(known, channel, user)
            guild = self.world.guilds.get(channel.guild_id or 0)
            if guild is not None and not guild.has_bot and 1 not in known["integration_types"]:
                raise ClientRefused(f"/{root} needs the app installed in this server")
        data: dict[str, Any] = {"id": known["id"], "name": root, "type": 1, "options": []}
        here, level = known, data
        for name in path:
            here = next((one for one in here["options"] if one["name"] == name), {})
            if here.get("type") not in SUBCOMMANDS:
                raise ClientRefused(f"/{command} does not exist")
            level["options"].append({"name": name, "type": here["type"], "options": []})
            level = level["options"][0]
        if any(option["type"] in SUBCOMMANDS for option in here.get("options") or ()):
            raise ClientRefused(f"/{command} needs a subcommand")
        level["options"] += _checked_options(here.get("options") or [], options, partial=partial)
        return data


def _filled(labelled: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """A field as it comes back, in its row or below its label: what was typed, or what stood there."""
    if labelled["type"] == ROW:
        inside = [_field(one, values) for one in labelled["components"]]
        return {"type": ROW, "id": 1, "components": inside}
    return {"type": LABEL, "id": 1, "component": _field(labelled["component"], values)}


def _field(field: dict[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    name = field["custom_id"]
    sent: dict[str, Any] = {"type": field["type"], "id": 2, "custom_id": name}
    if field["type"] == TEXT_INPUT:
        value = values.get(name, field.get("value", ""))
        if field.get("required", True) and not value:
            raise ClientRefused(f"{name} is required")
        if len(value) > field.get("max_length", 4000):
            raise ClientRefused(f"{name} is too long")
        sent["value"] = value
    else:
        known = [one["value"] for one in field["options"]]
        standing = [one["value"] for one in field["options"] if one.get("default")]
        chosen = [values[name]] if name in values else standing
        if not set(chosen) <= set(known):
            raise ClientRefused(f"{chosen} is no choice of {name}")
        sent["values"] = chosen
    return sent


def _check_visible(command: dict[str, Any], channel: Channel, user: User) -> None:
    if channel.guild_id is None:
        if command["contexts"] is not None and 1 not in command["contexts"]:
            raise ClientRefused(f"/{command['name']} is not offered in direct messages")
        return
    needed = command["default_member_permissions"]
    held = user.permissions.get(channel.guild_id, Permission(0))
    if needed is None or Permission.ADMINISTRATOR in held:
        return
    if int(needed) == 0 or (int(held) & int(needed)) != int(needed):
        raise ClientRefused(f"/{command['name']} is hidden from {user.name}")


def _checked_options(
    known: list[dict[str, Any]], given: dict[str, Any], *, partial: bool
) -> list[dict[str, Any]]:
    by_name = {option["name"]: option for option in known}
    missing = [one for one in known if one.get("required") and one["name"] not in given]
    if missing and not partial:
        raise ClientRefused(f"{missing[0]['name']} is required")
    typed = []
    for name, value in given.items():
        option = by_name.get(name)
        if option is None:
            raise ClientRefused(f"no option {name!r}; there is {sorted(by_name)}")
        if not partial:
            _check_value(option, value)
        typed.append({"name": name, "type": option["type"], "value": value})
    return typed


def _check_value(option: dict[str, Any], value: Any) -> None:
    wanted: dict[int, type | tuple[type, ...]] = {
        STRING: str,
        INTEGER: int,
        BOOLEAN: bool,
        NUMBER: (int, float),
    }
    name = option["name"]
    if not isinstance(value, wanted.get(option["type"], object)):
        raise ClientRefused(f"{name} has the wrong type")
    if option.get("choices") and value not in [one["value"] for one in option["choices"]]:
        raise ClientRefused(f"{value!r} is no choice of {name}")
    size = len(value) if isinstance(value, str) else value
    low = option.get("min_length" if isinstance(value, str) else "min_value")
    high = option.get("max_length" if isinstance(value, str) else "max_value")
    if isinstance(value, str) and high is None:
        high = 6000
    if (low is not None and size < low) or (high is not None and size > high):
        raise ClientRefused(f"{name} is out of range")


def _leaf_options(data: dict[str, Any]) -> list[dict[str, Any]]:
    options = data.get("options") or []
    if options and options[0]["type"] in SUBCOMMANDS:
        return _leaf_options(options[0])
    return options


def _control(components: list[dict[str, Any]], custom_id: str) -> dict[str, Any] | None:
    for part in components:
        if part.get("custom_id") == custom_id:
            return part
        inside = list(part.get("components") or ())
        if part.get("accessory"):
            inside.append(part["accessory"])
        found = _control(inside, custom_id)
        if found is not None:
            return found
    return None


def _owners(interaction: Interaction) -> dict[str, str]:
    """Who installed the app: a server the bot is in, else the person themselves."""
    guild = interaction.guild
    if guild is not None and not guild.has_bot:
        return {"1": str(interaction.user.id)}
    return {"0": str(guild.id) if guild else "0"}


def interaction_json(interaction: Interaction, world: World) -> dict[str, Any]:
    """INTERACTION_CREATE."""
    guild, channel, user = interaction.guild, interaction.channel, interaction.user
    payload: dict[str, Any] = {
        "id": str(interaction.id),
        "application_id": str(interaction.application_id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_json(channel),
        "locale": "en-US",
        "app_permissions": str(int(channel.bot_permissions)),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10 * 1024 * 1024,
        "authorizing_integration_owners": _owners(interaction),
        "context": 0 if guild else 1,
    }
    if guild:
        payload |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member_json(user, guild),
        }
    else:
        payload["user"] = user_json(user)
    if interaction.source is not None:
        payload["message"] = message_json(interaction.source, world)
    return payload
