"""Subscriptions and settings as plain values, for files people keep: the same both ways."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.commands.options import read_options, subscription_name
from bot.commands.settling import read_typed
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
from bot.rules.parse import parse_filter
from bot.rules.schedule import WEEKDAYS

Values = dict[str, Any]
OPTIONS = ("every", "at", "on", "tz", "top", "mode", "layout", "empty")
KEYS = ("name", "filter", *OPTIONS, "weekday", "paused")
SETTINGS = ("tz", "mode", "layout", "empty", "manage", "listed", "tally", "threads", "publish")
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


def read_subscription(values: object, channel: Channel, zone: str, now: datetime) -> Subscription:
    """A subscription from plain values. Raises BadOption, BadFilter.

    Its filter is not resolved yet: it may name others with `filter:`.
    """
    given = _texts(values, KEYS)
    if "filter" not in given:
        raise BadOption("it has no filter")
    options = {key: text for key, text in given.items() if key in OPTIONS}
    if "weekday" in given and "on" not in options:
        options["on"] = _weekday(given["weekday"])
    if options.get("every") in {"daily", "weekdays", "hourly", "instant"}:
        options.pop("on", None)
    read = read_options(options)
    return Subscription(
        channel=channel,
        name=subscription_name(given.get("name", "")),
        filter=parse_filter(given["filter"]),
        typed=given["filter"],
        cadence=read.cadence or Cadence(),
        zone=read.zone or zone,
        top=read.top or DEFAULT_TOP,
        mode=read.mode or Mode.COMPACT,
        layout=read.layout or Layout.DIGEST,
        empty=read.empty or EmptyDay.SILENT,
        created_at=now,
        paused_until=_paused(given.get("paused", "")),
    )


def _weekday(text: str) -> str:
    if text.isascii() and text.isdigit() and int(text[:3]) < len(WEEKDAYS):
        return WEEKDAYS[int(text)]
    raise BadOption(f"weekday: takes 0 (Monday) to 6, not “{text[:20]}”")


def _paused(text: str) -> datetime | None:
    if text.lower() in {"", "false", "no"}:
        return None
    if text.lower() in {"true", "yes"}:
        return UNTIL_RESUMED
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadOption(f"paused: takes true, false or a time, not “{text[:30]}”") from None
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


def read_settings(values: object, before: ChannelSettings) -> ChannelSettings:
    """Settings from plain values: what is not named is the default. Raises BadOption."""
    listed: tuple[str, ...] = ()
    if isinstance(values, Mapping):
        values = dict(values)
        names = values.pop("listed", [])
        if not isinstance(names, list) or not all(isinstance(one, str) for one in names[:51]):
            raise BadOption("listed: takes a list of hashed members")
        listed = tuple(sorted(names[:50]))
    given = _texts(values, SETTINGS)
    fresh = replace(ChannelSettings(), is_public=before.is_public, listed=listed)
    return read_typed(fresh, given)


def _texts(values: object, keys: tuple[str, ...]) -> dict[str, str]:
    """The values as text, as a person would have typed them."""
    if not isinstance(values, Mapping):
        raise BadOption("expected keys and values, such as name: alignment")
    unknown = next((key for key in values if key not in keys), None)
    if unknown is not None:
        raise BadOption(f"there is no key “{str(unknown)[:30]}”; known are {', '.join(keys)}")
    return {key: _text(key, value) for key, value in values.items() if value is not None}


def _text(key: str, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int):
        raise BadOption(f"{key}: takes one value")
    text = str(value)
    if len(text) > LONGEST_VALUE and key != "filter":
        raise BadOption(f"{key}: is too long")
    return text
