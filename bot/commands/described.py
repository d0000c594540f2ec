"""Subscriptions and settings as plain values, for files people keep: the same both ways."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.commands.options import read_options, subscription_name
from bot.commands.settling import MOST_LISTED, settled
from bot.commands.subscribing import UNTIL_RESUMED
from bot.model.errors import BadOption
from bot.model.settings import ChannelSettings, Managers
from bot.model.subscription import (
    DEFAULT_TOP,
    Cadence,
    Channel,
    EmptyDay,
    Layout,
    Mode,
    Subscription,
)
from bot.ports import Store
from bot.rules.parse import parse_kept
from bot.rules.schedule import WEEKDAYS

Values = dict[str, Any]
OPTIONS = ("every", "at", "on", "tz", "top", "mode", "layout", "empty")
KEYS = ("name", "filter", *OPTIONS, "weekday", "paused")
SETTINGS = (
    "tz", "mode", "layout", "empty", "manage", "listed", "managers", "tally", "threads", "publish",
)  # fmt: skip
LONGEST_VALUE = 600


def described(one: Subscription) -> Values:
    """A subscription as `read_subscription` takes it back."""
    typed = one.typed or one.filter.canonical
    if "filter:" in typed:
        typed = one.filter.canonical  # what it took over must not change with the other one
    values: Values = {"name": one.name, "filter": typed, "every": one.cadence.every.value}
    if one.cadence.at is not None:
        values["at"] = one.cadence.at.strftime("%H:%M")
    if one.cadence.weekday is not None:
        values["on"] = WEEKDAYS[one.cadence.weekday].lower()
    values |= {"tz": one.zone, "top": one.top, "mode": one.mode.value}
    values |= {"layout": one.layout.value, "empty": one.empty.value}
    if one.paused_until == UNTIL_RESUMED:
        values["paused"] = True
    elif one.paused_until is not None:
        values["paused"] = one.paused_until.isoformat()
    return values


def read_subscription(
    values: object, channel: Channel, start: ChannelSettings, now: datetime
) -> Subscription:
    """A subscription from plain values. Raises BadOption, BadFilter.

    start: what it starts with where it says nothing itself. Its filter is not resolved yet: it may
    name others with `filter:`.
    """
    given = _texts(values, KEYS)
    if not given.get("filter"):
        raise BadOption("it has no filter", "filter")
    options = {key: text for key, text in given.items() if key in OPTIONS}
    if "weekday" in given and "on" not in options:
        options["on"] = _weekday(given["weekday"])
    if options.get("every") in {"daily", "weekdays", "hourly", "instant"}:
        options.pop("on", None)
    read = read_options(options)
    return Subscription(
        channel=channel,
        name=subscription_name(given.get("name", "")),
        filter=parse_kept(given["filter"]),
        typed=given["filter"],
        cadence=read.cadence or Cadence(),
        zone=read.zone or start.zone or "UTC",
        top=read.top or DEFAULT_TOP,
        mode=read.mode or start.mode or Mode.COMPACT,
        layout=read.layout or start.layout or Layout.DIGEST,
        empty=read.empty or start.empty or EmptyDay.SILENT,
        created_at=now,
        paused_until=_paused(given.get("paused", "")),
    )


def _weekday(text: str) -> str:
    if text.isascii() and text.isdigit() and int(text[:3]) < len(WEEKDAYS):
        return WEEKDAYS[int(text)]
    raise BadOption(f"weekday: takes 0 (Monday) to 6, not “{text[:20]}”", "weekday")


def _paused(text: str) -> datetime | None:
    if text.lower() in {"", "false", "no"}:
        return None
    if text.lower() in {"true", "yes"}:
        return UNTIL_RESUMED
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        said = f"paused: takes true, false or a time, not “{text[:30]}”"
        raise BadOption(said, "paused") from None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def described_settings(settings: ChannelSettings) -> Values:
    """What a channel has settled, without what is the program's own default."""
    start = {"tz": settings.zone, "mode": settings.mode, "layout": settings.layout}
    values: Values = {key: str(one) for key, one in start.items() if one is not None}
    if settings.empty is not None:
        values["empty"] = settings.empty.value
    if settings.managers is not Managers.ANYONE:
        values["manage"] = settings.managers.value
    if settings.listed:
        values["listed"] = list(settings.listed)
    switches = {"tally": settings.tally, "threads": settings.threads, "publish": settings.publish}
    return values | {key: True for key, one in switches.items() if one}


async def read_settings(store: Store, channel: Channel, values: object) -> ChannelSettings:
    """Settings from plain values: what is not named is the default. Raises BadOption."""
    before = await store.policy.settings(channel)
    given = dict(values) if isinstance(values, Mapping) else values
    listed = _names(given, "listed")
    managers = _names(given, "managers")
    texts = _texts(given, SETTINGS)
    if managers:
        if listed:
            raise BadOption("name members by `managers` or by `listed`, not by both", "listed")
        texts["managers"] = " ".join(managers)
    fresh = replace(
        ChannelSettings(), is_public=before.is_public, listed=tuple(sorted(set(listed)))
    )
    return await settled(store, channel, fresh, texts)


def _names(values: object, key: str) -> list[str]:
    """Members taken out of the values: `managers` as chat names them, `listed` as stored."""
    names = values.pop(key, None) if isinstance(values, dict) else None
    if isinstance(names, str):
        names = names.replace(",", " ").split()
    if not isinstance(names or [], list) or not all(isinstance(one, str) for one in names or []):
        raise BadOption(f"{key}: takes a list of members", key)
    if len(names or []) > MOST_LISTED:
        raise BadOption(f"{key}: takes at most {MOST_LISTED} members", key)
    return names or []


def _texts(values: object, keys: tuple[str, ...]) -> dict[str, str]:
    """The values as text, as a person would have typed them."""
    if not isinstance(values, Mapping):
        raise BadOption("expected keys and values, such as name: alignment")
    unknown = next((key for key in values if key not in keys), None)
    if unknown is not None:
        raise BadOption(
            f"there is no key “{str(unknown)[:30]}”; known are {', '.join(keys)}", str(unknown)
        )
    return {key: _text(key, value) for key, value in values.items() if value is not None}


def _text(key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int):
        raise BadOption(f"{key}: takes one value", key)
    text = str(value)
    if len(text) > LONGEST_VALUE and key != "filter":
        raise BadOption(f"{key}: is too long", key)
    return text
