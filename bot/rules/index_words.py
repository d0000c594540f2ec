"""Which words and phrases of the match index stand in a text."""

from collections.abc import Hashable, Iterable, Iterator
from itertools import chain, pairwise
from typing import TypeVar

MOST_REMEMBERED = 1 << 18
LONG = 4  # tokens; phrases of so many are found by their first three

Tokens = tuple[str, ...]
Key = TypeVar("Key", bound=Hashable)


class _Found(dict[str, tuple[int, ...]]):
    """Token → atoms of the words and beginnings of words it stands for, worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, list[int]] = {}
        self.beginnings: dict[str, list[int]] = {}

    def __missing__(self, token: str) -> tuple[int, ...]:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = list(self.words.get(token, ()))
        if self.beginnings:
            for length in range(1, len(token) + 1):
                found += self.beginnings.get(token[:length], ())
        self[token] = atoms = tuple(found)
        return atoms


class Words:
    """The words, beginnings of words and phrases looked for in one scope."""

    __slots__ = ("_found", "_long", "_pairs", "_triples")

    def __init__(self) -> None:
        self._found = _Found()
        self._pairs: dict[Tokens, list[int]] = {}
        # Phrases of three, and the beginnings of longer ones (which may have no atom themselves).
        self._triples: dict[Tokens, list[int]] = {}
        self._long: dict[Tokens, dict[Tokens, list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._found.words or self._found.beginnings or self._pairs or self._triples)

    def add(self, tokens: Tokens, atom: int) -> None:
        """Look for a word or phrase."""
        if len(tokens) == 1:
            self._found.words.setdefault(tokens[0], []).append(atom)
            self._found.pop(tokens[0], None)
        elif len(tokens) == 2:
            self._pairs.setdefault(tokens, []).append(atom)
        elif len(tokens) < LONG:
            self._triples.setdefault(tokens, []).append(atom)
        else:
            self._triples.setdefault(tokens[:3], [])
            self._long.setdefault(tokens[:3], {}).setdefault(tokens, []).append(atom)

    def remove(self, tokens: Tokens, atom: int) -> None:
        """Take `add` back."""
        if len(tokens) == 1:
            drop(self._found.words, tokens[0], atom)
            self._found.pop(tokens[0], None)
        elif len(tokens) == 2:
            drop(self._pairs, tokens, atom)
        elif len(tokens) < LONG:
            self._triples[tokens].remove(atom)
            self._tidy(tokens)
        else:
            drop(self._long[tokens[:3]], tokens, atom)
            self._tidy(tokens[:3])

    def _tidy(self, start: Tokens) -> None:
        if start in self._long and not self._long[start]:
            del self._long[start]
        if not self._triples[start] and start not in self._long:
            del self._triples[start]

    def add_beginning(self, beginning: str, atom: int) -> None:
        """Look for every word that starts so."""
        self._found.beginnings.setdefault(beginning, []).append(atom)
        self._found.clear()

    def remove_beginning(self, beginning: str, atom: int) -> None:
        """Take `add_beginning` back."""
        drop(self._found.beginnings, beginning, atom)
        self._found.clear()

    def find(self, words: set[str], texts: Iterable[list[str]]) -> Iterator[int]:
        """Atoms found in `texts`, whose distinct tokens are `words`; some more than once.

        The loops run inside zip, filter and chain: some 50 ns a token.
        """
        found: list[Iterable[Iterable[int]]] = [map(self._found.__getitem__, words)]
        for text in texts:
            if self._pairs:
                pairs = filter(self._pairs.__contains__, pairwise(text))
                found.append(map(self._pairs.__getitem__, pairs))
            if self._triples:
                rest = zip(text, text[1:], text[2:], strict=False)
                triples = list(filter(self._triples.__contains__, rest))
                found.append(map(self._triples.__getitem__, triples))
                if self._long:
                    found.append(self._find_long(text, triples))
        return chain.from_iterable(chain.from_iterable(found))

    def _find_long(self, text: list[str], starts: Iterable[Tokens]) -> Iterator[list[int]]:
        whole = f" {' '.join(text)} "
        for start in starts:
            for tokens, atoms in self._long.get(start, {}).items():
                if f" {' '.join(tokens)} " in whole:
                    yield atoms


def drop(table: dict[Key, list[int]], key: Key, atom: int) -> None:
    """Take an atom off the list of `key`, and the list away when it is empty."""
    atoms = table[key]
    atoms.remove(atom)
    if not atoms:
        del table[key]
