"""What to say to a person whose value of a field is nearly one."""

import re
from datetime import date
from difflib import get_close_matches

from bot.model.paper import Event
from bot.rules.language import LANGUAGES

_EVENTS = {
    "updated": Event.REPLACE, "update": Event.REPLACE, "revised": Event.REPLACE,
    "revision": Event.REPLACE, "published": Event.NEW, "announced": Event.NEW,
    "submitted": Event.NEW, "crosslist": Event.CROSS, "cross-list": Event.CROSS,
    "trending": Event.HOT, "popular": Event.HOT, "rising": Event.HOT, "retracted": Event.WITHDRAWN,
}  # fmt: skip
_OWN_NAMES = {"deutsch": "de", "français": "fr", "español": "es", "italiano": "it", "中文": "zh"}
_VERSION = re.compile(r"v?[2-9]|v?[1-9][0-9]+", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_DAYS = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_MOST_DAYS = 3650


def meant(field: str, value: str) -> str:
    """The suggestion; empty where there is none."""
    return f"Did you mean {field}:{value}?" if value else ""


def nearest_event(text: str) -> str:
    """The event a person may have meant; empty if none is near."""
    if _VERSION.fullmatch(text):
        return Event.REPLACE
    if text in _EVENTS:
        return _EVENTS[text]
    return next(iter(get_close_matches(text, list(Event), n=1, cutoff=0.7)), "")


def nearest_language(text: str) -> str:
    """The code of the language that is called so; empty if none is."""
    names = {name.lower(): code for code, name in LANGUAGES.items()} | _OWN_NAMES
    return names.get(text, "")


def nearest_time(text: str) -> str:
    """The age or the date a person may have meant; empty if it is neither."""
    if _DAYS.fullmatch(text) and int(text) <= _MOST_DAYS:
        return f"{text}d"
    day = _DAY.fullmatch(text)
    if day is None:
        return ""
    try:
        return date(*map(int, day.groups())).isoformat()
    except ValueError:
        return ""
