"""Cursors as text: a small JSON object that only its own source reads."""

import json
from collections.abc import Mapping
from datetime import date

from adapters.sources.records import day_of
from adapters.sources.strict_json import BadJson, decode

State = Mapping[str, object]


def read(cursor: str | None) -> State:
    """What the cursor says; nothing at all when there is none or it is not ours.

    An unreadable cursor is as good as none: the source then reads its current window again, and
    the store recognises what it has.
    """
    if cursor is None:
        return {}
    try:
        state = decode(cursor)
    except BadJson:
        return {}
    return state if isinstance(state, dict) else {}


def write(**state: object) -> str:
    """A cursor; dates as ISO text, empty values left out."""
    kept = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in state.items()
        if value
    }
    return json.dumps(kept, sort_keys=True)


def text(state: State, name: str) -> str:
    """A text of the cursor, or ""."""
    value = state.get(name)
    return value if isinstance(value, str) else ""


def day(state: State, name: str) -> date | None:
    """A date of the cursor, or None."""
    return day_of(state.get(name))
