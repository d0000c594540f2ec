"""What can be done with a message of anybody: *Papers in this message*, *Why this paper?*."""

import discord
from discord import app_commands

from adapters.discord.askers import Interaction
from adapters.discord.options import EVERYWHERE, PERSONAL
from adapters.discord.reception import Reception
from bot.rules.mentioned import mentioned

MOST_PAPERS = 5
IN_MESSAGE = "Papers in this message"
WHY = "Why this paper?"


def add_menus(tree: app_commands.CommandTree[discord.Client], reception: Reception) -> None:
    """Register both on `tree`."""

    async def papers(interaction: Interaction, message: discord.Message) -> None:
        found = mentioned(_everything(message))[:MOST_PAPERS]
        await reception.say_all(interaction, found, missing=IN_MESSAGE)

    async def why(interaction: Interaction, message: discord.Message) -> None:
        found = mentioned(_everything(message))[:MOST_PAPERS]
        await reception.say_all(interaction, [f"why {key}" for key in found], missing=WHY)

    for name, callback in ((IN_MESSAGE, papers), (WHY, why)):
        menu = app_commands.ContextMenu(name=name, callback=callback)
        menu.allowed_contexts = EVERYWHERE
        menu.allowed_installs = PERSONAL
        tree.add_command(menu)


def _everything(message: discord.Message) -> str:
    """All text of a message: what was written, shown in embeds, and in components."""
    embeds = [f"{embed.url} {embed.title} {embed.description} " for embed in message.embeds]
    parts = [getattr(part, "content", "") for part in message.components]
    return "\n".join([message.content, *embeds, *parts])
