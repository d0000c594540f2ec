"""The help on Discord names commands and options that Discord offers, and nothing typed as a line."""

import re

import discord
import pytest
from discord import app_commands

from adapters.discord.reception import Reception
from adapters.discord.slash import add_commands
from bot.commands.help import help_message
from bot.commands.help_discord import EXAMPLES, OVERVIEW
from bot.model.subscription import Platform
from tests.adapters.discord.listening import Answering, Knowing


@pytest.fixture(scope="module")
def offered():
    """The options of every command, by how it is called."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    add_commands(tree, Reception(Answering(), Knowing()))
    return {
        f"/{command.qualified_name}": {option.name for option in command.parameters}
        for command in tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }


@pytest.mark.parametrize("line", [*EXAMPLES.values(), *(OVERVIEW[n] for n in (0, 2, 3, 6))])
def test_what_the_help_says_can_be_typed(offered, line):
    command = max((name for name in offered if line.startswith(name)), key=len)
    rest = line.removeprefix(command).partition(": ")[0]
    assert not rest or rest.startswith(" "), "the whole name of the command"
    assert set(re.findall(r" (\w+):", rest)) <= offered[command]
    assert not rest or re.match(r" \w+:", rest), "no option without its name"


@pytest.mark.parametrize("verb", ["", *EXAMPLES])
def test_the_help_on_discord_shows_no_line_of_slack(verb):
    lines = help_message(verb, Platform.DISCORD).lines
    assert not any(re.search(r"/papers (?!query:|view:)", line) for line in lines)
