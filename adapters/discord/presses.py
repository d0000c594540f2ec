"""Buttons that work for ever: known by their custom_id alone (controls.py).

A press on a message of any age, after any restart and in any process, finds its command line.
"""

import re
from typing import Any, Self

import discord

from adapters.discord.controls import DO, MORE
from adapters.discord.reception import reception_of
from bot.model.message import Action


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
        await reception_of(interaction).say(interaction, self.line)


class MoreButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=re.compile(re.escape(MORE) + r"(?P<paper>[^|]+)\|(?P<stop>.*)", re.DOTALL),
):
    """A button that shows everything that can be done with a paper."""

    def __init__(self, custom_id: str, paper: str, stop: str) -> None:
        super().__init__(discord.ui.Button(custom_id=custom_id))
        self.paper = paper
        self.stop = stop

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Made anew for every press."""
        return cls(match[0], match["paper"], match["stop"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show the paper to the person alone, with all its buttons."""
        also = (Action(f"Stop “{self.stop}”", f"unsubscribe {self.stop}"),) if self.stop else ()
        reception = reception_of(interaction)
        await reception.say(interaction, self.paper, also=also)
