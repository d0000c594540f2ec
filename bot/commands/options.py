"""Delivery options written as `key:value` anywhere in a subscribe line."""

import re
from dataclasses import replace
from datetime import time
from enum import StrEnum
from typing import TypeVar

from bot.model.command import Options
from bot.model.errors import BadOption
from bot.model.subscription import Cadence, Every, Mode
from bot.rules.schedule import WEEKDAYS, zone_of

MOST_PAPERS = 50
LONGEST_NAME = 40

_OPTION = re.compile(
    r"""(?<!\S)(every|at|on|tz|top|mode|name|page):("[^"]*"|[^\s"]*)""", re.IGNORECASE
)
_QUOTED = re.compile(r'"[^"]*"')
_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
_NAME = re.compile(r"\w[\w.+-]*")


def split_options(text: str) -> tuple[str, dict[str, str]]:
    """The text without its options, and the options by lower-case key.

    Raises BadOption if one is given twice. Words inside quotes are never options.
    """
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found: dict[str, str] = {}
    rest, position = [], 0
    for match in _OPTION.finditer(text):
        if any(start < match.start() < end for start, end in quoted):
            continue
        key = match[1].lower()
        if key in found:
            raise BadOption(f"{key}: is given twice; say it once")
        found[key] = match[2].strip('"').strip()
        rest.append(text[position : match.start()])
        position = match.end()
    rest.append(text[position:])
    return "".join(rest).strip(), found


def read_options(given: dict[str, str]) -> Options:
    """Typed options. Raises BadOption that says what the option takes."""
    options = Options()
    cadence = _cadence(given)
    if cadence is not None:
        options = replace(options, cadence=cadence)
    if "tz" in given:
        options = replace(options, zone=zone_of(given["tz"]).key)
    if "top" in given:
        options = replace(options, top=whole("top", given["top"], MOST_PAPERS))
    if "name" in given:
        options = replace(options, name=subscription_name(given["name"]))
    if "mode" in given:
        options = replace(options, mode=_choice("mode", given["mode"], Mode))
    return options


def _cadence(given: dict[str, str]) -> Cadence | None:
    if not given.keys() & {"every", "at", "on"}:
        return None
    cadence = Cadence()
    for word in given.get("every", "").lower().split():
        cadence = _add_word(cadence, word)
    if "on" in given:
        cadence = replace(cadence, every=Every.WEEKLY, weekday=_weekday(given["on"]))
    if "at" in given:
        cadence = replace(cadence, at=time_of(given["at"]))
    if cadence.every in {Every.INSTANT, Every.HOURLY}:
        if "at" in given:
            raise BadOption(f"at: does not go with every:{cadence.every}; leave one of them out")
        return Cadence(cadence.every, None)
    if cadence.every is Every.WEEKLY and cadence.weekday is None:
        return replace(cadence, weekday=0)
    return cadence


def _add_word(cadence: Cadence, word: str) -> Cadence:
    """One word of `every:"weekly mon 09:00"`."""
    if word[0].isdigit():
        return replace(cadence, at=time_of(word))
    if word[:3].title() in WEEKDAYS and word not in set(Every):
        return replace(cadence, every=Every.WEEKLY, weekday=_weekday(word))
    return replace(cadence, every=_choice("every", word, Every))


def _weekday(text: str) -> int:
    word = text[:3].title()
    if word not in WEEKDAYS:
        raise BadOption(f"on: takes a weekday ({', '.join(WEEKDAYS)}), not “{text[:20]}”")
    return WEEKDAYS.index(word)


def time_of(text: str) -> time:
    """A time of day from `09:00`, `9`, `9am` or `9:30pm`. Raises BadOption."""
    match = _TIME.fullmatch(text.strip()) if text.isascii() else None
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
        in_range = 1 <= hour <= 12 if half else hour <= 23
        if in_range and minute <= 59:
            return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)
    raise BadOption(f"at: takes a time such as 09:00, not “{text[:20]}”")


def whole(key: str, text: str, most: int) -> int:
    """A whole number from 1 to `most`. Raises BadOption."""
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    raise BadOption(f"{key}: takes a whole number from 1 to {most}, not “{text[:20]}”")


def subscription_name(text: str) -> str:
    """A name that can be typed in a command again. Raises BadOption."""
    if _NAME.fullmatch(text) and len(text) <= LONGEST_NAME:
        return text
    raise BadOption(
        f"name: takes one word of at most {LONGEST_NAME} letters, digits, “-”, “_” or “.”, "
        f"not “{text[:20]}”"
    )


Choice = TypeVar("Choice", bound=StrEnum)


def _choice(key: str, text: str, kind: type[Choice]) -> Choice:
    try:
        return kind(text.lower())
    except ValueError:
        raise BadOption(f"{key}: takes {', '.join(kind)}, not “{text[:20]}”") from None
