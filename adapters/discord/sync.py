"""Tells Discord about our commands, but only when they changed: creates are counted per day.

Source: developer documentation, "Registering a Command": 200 creates a day and guild.
"""

import logging
from collections.abc import Mapping
from typing import Any

import discord
from discord import app_commands

Registered = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu

log = logging.getLogger(__name__)

# Developer documentation, "Application Command Structure". Discord's own additions (ids, versions)
# and what it may add later are not compared.
_COMPARED = frozenset(
    {
        "type",
        "name",
        "name_localizations",
        "description",
        "description_localizations",
        "options",
        "required",
        "choices",
        "value",
        "autocomplete",
        "channel_types",
        "min_value",
        "max_value",
        "min_length",
        "max_length",
        "default_member_permissions",
        "contexts",
        "integration_types",
        "nsfw",
    }
)


async def sync_if_changed(tree: app_commands.CommandTree[discord.Client]) -> bool:
    """Overwrite the global commands if Discord's differ from ours; whether that was needed.

    Reads Discord's raw answer: discord.py's own `AppCommand` forgets some contexts on the way.
    """
    application_id = tree.client.application_id
    if application_id is None:
        raise discord.MissingApplicationID
    stored = await tree.client.http.get_global_commands(application_id)
    theirs = {_key(command): described(dict(command)) for command in stored}
    ours = {_key(made): described(made) for made in [await _made(tree, one) for one in _all(tree)]}
    if ours == theirs:
        log.info("discord commands unchanged", extra={"commands": len(ours)})
        return False
    await tree.sync()
    log.info("discord commands synced", extra={"commands": len(ours)})
    return True


def _all(tree: app_commands.CommandTree[discord.Client]) -> list[Registered]:
    return [*tree.get_commands(), *tree.get_commands(type=discord.AppCommandType.message)]


async def _made(
    tree: app_commands.CommandTree[discord.Client], command: Registered
) -> dict[str, Any]:
    if tree.translator is None:
        return command.to_dict(tree)
    return await command.get_translated_payload(tree, tree.translator)


def _key(command: Mapping[str, Any]) -> tuple[str, int]:
    return command["name"], command.get("type", 1)


def described(part: Any) -> Any:
    """A definition without what says nothing: absent, empty, off, or numbered by Discord."""
    if isinstance(part, dict):
        kept = {
            key: part[key] if key.endswith("_localizations") else described(part[key])
            for key in part.keys() & _COMPARED
        }
        if "default_member_permissions" in kept and kept["default_member_permissions"] is not None:
            kept["default_member_permissions"] = str(kept["default_member_permissions"])
        return {key: value for key, value in kept.items() if value not in (None, False, [], {}, "")}
    if isinstance(part, list):
        return [described(one) for one in part]
    return part
