"""The application's slash commands: reading them, overwriting them, and counting what that costs."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.servers.discord.account_routes import find_guild
from tests.servers.discord.refusals import FormErrors, Refused
from tests.servers.discord.rest import Call, Operation, Reply
from tests.servers.discord.world import World

CREATES_A_DAY = 200
CHAT_COMMANDS, CONTEXT_COMMANDS = 100, 15
NAME = re.compile(r"[-_'\w]{1,32}")
DESCRIPTION, OPTIONS, CHOICES, CHOICE_NAME, TOGETHER = 100, 25, 25, 100, 8000
CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2


class CommandRoutes:
    """Commands per scope: None is global, else a guild id. `creates` and `overwrites` count work."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.scopes: dict[int | None, list[dict[str, Any]]] = {}
        self.creates: dict[int | None, int] = {}
        self.overwrites = 0

    def operations(self) -> list[Operation]:
        everywhere = "/applications/{application_id}/commands"
        here = "/applications/{application_id}/guilds/{guild_id}/commands"
        return [
            Operation("list_application_commands", "GET", everywhere, self._list),
            Operation("bulk_set_application_commands", "PUT", everywhere, self._overwrite),
            Operation("list_guild_application_commands", "GET", here, self._list),
            Operation("bulk_set_guild_application_commands", "PUT", here, self._overwrite),
        ]

    def find(self, name: str, guild_id: int | None, *, kind: int = CHAT) -> dict[str, Any] | None:
        """The command a person sees under this name: the guild's own first, then the global one."""
        for scope in (guild_id, None):
            for command in self.scopes.get(scope, []):
                if command["name"] == name and command["type"] == kind:
                    return command
        return None

    def _list(self, call: Call) -> Reply:
        return Reply(self.scopes.get(self._scope(call), []))

    def _overwrite(self, call: Call) -> Reply:
        scope = self._scope(call)
        wanted = list(call.body or ())
        check_commands(wanted)
        existing = {(old["name"], old["type"]): old for old in self.scopes.get(scope, [])}
        new = [one for one in wanted if (one["name"], one.get("type", CHAT)) not in existing]
        if self.creates.get(scope, 0) + len(new) > CREATES_A_DAY:
            raise Refused(30034)
        self.creates[scope] = self.creates.get(scope, 0) + len(new)
        self.overwrites += 1
        self.scopes[scope] = [self._stored(one, existing, scope) for one in wanted]
        return Reply(self.scopes[scope])

    def _scope(self, call: Call) -> int | None:
        if call.number("application_id") != self._world.bot.id:
            raise Refused(10002)
        if "guild_id" not in call.params:
            return None
        return find_guild(self._world, call.number("guild_id")).id

    def _stored(
        self, wanted: dict[str, Any], existing: dict[Any, dict[str, Any]], scope: int | None
    ) -> dict[str, Any]:
        old = existing.get((wanted["name"], wanted.get("type", CHAT)))
        permissions = wanted.get("default_member_permissions")
        stored: dict[str, Any] = {
            "id": old["id"] if old else str(self._world.ids.next()),
            "application_id": str(self._world.bot.id),
            "version": str(self._world.ids.next()),
            "type": wanted.get("type", CHAT),
            "name": wanted["name"],
            "name_localizations": wanted.get("name_localizations"),
            "description": wanted.get("description", ""),
            "description_localizations": wanted.get("description_localizations"),
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": wanted.get("dm_permission", True),
            "contexts": wanted.get("contexts"),
            "integration_types": wanted.get("integration_types") or [0],
            "nsfw": bool(wanted.get("nsfw")),
            "options": wanted.get("options") or [],
        }
        if scope is not None:
            stored["guild_id"] = str(scope)
        return stored


def check_commands(commands: list[dict[str, Any]]) -> None:
    """Raise what Discord would answer to these definitions."""
    errors = FormErrors()
    chat = [one for one in commands if one.get("type", CHAT) == CHAT]
    if len(chat) > CHAT_COMMANDS or len(commands) - len(chat) > 2 * CONTEXT_COMMANDS:
        errors.add((), "APPLICATION_COMMANDS_MAX", "Too many commands.")
    for at, command in enumerate(commands):
        if command.get("type", CHAT) == CHAT:
            _check_named(errors, (at,), command)
            _check_options(errors, (at,), command.get("options") or [])
            if _characters(command) > TOGETHER:
                errors.add((at,), "APPLICATION_COMMAND_TOO_LARGE", f"Max {TOGETHER} characters.")
    errors.raise_if_any()


def _check_named(errors: FormErrors, path: tuple[str | int, ...], part: dict[str, Any]) -> None:
    """The name and description, and their translations, for which the same rules hold."""
    for name in (part.get("name"), *(part.get("name_localizations") or {}).values()):
        if not NAME.fullmatch(str(name or "")) or name != name.lower():
            errors.add((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", f"{name} is invalid")
    for text in (part.get("description"), *(part.get("description_localizations") or {}).values()):
        if not 1 <= len(text or "") <= DESCRIPTION:
            errors.add((*path, "description"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100.")


def _check_options(
    errors: FormErrors, path: tuple[str | int, ...], options: list[dict[str, Any]]
) -> None:
    if len(options) > OPTIONS:
        errors.add((*path, "options"), "BASE_TYPE_BAD_LENGTH", f"At most {OPTIONS}.")
    optional_seen = False
    for at, option in enumerate(options):
        here = (*path, "options", at)
        _check_named(errors, here, option)
        if option.get("type") in (SUBCOMMAND, GROUP):
            _check_options(errors, here, option.get("options") or [])
            continue
        if option.get("required") and optional_seen:
            errors.add(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required come first")
        optional_seen = optional_seen or not option.get("required")
        choices = option.get("choices") or []
        if len(choices) > CHOICES:
            errors.add((*here, "choices"), "BASE_TYPE_BAD_LENGTH", f"At most {CHOICES}.")
        for number, choice in enumerate(choices):
            errors.too_long((*here, "choices", number, "name"), choice.get("name"), CHOICE_NAME)


def _characters(part: Any) -> int:
    """Names, descriptions and choice values of a command and all its options."""
    if isinstance(part, list):
        return sum(_characters(one) for one in part)
    own = sum(len(str(part.get(key) or "")) for key in ("name", "description", "value"))
    inside = (part.get("options") or []) + (part.get("choices") or [])
    return own + _characters(json.loads(json.dumps(inside)))
