"""The slash commands: three roots, because Discord sets permissions per root.

`/papers` is for everyone, `/papers-admin` for those who manage the server (checked again by the
desk), `/papers-me` for what concerns the person alone. Options that hold text go to the one
grammar as a typed line; nothing is parsed here.
"""

from typing import Any, Literal

import discord
from discord import app_commands

from adapters.discord.limits import COMMAND_TEXT
from adapters.discord.reception import Interaction, Reception
from bot.rules.identity import paper_key

Text = app_commands.Range[str, 1, COMMAND_TEXT]
Name = app_commands.Range[str, 1, 100]
Days = app_commands.Range[int, 1, 90]
Top = app_commands.Range[int, 1, 50]
View = Literal["results", "why", "status"]
Every = Literal["instant", "hourly", "daily", "weekdays", "weekly"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Mode = Literal["compact", "standard", "full"]

_EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
_IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_INSTALLED = app_commands.AppInstallationType(guild=True, user=False)


def add_commands(tree: app_commands.CommandTree[discord.Client], reception: Reception) -> None:
    """Register all commands on `tree`; they answer through `reception`."""
    tree.add_command(_papers(reception))
    tree.add_command(_admin(reception))
    tree.add_command(_me(reception))


def _papers(reception: Reception) -> app_commands.Command[Any, ..., None]:
    @app_commands.command(name="papers", description="Search papers, or show one by its id")
    @app_commands.describe(
        query="Words, an arXiv id or an address; nothing shows the help",
        view="What to show: matching papers, why a paper came here, or how things are",
    )
    async def papers(
        interaction: Interaction, query: Text | None = None, view: View = "results"
    ) -> None:
        if view == "status":
            await reception.say(interaction, "status")
        elif query is None:
            await reception.say(interaction, "help why" if view == "why" else "help")
        elif view == "why":
            await reception.say(interaction, f"why {query}")
        elif paper_key(query) is not None:
            await reception.say(interaction, query)
        else:
            await reception.say(interaction, f"search {query}")

    papers.allowed_contexts = _EVERYWHERE
    papers.allowed_installs = _INSTALLED
    return papers


def _admin(reception: Reception) -> app_commands.Group:
    group = app_commands.Group(
        name="papers-admin",
        description="Manage what this channel gets",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=_IN_SERVERS,
        allowed_installs=_INSTALLED,
    )
    _add_subscribing(group, reception)
    _add_pausing(group, reception)
    return group


def _add_subscribing(group: app_commands.Group, reception: Reception) -> None:
    @group.command(description="Bring papers that match a filter to this channel")
    @app_commands.describe(
        filter="What to look for, such as: alignment -survey cat:cs.CL",
        every="How often; daily unless you say so",
        at="Time of day, such as 09:00",
        on="Day of the week, for weekly",
        tz="Time zone, such as Europe/Berlin",
        top="How many papers a digest shows at most",
        name="A short name for this subscription",
        mode="How much of each paper is shown",
    )
    async def subscribe(  # noqa: PLR0913, PLR0917 - Discord shows each parameter as an option
        interaction: Interaction,
        filter: Text,  # noqa: A002 - the option's name for people
        every: Every | None = None,
        at: Name | None = None,
        on: Weekday | None = None,
        tz: Name | None = None,
        top: Top | None = None,
        name: Name | None = None,
        mode: Mode | None = None,
    ) -> None:
        given = {
            "every": every, "at": at, "on": on, "tz": tz, "top": top, "name": name, "mode": mode
        }  # fmt: skip
        await reception.say(interaction, typed("subscribe", given, filter), slow=True)

    @group.command(description="What this channel is subscribed to")
    async def list(interaction: Interaction) -> None:  # noqa: A001 - the command's name
        await reception.say(interaction, "list")

    @group.command(description="Stop a subscription of this channel")
    @app_commands.describe(name="Its name, or its number in the list")
    async def unsubscribe(interaction: Interaction, name: Name) -> None:
        await reception.say(interaction, f"unsubscribe {name}")

    @group.command(description="Try a filter on the last days before you subscribe")
    @app_commands.describe(filter="What to look for", days="How many days back; 14 unless told")
    async def preview(
        interaction: Interaction,
        filter: Text,  # noqa: A002 - the option's name for people
        days: Days = 14,
    ) -> None:
        await reception.say(interaction, f"preview {filter} {days}d", slow=True)


def _add_pausing(group: app_commands.Group, reception: Reception) -> None:
    @group.command(description="Keep a subscription silent for a while")
    @app_commands.describe(
        name="Which one; all of the channel unless you say so",
        days="For how many days; until resumed unless you say so",
    )
    async def pause(
        interaction: Interaction, name: Name | None = None, days: Days | None = None
    ) -> None:
        await reception.say(interaction, _joined("pause", name, f"{days}d" if days else None))

    @group.command(description="Let a paused subscription speak again")
    @app_commands.describe(name="Which one; all of the channel unless you say so")
    async def resume(interaction: Interaction, name: Name | None = None) -> None:
        await reception.say(interaction, _joined("resume", name))


def _me(reception: Reception) -> app_commands.Group:
    group = app_commands.Group(
        name="papers-me",
        description="Papers for you alone",
        allowed_contexts=_EVERYWHERE,
        allowed_installs=_INSTALLED,
    )

    @group.command(description="This channel's digest, now and for your eyes only")
    @app_commands.describe(
        period="What it covers", name="Which subscription; all of the channel unless you say so"
    )
    async def digest(
        interaction: Interaction,
        period: Literal["today", "week"] = "today",
        name: Name | None = None,
    ) -> None:
        await reception.say(interaction, _joined("digest", period, name), slow=True)

    return group


def typed(verb: str, given: dict[str, str | int | None], text: str) -> str:
    """The line a person would type. Options come first, so that columns in `text` stay right."""
    options = [
        '{}:"{}"'.format(key, str(value).replace('"', ""))
        for key, value in given.items()
        if value is not None
    ]
    return " ".join([verb, *options, text])


def _joined(*words: str | None) -> str:
    return " ".join(word for word in words if word)
