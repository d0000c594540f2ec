"""`/papers-admin`: what a channel gets, and how."""

import discord
from discord import app_commands

from adapters.discord.askers import Interaction
from adapters.discord.completing import Completing
from adapters.discord.lines import days as in_days
from adapters.discord.lines import joined, typed
from adapters.discord.options import (
    IN_SERVERS,
    OF_SERVERS,
    Days,
    Empty,
    Every,
    Layout,
    Manage,
    Mode,
    Page,
    Short,
    StartEmpty,
    StartLayout,
    StartMode,
    Text,
    Top,
    Weekday,
    YesNo,
)
from adapters.discord.reception import Reception

ORDER = {
    "every": "How often; daily unless you say so",
    "at": "Time of day, such as 09:00",
    "on": "Day of the week, for weekly",
    "tz": "Time zone, such as Europe/Berlin",
    "top": "How many papers a digest shows at most",
    "mode": "How much of each paper is shown",
    "layout": "One message, details in a thread, or a post per paper",
    "empty": "What is said on a day without papers",
}


def admin(reception: Reception, completing: Completing) -> app_commands.Group:
    """The group; Discord offers it to those who manage the server, the desk checks again."""
    group = app_commands.Group(
        name="papers-admin",
        description="Manage what this channel gets",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=IN_SERVERS,
        allowed_installs=OF_SERVERS,
    )
    _add_orders(group, reception, completing)
    _add_looking(group, reception, completing)
    _add_pausing(group, reception, completing)
    _add_channel(group, reception, completing)
    _add_text(group, reception)
    return group


def _add_orders(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="Bring papers that match a filter to this channel")
    @app_commands.describe(
        filter="What to look for, such as: alignment -survey cat:cs.CL; nothing opens a form",
        name="A short name for this subscription",
        **ORDER,
    )
    async def subscribe(  # noqa: PLR0913, PLR0917 - Discord shows each parameter as an option
        interaction: Interaction,
        filter: Text | None = None,  # noqa: A002 - the option's name for people
        every: Every | None = None,
        at: Short | None = None,
        on: Weekday | None = None,
        tz: Short | None = None,
        top: Top | None = None,
        name: Short | None = None,
        mode: Mode | None = None,
        layout: Layout | None = None,
        empty: Empty | None = None,
    ) -> None:
        if filter is None:
            await reception.say(interaction, "subscribe")
            return
        given = {
            "every": every, "at": at, "on": on, "tz": tz, "top": top, "name": name, "mode": mode,
            "layout": layout, "empty": empty,
        }  # fmt: skip
        await reception.say(interaction, typed("subscribe", given, filter), slow=True)

    subscribe.autocomplete("filter")(completing.filter)
    subscribe.autocomplete("tz")(completing.zone)

    @group.command(description="Change a subscription of this channel")
    @app_commands.describe(
        name="Which one",
        filter="What to look for instead; nothing opens a form",
        rename="Its new name",
        **ORDER,
    )
    async def edit(  # noqa: PLR0913, PLR0917 - Discord shows each parameter as an option
        interaction: Interaction,
        name: Short,
        filter: Text | None = None,  # noqa: A002 - the option's name for people
        every: Every | None = None,
        at: Short | None = None,
        on: Weekday | None = None,
        tz: Short | None = None,
        top: Top | None = None,
        mode: Mode | None = None,
        layout: Layout | None = None,
        empty: Empty | None = None,
        rename: Short | None = None,
    ) -> None:
        given = {
            "every": every, "at": at, "on": on, "tz": tz, "top": top, "mode": mode,
            "layout": layout, "empty": empty, "name": rename,
        }  # fmt: skip
        if filter is None and not any(given.values()):
            await reception.say(interaction, f"edit {name}")
            return
        line = typed(f"edit {name}", given, filter or "")
        await reception.say(interaction, line, slow=True)

    edit.autocomplete("name")(completing.name)
    edit.autocomplete("filter")(completing.filter)
    edit.autocomplete("tz")(completing.zone)


def _add_looking(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="What this channel is subscribed to")
    @app_commands.describe(all="Those of all channels you can see")
    async def list(  # noqa: A001 - the command's name
        interaction: Interaction,
        all: bool = False,  # noqa: A002, FBT001, FBT002 - an option for people
    ) -> None:
        await reception.say(interaction, "list all" if all else "list")

    @group.command(description="Stop a subscription of this channel")
    @app_commands.describe(name="Its name, or its number in the list")
    async def unsubscribe(interaction: Interaction, name: Short) -> None:
        await reception.say(interaction, f"unsubscribe {name}")

    @group.command(description="Try a filter on the last days before you subscribe")
    @app_commands.describe(filter="What to look for", days="How many days back; 14 unless told")
    async def preview(
        interaction: Interaction,
        filter: Text,  # noqa: A002 - the option's name for people
        days: Days = 14,
    ) -> None:
        await reception.say(interaction, f"preview {filter} {days}d", slow=True)

    unsubscribe.autocomplete("name")(completing.name)
    preview.autocomplete("filter")(completing.filter)


def _add_pausing(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="Keep a subscription silent for a while")
    @app_commands.describe(
        name="Which one; all of the channel unless you say so",
        days="For how many days; until resumed unless you say so",
    )
    async def pause(
        interaction: Interaction, name: Short | None = None, days: Days | None = None
    ) -> None:
        await reception.say(interaction, joined("pause", name, in_days(days)))

    @group.command(description="Let a paused subscription speak again")
    @app_commands.describe(name="Which one; all of the channel unless you say so")
    async def resume(interaction: Interaction, name: Short | None = None) -> None:
        await reception.say(interaction, joined("resume", name))

    pause.autocomplete("name")(completing.name)
    resume.autocomplete("name")(completing.name)


def _add_channel(group: app_commands.Group, reception: Reception, completing: Completing) -> None:
    @group.command(description="What holds for this channel: time zone, who may change things, …")
    @app_commands.describe(
        tz="Time zone of new subscriptions; nothing at all opens a form",
        manage="Who may change subscriptions, of those who manage the server",
        managers="Who may, where only those named may: user ids",
        threads="Say in the thread of a paper what became of it",
        tally="Show everybody how many found a paper relevant",
        publish="Publish posts, in an announcement channel",
        mode="How much of each paper new subscriptions show",
        layout="Layout of new subscriptions",
        empty="What new subscriptions say on a day without papers",
    )
    async def settings(  # noqa: PLR0913, PLR0917 - Discord shows each parameter as an option
        interaction: Interaction,
        tz: Short | None = None,
        manage: Manage | None = None,
        managers: Short | None = None,
        threads: YesNo | None = None,
        tally: YesNo | None = None,
        publish: YesNo | None = None,
        mode: StartMode | None = None,
        layout: StartLayout | None = None,
        empty: StartEmpty | None = None,
    ) -> None:
        given = {
            "tz": tz, "manage": manage, "managers": managers, "threads": threads, "tally": tally,
            "publish": publish, "mode": mode, "layout": layout, "empty": empty,
        }  # fmt: skip
        await reception.say(interaction, typed("settings", given))

    settings.autocomplete("tz")(completing.zone)

    @group.command(description="What was changed and posted here")
    async def log(interaction: Interaction) -> None:
        await reception.say(interaction, "log")


def _add_text(group: app_commands.Group, reception: Reception) -> None:
    @group.command(description="This channel's subscriptions and settings as text")
    @app_commands.describe(page="Which page, of a long text")
    async def export(interaction: Interaction, page: Page | None = None) -> None:
        await reception.say(interaction, typed("export", {"page": page}))

    @group.command(name="import", description="Make this channel what a text of export says")
    async def import_(interaction: Interaction) -> None:
        await reception.say(interaction, "import")
