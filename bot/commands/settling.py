"""A channel's settings: read as typed, checked, told in words."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.options import choice, read_zone
from bot.model.command import Asker
from bot.model.errors import BadOption, NotAllowed
from bot.model.member import Member
from bot.model.settings import ChannelSettings, Managers
from bot.model.subscription import Channel, EmptyDay, Layout, Mode, Platform
from bot.ports import Store
from bot.rules.cards import how_many

SETTING_KEYS = (
    "tz",
    "mode",
    "layout",
    "empty",
    "manage",
    "managers",
    "tally",
    "threads",
    "publish",
)
_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}
MOST_LISTED = 50


async def settled(
    store: Store, here: Channel, before: ChannelSettings, given: Mapping[str, str]
) -> ChannelSettings:
    """`before` with what was typed. Raises BadOption that says what the option takes.

    `default` takes a start value back. managers: the platform's ids of members, with or without @;
    naming some means that they are the ones who may.
    """
    if "publish" in given and here.platform is not Platform.DISCORD:
        raise BadOption("publish: is for announcement channels of Discord", "publish")
    after = read_typed(before, given)
    if "managers" in given:
        names = [name.lstrip("@") for name in given["managers"].replace(",", " ").split()]
        if len(names) > MOST_LISTED:
            raise BadOption(f"managers: takes at most {MOST_LISTED} members", "managers")
        listed = [
            await store.people.hashed(Member(here.platform, here.workspace, name)) for name in names
        ]
        after = replace(after, listed=tuple(sorted(set(listed))))
        if listed and "manage" not in given:
            after = replace(after, managers=Managers.LISTED)
    if after.managers is Managers.LISTED and not after.listed:
        raise BadOption("managers: name at least one member for manage:listed", "managers")
    return after


def read_typed(settings: ChannelSettings, given: Mapping[str, str]) -> ChannelSettings:
    """`settings` with what was typed, but for the named managers. Raises BadOption."""
    if "tz" in given:
        settings = replace(settings, zone=None if _default(given["tz"]) else read_zone(given["tz"]))
    if "mode" in given:
        text = given["mode"]
        settings = replace(settings, mode=None if _default(text) else choice("mode", text, Mode))
    if "layout" in given:
        text = given["layout"]
        layout = None if _default(text) else choice("layout", text, Layout)
        settings = replace(settings, layout=layout)
    if "empty" in given:
        text = given["empty"]
        empty = None if _default(text) else choice("empty", text, EmptyDay)
        settings = replace(settings, empty=empty)
    if "manage" in given:
        settings = replace(settings, managers=choice("manage", given["manage"], Managers))
    switches = {key: _switch(key, given[key]) for key in _SWITCHES if key in given}
    return replace(
        settings,
        tally=switches.get("tally", settings.tally),
        threads=switches.get("threads", settings.threads),
        publish=switches.get("publish", settings.publish),
    )


_SWITCHES = ("tally", "threads", "publish")


def _default(text: str) -> bool:
    return text.lower() in {"", "default"}


def _switch(key: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise BadOption(f"{key}: takes on or off, not “{text[:20]}”", key)
    return _SWITCH[text.lower()]


def in_words(settings: ChannelSettings, platform: Platform) -> dict[str, str]:
    """Each setting this platform has, as a person would read it, by its key."""
    who = {
        Managers.ANYONE: "anyone",
        Managers.ADMINS: "the channel's creator and admins",
        Managers.LISTED: f"admins and {how_many(len(settings.listed), 'named member')}",
    }
    words = {
        "tz": settings.zone or "of the person who subscribes",
        "mode": settings.mode or f"{Mode.COMPACT} (default)",
        "layout": settings.layout or f"{Layout.DIGEST} (default)",
        "empty": settings.empty or f"{EmptyDay.SILENT} (default)",
        "manage": who[settings.managers],
        "tally": "on" if settings.tally else "off",
        "threads": "on" if settings.threads else "off",
    }
    if platform is Platform.DISCORD:
        words["publish"] = "on" if settings.publish else "off"
    return words


async def check_may_manage(store: Store, asker: Asker) -> None:
    """Raises NotAllowed that says who may."""
    if not asker.may_manage:
        raise NotAllowed("Changing this channel's subscriptions needs the permission to manage it.")
    settings = await store.policy.settings(asker.channel)
    if settings.managers is Managers.ANYONE or asker.is_admin:
        return
    if settings.managers is Managers.LISTED:
        if await store.people.hashed(asker.person) in settings.listed:
            return
        raise NotAllowed(
            "In this channel only admins and members named in `settings` may change subscriptions."
        )
    raise NotAllowed(
        "In this channel only its creator and admins may change subscriptions (see `settings`)."
    )
