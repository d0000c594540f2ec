"""A filter's tree drawn as lines, and as plain values for JSON."""

from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from typing import Any

from bot.model.topic import And, Node, Not, Or, Text
from bot.rules.reading import phrase
from bot.rules.synonyms import other_forms


def outline(node: Node) -> tuple[str, ...]:
    """The tree, one node a line, with the other forms each word also stands for."""
    return tuple(_drawn(node))


def _drawn(node: Node) -> Iterator[str]:
    yield _name(node)
    below = _parts(node)
    for number, part in enumerate(below, start=1):
        last = number == len(below)
        head, *rest = _drawn(part)
        yield f"{'└─ ' if last else '├─ '}{head}"
        yield from (f"{'   ' if last else '│  '}{line}" for line in rest)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case _:
            return ()


def _name(node: Node) -> str:
    match node:
        case And():
            return "all of"
        case Or():
            return "any of"
        case Not():
            return "not"
        case Text():
            others = ", ".join(f"“{' '.join(form.tokens)}”" for form in other_forms(node))
            return phrase(node) + (f"; also {others}" if others else "")
        case term:
            return phrase(term)


def as_values(node: Node) -> dict[str, Any]:
    """The tree as dictionaries: `kind`, then what that kind of node holds."""
    match node:
        case And(parts) | Or(parts):
            return {"kind": _kind(node), "parts": [as_values(part) for part in parts]}
        case Not(part):
            return {"kind": "not", "part": as_values(part)}
        case term:
            held = {one.name: _plain(getattr(term, one.name)) for one in fields(term)}
            held.pop("shown", None)
            if isinstance(term, Text):
                held["also"] = [list(form.tokens) for form in other_forms(term)]
            return {"kind": _kind(term), **held}


def _kind(node: Node) -> str:
    return type(node).__name__.lower()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
