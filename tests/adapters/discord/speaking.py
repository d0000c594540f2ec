"""`/papers LINE` as a person on Discord would do it: the slash command, and what is put into it."""

import re
from dataclasses import dataclass, field
from typing import Any

_OPTION = re.compile(r'(?<!\S)(every|at|on|tz|top|name|mode|layout|empty):("[^"]*"|\S+)')
_SWITCH = {"on": "yes", "off": "no"}
_NUMBERS = ("top",)
_NAMED = ("unsubscribe", "pause", "resume")
_MINE = ("save", "saved", "bib", "follow", "unfollow", "mute", "unmute", "digest", "forget-me")
_PUT_INTO = {"save": "paper", "follow": "who", "unfollow": "who", "mute": "term", "unmute": "term"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command with its options."""

    command: str
    options: dict[str, Any] = field(default_factory=dict)


def as_typed(line: str) -> Typed:
    """The slash command that means the same as a line typed elsewhere."""
    verb, _, rest = line.partition(" ")
    if verb in {"subscribe", "edit"}:
        return _order(verb, rest)
    if verb in _NAMED:
        return Typed(f"papers-admin {verb}", {"name": rest} if rest else {})
    if verb in {"list", "log", "settings", "export", "import"}:
        given: dict[str, Any] = {"all": True} if rest == "all" else {}
        if verb == "settings":
            given |= {
                key: _SWITCH.get(value, value) for key, value in re.findall(r"(\w+):(\S+)", rest)
            }
        return Typed(f"papers-admin {verb}", given)
    if verb == "preview":
        words, days = re.fullmatch(r"(.+?)(?: (\d+)d)?", rest).groups()
        return Typed(
            "papers-admin preview", {"filter": words, **({"days": int(days)} if days else {})}
        )
    if verb in _MINE:
        return Typed(f"papers-me {verb}", _mine(verb, rest))
    if verb in {"why", "trend", "status"}:
        return Typed("papers", {"view": verb, **({"query": rest} if rest else {})})
    return Typed("papers", {"query": line} if line else {})


def _order(verb: str, rest: str) -> Typed:
    options: dict[str, Any] = {}
    if verb == "edit":
        options["name"], _, rest = rest.partition(" ")
    for key, value in _OPTION.findall(rest):
        options[key] = int(value) if key in _NUMBERS else value.strip('"')
    words = _OPTION.sub("", rest).strip()
    if words:
        options["filter"] = words
    return Typed(f"papers-admin {verb}", options)


def _mine(verb: str, rest: str) -> dict[str, Any]:
    if not rest:
        return {}
    if verb == "bib":
        return {"what": rest} if rest in {"today", "week", "saved"} else {"paper": rest}
    return {_PUT_INTO.get(verb, "name"): rest}
