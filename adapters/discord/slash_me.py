"""`/papers-me`: what concerns one person alone, also in direct messages and without the bot's server."""

from typing import Literal

from discord import app_commands

from adapters.discord.askers import Interaction
from adapters.discord.completing import Completing
from adapters.discord.lines import days as in_days
from adapters.discord.lines import joined
from adapters.discord.options import EVERYWHERE, PERSONAL, Days, Short, Text
from adapters.discord.reception import Reception

Reference = Literal["saved", "today", "week"]


def me(reception: Reception, completing: Completing) -> app_commands.Group:
    """The group of personal commands."""
    group = app_commands.Group(
        name="papers-me",
        description="Papers for you alone",
        allowed_contexts=EVERYWHERE,
        allowed_installs=PERSONAL,
    )
    _add_following(group, reception, completing)
    _add_muting(group, reception)
    _add_keeping(group, reception, completing)
    return group


def _add_following(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="Get papers of an author or organisation by direct message")
    @app_commands.describe(
        who='Such as author:"Emmy Noether" or org:deepmind; nothing opens a form'
    )
    async def follow(interaction: Interaction, who: Text | None = None) -> None:
        if who is None:
            await reception.say(interaction, "follow")
        else:
            await reception.say(interaction, f"follow {who}", slow=True)

    @group.command(description="Whom you follow, and how to stop it")
    @app_commands.describe(who="Stop following this, by its name or number")
    async def unfollow(interaction: Interaction, who: Text | None = None) -> None:
        await reception.say(interaction, joined("unfollow", who))

    follow.autocomplete("who")(completing.who)


def _add_muting(group: app_commands.Group, reception: Reception) -> None:
    @group.command(description="Hide papers with a word from what you get yourself")
    @app_commands.describe(
        term="The word or filter; nothing opens a form", days="For how many days"
    )
    async def mute(
        interaction: Interaction, term: Text | None = None, days: Days | None = None
    ) -> None:
        if term is None:
            await reception.say(interaction, "mute")
        else:
            await reception.say(interaction, joined("mute", term, in_days(days)))

    @group.command(description="Show such papers again")
    @app_commands.describe(term="The word or filter")
    async def unmute(interaction: Interaction, term: Text) -> None:
        await reception.say(interaction, f"unmute {term}")

    @group.command(name="forget-me", description="Delete everything that is stored about you here")
    async def forget(interaction: Interaction) -> None:
        await reception.say(interaction, "forget-me")


def _add_keeping(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="This channel's digest, now and for your eyes only")
    @app_commands.describe(
        period="What it covers", name="Which subscription; all of the channel unless you say so"
    )
    async def digest(
        interaction: Interaction,
        period: Literal["today", "week"] = "today",
        name: Short | None = None,
    ) -> None:
        await reception.say(interaction, joined("digest", period, name), slow=True)

    @group.command(description="Keep a paper in your list")
    @app_commands.describe(paper="Its arXiv id, DOI or address")
    async def save(interaction: Interaction, paper: Short) -> None:
        await reception.say(interaction, f"save {paper}")

    @group.command(description="Your saved papers")
    async def saved(interaction: Interaction) -> None:
        await reception.say(interaction, "saved")

    @group.command(description="BibTeX of your saved papers, of a day, or of a paper")
    @app_commands.describe(what="Which papers", paper="One paper: its arXiv id, DOI or address")
    async def bib(
        interaction: Interaction, what: Reference = "saved", paper: Short | None = None
    ) -> None:
        await reception.say(interaction, f"bib {paper or what}")

    digest.autocomplete("name")(completing.name)
