"""The plain majority of canonical filters, read without a parser.

Words, phrases, names, categories and thresholds side by side, some of them left out, with at most
one level of alternatives: nearly all filters. A program with very many of them starts several times
faster this way. Everything else is for `bot.rules.parse`.
"""

import re
from functools import lru_cache

from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    Metric,
    Node,
    Not,
    Or,
    Organization,
    Text,
)
from bot.rules.fold import stem

_WORDS = r'(?:[a-z0-9]+|"[a-z0-9]+(?: [a-z0-9]+)+")'
_PART = (
    rf"(?:-?(?:author:|org:)?{_WORDS}|[a-z0-9]{{2,}}\*|-?cat:[A-Za-z0-9.-]+(?:\.\*)?"
    r"|(?:upvotes|comments|stars):>=[0-9]+)"
)
_LIST = rf"{_WORDS}(?: \| {_WORDS})+"
_PLAIN = re.compile(rf"{_PART}|{_LIST}|(?:{_PART}|\({_LIST}\))(?: (?:{_PART}|\({_LIST}\)))+")
_PARTS = re.compile(r'\([^)]+\)|-?(?:[a-z]+:)?(?:"[^"]+"|[^ "|]+)')
_PIECES = re.compile(r'(-?)([a-z]+:)?(?:"([^"]+)"|(.+))')
MOST_PARTS = 1 << 14
"""Parts kept: the popular words stand in most filters."""


class _FoldedAnew(Exception):
    """A word is folded differently by now than when the filter was stored."""


def quick(canonical: str) -> Node | None:
    """The tree of a canonical text, or None if this is not the one to read it."""
    if not _PLAIN.fullmatch(canonical):
        return None
    try:
        parts = tuple(_parts(canonical))
    except _FoldedAnew:
        return None
    if len(parts) == 1:
        return parts[0]
    return Or(parts) if " | " in canonical and "(" not in canonical else And(parts)


def _parts(text: str) -> list[Node]:
    return [
        Or(tuple(map(_part, _PARTS.findall(part[1:-1])))) if part[0] == "(" else _part(part)
        for part in _PARTS.findall(text)
    ]


@lru_cache(maxsize=MOST_PARTS)
def _part(text: str) -> Node:
    if text.isalnum():
        return _text(text, "")
    if text[0] == '"':
        return _text("", text[1:-1])
    found = _PIECES.fullmatch(text)
    if found is None:
        raise ValueError(text)
    sign, field, phrase, word = (one or "" for one in found.groups())
    part = _term(field, word, phrase) if field else _text(word, phrase)
    return Not(part) if sign else part


def _text(word: str, phrase: str) -> Text:
    if word.endswith("*"):
        return Text((word[:-1],), prefix=True, shown=word[:-1])
    tokens = tuple(phrase.split()) if phrase else (word,)
    for token in tokens:
        if stem(token) != token:
            raise _FoldedAnew
    return Text(tokens, shown=word or phrase)


def _term(field: str, word: str, phrase: str) -> Node:
    if field == "author:":
        return Author(tuple(phrase.split()) or (word,), shown=word or phrase)
    if field == "org:":
        return Organization(tuple(phrase.split()) or (word,), shown=word or phrase)
    if field == "cat:":
        code = word.lower()
        return Category(code.removesuffix(".*"), archive=code.endswith(".*"))
    return Count(Metric(field[:-1]), low=int(word[2:]))
