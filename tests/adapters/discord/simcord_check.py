"""The bot against SimCord, a Discord somebody else wrote: a cross-check of our own local server.

SimCord is not among the pinned packages; install it beside them and run:

    .venv/bin/python -m pip install --no-deps --target /tmp/simcord simcord
    PYTHONPATH=/tmp/simcord .venv/bin/python -m tests.adapters.discord.simcord_check
"""

import asyncio
import importlib
import sys
from dataclasses import replace

from adapters.discord.client import PapersClient
from adapters.discord.reception import Reception
from bot.model.answer import Answer
from bot.model.form import Field, Form
from bot.model.message import Action, Listing, Notice
from tests.adapters.discord.examples import a_card
from tests.adapters.discord.listening import Answering, Knowing

FORM = Form(
    command="subscribe",
    title="Subscribe",
    fields=(Field(name="filter", label="Filter", required=True),),
)
CARD = replace(
    a_card(), actions=(Action("Relevant", "like x"),), more=(Action("Why?", "why arxiv:x"),)
)


async def main() -> None:
    """Try each kind of interaction; prints what held, raises at the first that does not."""
    simcord = importlib.import_module("simcord")
    discord = importlib.import_module("discord")
    answering = Answering()
    client = PapersClient(Reception(answering, Knowing()))
    async with simcord.run(client) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("papers")
        role = guild.create_role("Staff", permissions=discord.Permissions(manage_guild=True))
        chief = guild.add_member(env.create_user("chief"), roles=[role])
        anna = guild.add_member(env.create_user("anna"))

        answering.reply = Listing(heading="rings", cards=(CARD, a_card(2)))
        found = await anna.slash(channel, "papers", query="rings")
        _holds("a search is answered to the asker alone", found.acknowledged and found.ephemeral)
        _holds("as the line it stands for", answering.lines == ["search rings"])

        answering.reply = Notice(heading="Noted")
        await anna.click(found.response, label="Relevant")
        _holds("a button runs its line", answering.lines[-1] == "like x")

        answering.reply = Answer(form=FORM)
        opened = await chief.slash(channel, "papers-admin subscribe")
        _holds("a form opens", opened.modal is not None)
        answering.reply = Notice(heading="Subscribed")
        await chief.submit_modal(opened, {"filter": "rings"})
        _holds("and is taken", answering.lines[-1] == ("subscribe", {"filter": "rings"}))

        offered = await chief.autocomplete(channel, "papers-admin unsubscribe", "name", "ri")
        _holds("names are completed", [one["value"] for one in offered] == ["rings"])
        try:
            await anna.slash(channel, "papers-admin list")
        except Exception as refused:  # noqa: BLE001 - SimCord's own kind, not importable here
            _holds("others are not offered the admin commands", "list" not in answering.lines)
            sys.stdout.write(f"  ({refused})\n")
        else:
            _holds("others are not offered the admin commands", held=False)


def _holds(what: str, held: bool) -> None:
    if not held:
        raise AssertionError(what)
    sys.stdout.write(f"holds: {what}\n")


if __name__ == "__main__":
    asyncio.run(main())
