"""The slash commands: three roots, because Discord sets permissions per root.

`/papers` is for everyone, `/papers-admin` for those who manage the server (checked again by the
desk), `/papers-me` for what concerns the person alone. Each becomes a typed line; nothing is parsed
here.
"""

from typing import Any, Literal

import discord
from discord import app_commands

from adapters.discord import lines
from adapters.discord.completing import Completing
from adapters.discord.menus import add_menus
from adapters.discord.options import EVERYWHERE, PERSONAL, Short, Text
from adapters.discord.reception import Reception
from adapters.discord.rows import Option, Row, command
from adapters.discord.slash_admin import admin
from adapters.discord.slash_me import me

View = Literal["results", "why", "trend", "status"]
Sort = Literal["best", "new"]

PAPERS = Row(
    "papers",
    "Search papers, or show one by its id",
    lambda given: lines.papers(given["query"], given["view"], given, share=given["share"]),
    {
        "query": Option(
            Text, "Words, an arXiv id or an address; nothing shows the help", completes="query"
        ),
        "view": Option(
            View,
            "What to show: matching papers, why one came here, a trend, or how things are",
            "results",
        ),
        "since": Option(Short, "Only papers of this time, such as 7d or 2026-11-01"),
        "sort": Option(Sort, "The best first, or the newest", "best"),
        "source": Option(Short, "Only papers of one source, such as hf_daily"),
        "share": Option(
            bool, "Show the answer to everybody here, once, with your name", default=False
        ),
    },
)


def add_commands(tree: app_commands.CommandTree[discord.Client], reception: Reception) -> None:
    """Register all commands on `tree`; they answer through `reception`."""
    completing = Completing(reception.knows, reception.whereabouts)
    tree.add_command(_papers(reception, completing))
    tree.add_command(admin(reception, completing))
    tree.add_command(me(reception, completing))
    add_menus(tree, reception)


def _papers(reception: Reception, completing: Completing) -> app_commands.Command[Any, ..., None]:
    papers = command(PAPERS, reception, completing)
    papers.allowed_contexts = EVERYWHERE
    papers.allowed_installs = PERSONAL
    return papers
