"""The help on Discord names commands and options that Discord offers, and nothing typed as a line."""

import re
from pathlib import Path

import discord
import pytest
from discord import app_commands

from adapters.discord.reception import Reception
from adapters.discord.slash import add_commands
from bot import commands
from bot.commands.grammar import VERBS
from bot.commands.help import help_message
from bot.commands.help_discord import EXAMPLES, OVERVIEW, called
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


def named_in_answers():
    """Every command that some answer names, as it stands in the code: `list`, `help follow`."""
    folder = Path(commands.__file__).parent
    text = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.py"))
    spoken = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    strings = " ".join(re.findall(r'"[^"\n]*`[^"\n]*"', spoken))
    found = {one for one in re.findall(r"`[^`]+`", strings) if one[1:-1].split()[0] in VERBS}
    assert "`list`" in found
    return sorted(found)


@pytest.mark.parametrize("name", named_in_answers())
def test_an_answer_names_a_command_as_it_is_called_on_discord(offered, name):
    said = called(f"See {name}.")
    assert "`" not in said, said
    line = said.removeprefix("See ").removesuffix(".")
    assert line.startswith(("the button", *offered)), line


async def test_whoever_types_help_into_the_query_gets_help(server, channel, anna, bot):
    for query in ("help", "help subscribe"):
        await server.slash(channel, anna, "papers", {"query": query})
    assert bot.lines == ["help", "help subscribe"]
