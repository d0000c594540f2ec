"""What can be read but is seldom meant: operators in small letters, `!`, commas, `version:hot` alone."""

import re
from collections.abc import Iterator
from itertools import pairwise

from bot.model.paper import Event
from bot.model.topic import And, Node, Or, Version
from bot.rules.lexer import Kind, lexemes
from bot.rules.matching import has_threshold

_MEANT = {
    "or": "for either of two, write OR in capitals, or |.",
    "not": "to leave a word out, write -word, or NOT in capitals.",
}


_UNSET = (
    "version:hot brings a paper when a counter passes a threshold, and this filter names none; add "
    "one, such as upvotes:>=20."
)


_QUOTED = re.compile(r'"[^"]*"')
_EXCLAMATION = re.compile(r"(?:^|[\s(])!(?:\(|(\w+)(?!\w|:)|\w+:)")
_COMMA = re.compile(r"\w,\s+[\w=-]")


def notes(typed: str, root: Node) -> tuple[str, ...]:
    """What to tell a person of a filter to listen with that is probably not what they mean.

    root: its tree, with what `filter:name` in it stands for.
    """
    idle = _asks_for_hot(root) and not has_threshold(root)
    return (*slips(typed), *([_UNSET] if idle else []))


def _asks_for_hot(node: Node) -> bool:
    match node:
        case And(parts) | Or(parts):
            return any(map(_asks_for_hot, parts))
        case _:
            return node == Version(Event.HOT)


def slips(typed: str) -> tuple[str, ...]:
    """A sentence for each sign or operator of a filter that other languages have, each once."""
    found = lexemes(typed)
    told: dict[str, str] = {}
    inside = 0  # in how many brackets of a field
    for before, one in pairwise([found[0], *found]):
        if one.kind is Kind.OPEN and (inside or before.kind is Kind.FIELD):
            inside += 1
        elif one.kind is Kind.CLOSE and inside:
            inside -= 1
        if inside or before.kind in {Kind.FIELD, Kind.NOT}:
            continue
        word = one.text.lower()
        if one.kind is Kind.WORD and word in _MEANT:
            said = f"“{one.text}” is a word to look for here; {_MEANT[word]}"
            told.setdefault(word, said)
    for mark, said in _marks(typed):
        told.setdefault(mark, said)
    return tuple(told.values())


def _marks(typed: str) -> Iterator[tuple[str, str]]:
    plain = _QUOTED.sub("x", typed)
    excluding = _EXCLAMATION.search(plain)
    if excluding:
        example = f"-{excluding[1]}" if excluding[1] else "-word"
        yield "!", f"“!” is read past; to leave a word out, write {example}, or NOT in capitals."
    if _COMMA.search(plain):
        yield (
            ",",
            "A comma is read past, so all of these words are wanted; for any of them, write OR or |.",
        )
