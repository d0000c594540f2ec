"""What can be read but is seldom meant: operators in small letters, `version:hot` by itself."""

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
    """A sentence for each operator in small letters of a filter that can be read, each once."""
    found = lexemes(typed)
    words: dict[str, str] = {}
    inside = 0  # in how many brackets of a field
    for before, one in pairwise([found[0], *found]):
        if one.kind is Kind.OPEN and (inside or before.kind is Kind.FIELD):
            inside += 1
        elif one.kind is Kind.CLOSE and inside:
            inside -= 1
        plain = one.kind is Kind.WORD and before.kind not in {Kind.FIELD, Kind.NOT}
        if plain and not inside and one.text.lower() in _MEANT:
            words.setdefault(one.text.lower(), one.text)
    return tuple(
        f"“{text}” is a word to look for here; {_MEANT[word]}" for word, text in words.items()
    )
