"""Buttons and menus that work for ever: known by their custom_id alone (controls.py).

A press on a message of any age, after any restart and in any process, finds its command line.
"""

import re
from typing import Any, Self, cast

import discord

from adapters.discord.controls import CHOOSE, DO
from adapters.discord.reception import Interaction, reception_of


class DoButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=re.compile(re.escape(DO) + "(?P<line>.+)", re.DOTALL),
):
    """A button that stands for a command line."""

    def __init__(self, line: str) -> None:
        super().__init__(discord.ui.Button(custom_id=DO + line))
        self.line = line

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Made anew for every press."""
        return cls(match["line"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the command."""
        await _pressed(interaction, self.line)


class ChooseMenu(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=re.compile(CHOOSE)
):
    """A menu whose options stand for command lines."""

    def __init__(self) -> None:
        super().__init__(discord.ui.Select(custom_id=CHOOSE))

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        _match: re.Match[str],
        /,
    ) -> Self:
        """Made anew for every choice."""
        return cls()

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run the command of the chosen option."""
        await _pressed(interaction, self.item.values[0])


async def _pressed(interaction: discord.Interaction[Any], line: str) -> None:
    await reception_of(interaction).say(cast("Interaction", interaction), line)
