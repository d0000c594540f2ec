"""Operators in small letters, which are words like any others and seldom meant as such."""

from itertools import pairwise

from bot.rules.lexer import Kind, lexemes

_MEANT = {
    "or": "for either of two, write OR in capitals, or |.",
    "not": "to leave a word out, write -word, or NOT in capitals.",
}


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
