"""The match index's atoms: small numbers for the things filters ask about.

Each atom is known once, whoever uses it, and given up with its last use. What a document has is
found in one pass over it, whatever the number of atoms.
"""

from array import array
from collections.abc import Mapping
from datetime import date

from bot.model.paper import Event
from bot.model.topic import Scope, Term, Text, Tokens
from bot.rules.document import Document
from bot.rules.index_finder import Finder
from bot.rules.synonyms import other_forms

Key = Term | Tokens
"""An atom; of a plain word or phrase just the tokens."""


class Atoms:
    """Terms by number, and which of them a document has."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Take the share of papers that each folded word stands in; absent means rare."""
        self._numbers: dict[Key, int] = {}
        self._keys: list[Key | None] = []
        self._uses = array("q")
        self._share = array("d")
        self._free: list[int] = []
        self._finder = Finder(shares)

    def __len__(self) -> int:
        """One more than the highest number ever given out."""
        return len(self._keys)

    def take(self, term: Term) -> int:
        """Its number; one more use of it."""
        key = key_of(term)
        number = self._numbers.get(key)
        if number is None:
            number = self._new(key)
        self._uses[number] += 1
        return number

    def _new(self, key: Key) -> int:
        if self._free:
            number = self._free.pop()
        else:
            number = len(self._keys)
            self._keys.append(None)
            self._uses.append(0)
            self._share.append(0)
        self._keys[number] = key
        self._numbers[key] = number
        terms = terms_of(key)
        self._share[number] = sum(map(self._finder.share, terms))
        for term in terms:
            self._finder.watch(term, number)
        return number

    def release(self, number: int) -> None:
        """One use less; unused atoms are forgotten."""
        self._uses[number] -= 1
        key = self._keys[number]
        if self._uses[number] or key is None:
            return
        for term in terms_of(key):
            self._finder.unwatch(term, number)
        del self._numbers[key]
        self._keys[number] = None
        self._free.append(number)

    def share(self, number: int) -> float:
        """The share of papers that have it, roughly: good enough to choose the rarest."""
        return self._share[number]

    def found(self, document: Document, event: Event | None, today: date) -> set[int]:
        """The numbers of all atoms the document has."""
        return self._finder.found(document, event, today)


def key_of(term: Term) -> Key:
    """What an atom is remembered by: just the words where that says it all."""
    if isinstance(term, Text) and term.scope is Scope.ANY:
        return term if term.prefix or term.exact or term.near else term.tokens
    return term


def terms_of(key: Key) -> tuple[Term, ...]:
    """The term remembered by this key and, of a word or phrase, its other forms."""
    term = Text(key) if isinstance(key, tuple) else key
    return (term, *other_forms(term)) if isinstance(term, Text) else (term,)
