"""The match index's atoms: small numbers for the things filters ask about.

Each atom is known once, whoever uses it, and given up with its last use. What a document has is
found in one pass over it, whatever the number of atoms.
"""

from array import array
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

from bot.model.paper import Event
from bot.model.topic import (
    Author,
    Count,
    Organization,
    Scope,
    Since,
    Term,
    Text,
    Tokens,
)
from bot.rules.document import Document
from bot.rules.fold import stem
from bot.rules.index_clauses import Atom
from bot.rules.index_facts import Facts
from bot.rules.index_limits import Limits
from bot.rules.index_names import Names
from bot.rules.index_words import Words
from bot.rules.matching import places
from bot.rules.synonyms import other_forms

_BETWEEN = "\n"  # no token, so that no phrase runs from the title into the abstract
_Key = Term | tuple[Any, ...]
"""An atom; a plain word's or phrase's tokens; or the key of the first form, in a tuple."""
Watch = tuple[Callable[[int], None], Callable[[int], None]]
"""How an atom's number is put where a term is looked for, and taken away again."""


class Atoms:
    """Terms by number, and which of them a document has."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        """Take the share of papers that each folded word stands in; absent means rare."""
        self._shares = shares
        self._numbers: dict[_Key, int] = {}
        self._keys: list[_Key | None] = []
        self._uses = array("q")
        self._share = array("d")
        self._free: list[int] = []
        self._words = {scope: Words(self._rarest_pair) for scope in Scope}
        self._special: dict[str, list[tuple[Text, int]]] = {}
        self._authors, self._organizations = Names(), Names()
        self._facts = Facts()
        self._limits = Limits()

    def __len__(self) -> int:
        """One more than the highest number ever given out."""
        return len(self._keys)

    def take(self, atom: Atom) -> int:
        """Its number; one more use of it."""
        key = _key(atom)
        number = self._numbers.get(key)
        if number is None:
            number = self._new(key, _terms(atom))
        self._uses[number] += 1
        return number

    def _new(self, key: _Key, terms: tuple[Term, ...]) -> int:
        if self._free:
            number = self._free.pop()
        else:
            number = len(self._keys)
            self._keys.append(None)
            self._uses.append(0)
            self._share.append(0)
        self._keys[number] = key
        self._numbers[key] = number
        self._share[number] = sum(map(self._share_of, terms))
        for term in terms:
            self._watch(term)[0](number)
        return number

    def release(self, number: int) -> None:
        """One use less; unused atoms are forgotten."""
        self._uses[number] -= 1
        key = self._keys[number]
        if self._uses[number] or key is None:
            return
        for term in _terms(_atom(key)):
            self._watch(term)[1](number)
        del self._numbers[key]
        self._keys[number] = None
        self._free.append(number)

    def share(self, number: int) -> float:
        """The share of papers that have it, roughly: good enough to choose the rarest."""
        return self._share[number]

    def _share_of(self, term: Term) -> float:
        match term:
            case Text(tokens, prefix=True):
                return self._shares.get(tokens[-1], 0.0) + 0.3 ** len(tokens[-1])
            case Text(tokens):
                folded = map(stem, tokens) if term.exact else tokens
                rarest = min(self._shares.get(token, 0.0) for token in folded)
                # Two words that both stand in a tenth of the papers stand together in fewer.
                return rarest * 0.3 ** (len(tokens) - 1) + 1e-6 / len(tokens[0])
            case Author() | Organization():
                return 1e-4
            case _:
                return 0.3

    def _watch(self, term: Term) -> Watch:
        match term:
            case Text():
                return self._watch_text(term)
            case Author(tokens, prefix):
                names = self._authors
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Organization(tokens, prefix):
                names = self._organizations
                add, remove = names.add, names.remove
                return partial(add, tokens, prefix=prefix), partial(remove, tokens, prefix=prefix)
            case Count() | Since():
                return partial(self._limits.add, term), partial(self._limits.remove, term)
            case _:
                return partial(self._facts.add, term), partial(self._facts.remove, term)

    def _watch_text(self, term: Text) -> Watch:
        words, tokens = self._words[term.scope], term.tokens
        if term.exact or term.near or (term.prefix and len(tokens) > 1):
            return partial(self._add_special, term), partial(self._remove_special, term)
        if term.prefix:
            beginning = tokens[0]
            return partial(words.add_beginning, beginning), partial(
                words.remove_beginning, beginning
            )
        return partial(words.add, tokens), partial(words.remove, tokens)

    def _add_special(self, term: Text, number: int) -> None:
        self._special.setdefault(self._trigger(term), []).append((term, number))

    def _remove_special(self, term: Text, number: int) -> None:
        trigger = self._trigger(term)
        self._special[trigger].remove((term, number))
        if not self._special[trigger]:
            del self._special[trigger]

    def _rarest_pair(self, tokens: Tokens) -> Tokens:
        """The two neighbours in a phrase that stand together most seldom, roughly."""
        share = self._shares.get
        return min(pairwise(tokens), key=lambda pair: min(share(pair[0], 0.0), share(pair[1], 0.0)))

    def _trigger(self, term: Text) -> str:
        """The rarest folded word that must stand in every text with this phrase."""
        whole = term.tokens[: len(term.tokens) - term.prefix]
        return min(map(stem, whole), key=lambda token: (self._shares.get(token, 0.0), token))

    def found(self, document: Document, event: Event | None, today: date) -> set[int]:
        """The numbers of all atoms the document has."""
        found = self._found_words(document)
        if self._authors:
            found.update(self._authors.find(document.authors))
        if self._organizations:
            found.update(self._organizations.find([document.organization]))
        if self._facts:
            found.update(self._facts.find(document, event))
        if self._limits:
            found.update(self._limits.find(document, today))
        return found

    def _found_words(self, document: Document) -> set[int]:
        title, abstract = document.title, document.abstract
        text = [*title, _BETWEEN, *abstract]
        found = self._words[Scope.ANY].find(text)
        if self._words[Scope.TITLE]:
            found |= self._words[Scope.TITLE].find(title)
        if self._words[Scope.ABSTRACT]:
            found |= self._words[Scope.ABSTRACT].find(abstract)
        if self._special:
            for trigger in self._special.keys() & text:
                special = self._special[trigger]
                found.update(number for term, number in special if places(term, document))
        return found


def _key(atom: Atom) -> _Key:
    """What an atom is remembered by: just the words where that says it all."""
    if isinstance(atom, tuple):
        return (_key(atom[0]),)
    if isinstance(atom, Text) and atom.scope is Scope.ANY:
        return atom if atom.prefix or atom.exact or atom.near else atom.tokens
    return atom


def _atom(key: _Key) -> Atom:
    """The atom that is remembered by this key."""
    if not isinstance(key, tuple):
        return key
    if isinstance(key[0], str):
        return Text(key)
    first = _atom(key[0])
    return (first, *other_forms(first)) if isinstance(first, Text) else first


def _terms(atom: Atom) -> tuple[Term, ...]:
    return atom if isinstance(atom, tuple) else (atom,)
