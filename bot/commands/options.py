"""Delivery options written as `key:value` anywhere in a line."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from enum import StrEnum
from typing import TypeVar

from bot.model.command import Options
from bot.model.errors import BadOption
from bot.model.subscription import Cadence, EmptyDay, Every, Layout, Mode
from bot.rules.schedule import WEEKDAYS, zone_of

MOST_PAPERS = 50
MOST_PAGES = 100
LONGEST_NAME = 40
ORDER_KEYS = ("every", "at", "on", "tz", "top", "mode", "layout", "empty", "name")
"""Options of a subscription."""

SEARCH_KEYS = ("page", "sort")
_KEYS = "|".join((*ORDER_KEYS, *SEARCH_KEYS))

_QUOTED = re.compile(r'"[^"]*"')
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_NAME = re.compile(r"\w[\w.+-]*")


def split_options(text: str, keys: str = _KEYS) -> tuple[str, dict[str, str]]:
    """The text without its options, and the options by lower-case key.

    keys: which there are, as `one|other`. Raises BadOption if one is given twice. Words inside
    quotes are never options.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found: dict[str, str] = {}
    rest, position = [], 0
    option = re.compile(rf"""(?<!\S)({keys}):("[^"]*"|[^\s"]*)""", re.IGNORECASE)
    for match in option.finditer(text):
        if any(start < match.start() < end for start, end in quoted):
            continue
        key = match[1].lower()
        if key in found:
            raise BadOption(f"{key}: is given twice; say it once", key)
        found[key] = match[2].strip('"').strip()
        rest.append(text[position : match.start()])
        position = match.end()
    rest.append(text[position:])
    return "".join(rest).strip(), found


def read_options(given: Mapping[str, str], before: Cadence | None = None) -> Options:
    """Typed options. Raises BadOption that says what the option takes.

    before: the cadence a change starts from, so that `at:10:00` alone moves only the hour.
    """
    options = Options()
    cadence = _cadence(given, before)
    if cadence is not None:
        options = replace(options, cadence=cadence)
    if "tz" in given:
        options = replace(options, zone=read_zone(given["tz"]))
    if "top" in given:
        options = replace(options, top=whole("top", given["top"], MOST_PAPERS))
    if "name" in given:
        options = replace(options, name=subscription_name(given["name"]))
    if "mode" in given:
        options = replace(options, mode=choice("mode", given["mode"], Mode))
    if "layout" in given:
        options = replace(options, layout=choice("layout", given["layout"], Layout))
    if "empty" in given:
        options = replace(options, empty=choice("empty", given["empty"], EmptyDay))
    return options


def read_zone(text: str) -> str:
    """An IANA zone's name. Raises BadOption."""
    try:
        return zone_of(text).key
    except BadOption as error:
        raise BadOption(str(error), "tz") from None


def _cadence(given: Mapping[str, str], before: Cadence | None) -> Cadence | None:
    if not given.keys() & {"every", "at", "on"}:
        return None
    cadence = _start(before, changes_rhythm="every" in given)
    for word in given.get("every", "").lower().split():
        cadence = _add_word(cadence, word)
    if "on" in given:
        cadence = replace(cadence, every=Every.WEEKLY, weekday=weekday_of(given["on"]))
    if "at" in given:
        cadence = replace(cadence, at=time_of(given["at"]))
    if cadence.every in {Every.INSTANT, Every.HOURLY}:
        if "at" in given:
            raise BadOption(f"at: does not go with every:{cadence.every}; leave one out", "at")
        return Cadence(cadence.every, None)
    if cadence.every is not Every.WEEKLY:
        return replace(cadence, weekday=None)
    return cadence if cadence.weekday is not None else replace(cadence, weekday=0)


def _start(before: Cadence | None, *, changes_rhythm: bool) -> Cadence:
    """What the given words are applied to; an hour makes a daily one of a rhythm without hours."""
    if before is None:
        return Cadence()
    if before.at is None:
        return before if changes_rhythm is False and before.every is Every.WEEKLY else Cadence()
    return before


def _add_word(cadence: Cadence, word: str) -> Cadence:
    """One word of `every:"weekly mon 09:00"`."""
    if word[0].isdigit():
        return replace(cadence, at=time_of(word, "every"))
    if word[:3].title() in WEEKDAYS and word not in set(Every):
        return replace(cadence, every=Every.WEEKLY, weekday=weekday_of(word, "every"))
    return replace(cadence, every=choice("every", word, Every))


def weekday_of(text: str, key: str = "on") -> int:
    """A weekday, 0 = Monday. Raises BadOption."""
    word = text[:3].title()
    if word not in WEEKDAYS:
        raise BadOption(f"{key}: takes a weekday ({', '.join(WEEKDAYS)}), not “{text[:20]}”", key)
    return WEEKDAYS.index(word)


def time_of(text: str, key: str = "at") -> time:
    """A time of day from `09:00`, `9`, `9am` or `9:30pm`. Raises BadOption."""
    match = _TIME.fullmatch(text.strip()) if text.isascii() else None
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        in_range = 1 <= hour <= 12 if half else hour <= 23
        if in_range and minute <= 59:
            return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)
    raise BadOption(f"{key}: takes a time such as 09:00, not “{text[:20]}”", key)


def whole(key: str, text: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises BadOption."""
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    raise BadOption(f"{key}: takes a whole number from 1 to {most}, not “{text[:20]}”", key)


def subscription_name(text: str) -> str:
    """A name that can be typed in a command again. Raises BadOption."""
    if _NAME.fullmatch(text) and len(text) <= LONGEST_NAME:
        return text
    raise BadOption(
        f"name: takes one word of at most {LONGEST_NAME} letters, digits, “-”, “_” or “.”, "
        f"not “{text[:20]}”",
        "name",
    )


Choice = TypeVar("Choice", bound=StrEnum)


def choice(key: str, text: str, kind: type[Choice]) -> Choice:
    """One of a few words. Raises BadOption."""
    try:
        return kind(text.lower())
    except ValueError:
        raise BadOption(f"{key}: takes {', '.join(kind)}, not “{text[:20]}”", key) from None
