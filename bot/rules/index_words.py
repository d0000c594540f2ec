"""Which words and phrases of the match index stand in a text."""

from collections.abc import Callable, Hashable, Iterable
from itertools import chain, pairwise
from typing import TypeVar

MOST_REMEMBERED = 1 << 18

Tokens = tuple[str, ...]
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


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
    """The words, beginnings of words and phrases looked for in one scope.

    Phrases of three words or more are looked for where one of their pairs stands.
    """

    __slots__ = ("_found", "_longer", "_pair_of", "_pairs")

    def __init__(self, pair_of: Callable[[Tokens], Tokens]) -> None:
        """Take how to choose the rarest pair of a phrase; always the same for a phrase."""
        self._found = _Found()
        # Phrases of two, and the pairs of longer ones (which may have no atom themselves).
        self._pairs: dict[Tokens, list[int]] = {}
        self._longer: dict[Tokens, dict[str, list[int]]] = {}
        self._pair_of = pair_of

    def __bool__(self) -> bool:
        return bool(self._pairs or self._found.words or self._found.beginnings)

    def add(self, tokens: Tokens, atom: int) -> None:
        """Look for a word or phrase."""
        if len(tokens) == 1:
            self._found.words.setdefault(tokens[0], []).append(atom)
            self._found.pop(tokens[0], None)
        elif len(tokens) == 2:
            self._pairs.setdefault(tokens, []).append(atom)
        else:
            pair = self._pair_of(tokens)
            self._pairs.setdefault(pair, [])
            self._longer.setdefault(pair, {}).setdefault(_spaced(tokens), []).append(atom)

    def remove(self, tokens: Tokens, atom: int) -> None:
        """Take `add` back."""
        if len(tokens) == 1:
            drop(self._found.words, tokens[0], atom)
            self._found.pop(tokens[0], None)
            return
        pair = tokens if len(tokens) == 2 else self._pair_of(tokens)
        if len(tokens) == 2:
            self._pairs[pair].remove(atom)
        else:
            drop(self._longer[pair], _spaced(tokens), atom)
            if not self._longer[pair]:
                del self._longer[pair]
        if not self._pairs[pair] and pair not in self._longer:
            del self._pairs[pair]

    def add_beginning(self, beginning: str, atom: int) -> None:
        """Look for every word that starts so."""
        self._found.beginnings.setdefault(beginning, []).append(atom)
        self._found.clear()

    def remove_beginning(self, beginning: str, atom: int) -> None:
        """Take `add_beginning` back."""
        drop(self._found.beginnings, beginning, atom)
        self._found.clear()

    def find(self, text: list[str]) -> set[int]:
        """Atoms found in `text`. The loops run inside map, filter and chain."""
        found = set(chain.from_iterable(filter(None, map(self._found.__getitem__, text))))
        if self._pairs:
            pairs = list(filter(self._pairs.__contains__, pairwise(text)))
            found.update(chain.from_iterable(map(self._pairs.__getitem__, pairs)))
            longer = self._longer.keys() & pairs if self._longer else ()
            if longer:
                whole = _spaced(text)
                for pair in longer:
                    for phrase, atoms in self._longer[pair].items():
                        if phrase in whole:
                            found.update(atoms)
        return found


def _spaced(tokens: Iterable[str]) -> str:
    """Tokens as one text in which a phrase is a substring only where all its words match."""
    return f" {' '.join(tokens)} "


def drop(table: dict[Key, list[Value]], key: Key, value: Value) -> None:
    """Take a value off the list of `key`, and the list away when it is empty."""
    values = table[key]
    values.remove(value)
    if not values:
        del table[key]
