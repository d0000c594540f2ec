"""`/papers-me`: what concerns one person alone, also in direct messages and without the bot's server."""

from typing import Literal

from discord import app_commands

from adapters.discord.completing import Completing
from adapters.discord.lines import days, joined
from adapters.discord.options import EVERYWHERE, PERSONAL, Days, Short, Text
from adapters.discord.reception import Reception
from adapters.discord.rows import REQUIRED, Option, Row, command

Period = Literal["today", "week"]
Reference = Literal["saved", "today", "week"]

ROWS = (
    Row(
        "follow",
        "Get papers of an author or organisation by direct message",
        lambda given: joined("follow", given["who"]),
        {
            "who": Option(
                Text,
                'Such as author:"Emmy Noether" or org:deepmind; nothing opens a form',
                completes="who",
            )
        },
        slow=True,
    ),
    Row(
        "unfollow",
        "Whom you follow, and how to stop it",
        lambda given: joined("unfollow", given["who"]),
        {"who": Option(Text, "Stop following this, by its name or number")},
    ),
    Row(
        "mute",
        "Hide papers with a word from what you get yourself",
        lambda given: joined("mute", given["term"], days(given["days"]) if given["term"] else None),
        {
            "term": Option(Text, "The word or filter; nothing opens a form"),
            "days": Option(Days, "For how many days"),
        },
    ),
    Row(
        "unmute",
        "Show such papers again",
        lambda given: f"unmute {given['term']}",
        {"term": Option(Text, "The word or filter", REQUIRED)},
    ),
    Row("forget-me", "Delete everything that is stored about you here", lambda _: "forget-me"),
    Row(
        "digest",
        "This channel's digest, now and for your eyes only",
        lambda given: joined("digest", given["period"], given["name"]),
        {
            "period": Option(Period, "What it covers", "today"),
            "name": Option(
                Short, "Which subscription; all of the channel unless you say so", completes="name"
            ),
        },
        slow=True,
    ),
    Row(
        "save",
        "Keep a paper in your list",
        lambda given: f"save {given['paper']}",
        {"paper": Option(Short, "Its arXiv id, DOI or address", REQUIRED)},
    ),
    Row("saved", "Your saved papers", lambda _: "saved"),
    Row(
        "bib",
        "BibTeX of your saved papers, of a day, or of a paper",
        lambda given: f"bib {given['paper'] or given['what']}",
        {
            "what": Option(Reference, "Which papers", "saved"),
            "paper": Option(Short, "One paper: its arXiv id, DOI or address"),
        },
    ),
)


def me(reception: Reception, completing: Completing) -> app_commands.Group:
    """The group of personal commands."""
    group = app_commands.Group(
        name="papers-me",
        description="Papers for you alone",
        allowed_contexts=EVERYWHERE,
        allowed_installs=PERSONAL,
    )
    for row in ROWS:
        group.add_command(command(row, reception, completing))
    return group
