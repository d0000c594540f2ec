"""The slash commands: three roots, because Discord sets permissions per root.

`/papers` is for everyone, `/papers-admin` for those who manage the server (checked again by the
desk), `/papers-me` for what concerns the person alone. Each becomes a typed line; nothing is parsed
here.
"""

from typing import Any, Literal

import discord
from discord import app_commands

from adapters.discord import lines
from adapters.discord.askers import Interaction
from adapters.discord.completing import Completing
from adapters.discord.menus import add_menus
from adapters.discord.options import EVERYWHERE, PERSONAL, Short, Text
from adapters.discord.reception import Reception
from adapters.discord.slash_admin import admin
from adapters.discord.slash_me import me

View = Literal["results", "why", "trend", "status"]
Sort = Literal["best", "new"]


def add_commands(tree: app_commands.CommandTree[discord.Client], reception: Reception) -> None:
    """Register all commands on `tree`; they answer through `reception`."""
    completing = Completing(reception.knows)
    tree.add_command(_papers(reception, completing))
    tree.add_command(admin(reception, completing))
    tree.add_command(me(reception, completing))
    add_menus(tree, reception)


def _papers(reception: Reception, completing: Completing) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="papers", description="Search papers, or show one by its id")
    @app_commands.describe(
        query="Words, an arXiv id or an address; nothing shows the help",
        view="What to show: matching papers, why one came here, a trend, or how things are",
        since="Only papers of this time, such as 7d or 2026-11-01",
        sort="The best first, or the newest",
        source="Only papers of one source, such as hf_daily",
        share="Show the answer to everybody here, once, with your name",
    )
    async def papers(  # noqa: PLR0913, PLR0917 - Discord shows each parameter as an option
        interaction: Interaction,
        query: Text | None = None,
        view: View = "results",
        since: Short | None = None,
        sort: Sort = "best",
        source: Short | None = None,
        share: bool = False,  # noqa: FBT001, FBT002 - an option for people
    ) -> None:
        narrow = {"since": since, "source": source, "sort": sort}
        line = lines.papers(query, view, narrow, share=share)
        await reception.say(interaction, line, slow=view == "trend")

    papers.autocomplete("query")(completing.query)
    papers.allowed_contexts = EVERYWHERE
    papers.allowed_installs = PERSONAL
    return papers
