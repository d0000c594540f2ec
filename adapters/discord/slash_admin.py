"""`/papers-admin`: what a channel gets, and how."""

import discord
from discord import app_commands

from adapters.discord.completing import Completing
from adapters.discord.lines import days, joined, typed
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
from adapters.discord.rows import REQUIRED, Given, Option, Row, command

ORDER = {
    "every": Option(Every, "How often; daily unless you say so"),
    "at": Option(Short, "Time of day, such as 09:00"),
    "on": Option(Weekday, "Day of the week, for weekly"),
    "tz": Option(Short, "Time zone, such as Europe/Berlin", completes="zone"),
    "top": Option(Top, "How many papers a digest shows at most"),
    "mode": Option(Mode, "How much of each paper is shown"),
    "layout": Option(Layout, "One message, details in a thread, or a post per paper"),
    "empty": Option(Empty, "What is said on a day without papers"),
}
WHICH = Option(Short, "Which one; all of the channel unless you say so", completes="name")
SETTINGS = {
    "tz": Option(
        Short, "Time zone of new subscriptions; nothing at all opens a form", completes="zone"
    ),
    "manage": Option(Manage, "Who may change subscriptions, of those who manage the server"),
    "managers": Option(Short, "Who may, where only those named may: user ids"),
    "threads": Option(YesNo, "Say in the thread of a paper what became of it"),
    "tally": Option(YesNo, "Show everybody how many found a paper relevant"),
    "publish": Option(YesNo, "Publish posts, in an announcement channel"),
    "mode": Option(StartMode, "How much of each paper new subscriptions show"),
    "layout": Option(StartLayout, "Layout of new subscriptions"),
    "empty": Option(StartEmpty, "What new subscriptions say on a day without papers"),
}


def _subscribe(given: Given) -> str:
    options = {name: given[name] for name in (*ORDER, "name")}
    return typed("subscribe", options, given["filter"] or "")


def _edit(given: Given) -> str:
    options = {name: given[name] for name in ORDER} | {"name": given["rename"]}
    return typed(f"edit {given['name']}", options, given["filter"] or "")


ROWS = (
    Row(
        "subscribe",
        "Bring papers that match a filter to this channel",
        _subscribe,
        {
            "filter": Option(
                Text,
                "What to look for, such as: alignment -survey cat:cs.CL; nothing opens a form",
                completes="filter",
            ),
            **ORDER,
            "name": Option(Short, "A short name for this subscription"),
        },
        slow=True,
    ),
    Row(
        "edit",
        "Change a subscription of this channel",
        _edit,
        {
            "name": Option(Short, "Which one", REQUIRED, completes="name"),
            "filter": Option(
                Text, "What to look for instead; nothing opens a form", completes="filter"
            ),
            **ORDER,
            "rename": Option(Short, "Its new name"),
        },
        slow=True,
    ),
    Row(
        "list",
        "What this channel is subscribed to",
        lambda given: "list all" if given["all"] else "list",
        {"all": Option(bool, "Those of all channels you can see", default=False)},
    ),
    Row(
        "unsubscribe",
        "Stop a subscription of this channel",
        lambda given: f"unsubscribe {given['name']}",
        {"name": Option(Short, "Its name, or its number in the list", REQUIRED, "name")},
    ),
    Row(
        "preview",
        "Try a filter on the last days before you subscribe",
        lambda given: f"preview {given['filter']} {given['days']}d",
        {
            "filter": Option(Text, "What to look for", REQUIRED, "filter"),
            "days": Option(Days, "How many days back; 14 unless told", default=14),
        },
        slow=True,
    ),
    Row(
        "pause",
        "Keep a subscription silent for a while",
        lambda given: joined("pause", given["name"], days(given["days"])),
        {
            "name": WHICH,
            "days": Option(Days, "For how many days; until resumed unless you say so"),
        },
    ),
    Row(
        "resume",
        "Let a paused subscription speak again",
        lambda given: joined("resume", given["name"]),
        {"name": WHICH},
    ),
    Row(
        "settings",
        "What holds for this channel: time zone, who may change things, …",
        lambda given: typed("settings", given),
        SETTINGS,
    ),
    Row("log", "What was changed and posted here", lambda _: "log"),
    Row(
        "export",
        "This channel's subscriptions and settings as text",
        lambda given: typed("export", given),
        {"page": Option(Page, "Which page, of a long text")},
    ),
    Row("import", "Make this channel what a text of export says", lambda _: "import"),
)


def admin(reception: Reception, completing: Completing) -> app_commands.Group:
    """The group; Discord offers it to those who manage the server, the desk checks again."""
    group = app_commands.Group(
        name="papers-admin",
        description="Manage what this channel gets",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=IN_SERVERS,
        allowed_installs=OF_SERVERS,
    )
    for row in ROWS:
        group.add_command(command(row, reception, completing))
    return group
