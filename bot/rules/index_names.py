"""Which names of the match index stand among a paper's authors, or in its organisation."""

from collections.abc import Iterable, Iterator
from itertools import chain, combinations

from bot.rules.index_words import Tokens, drop
from bot.rules.matching import in_order

LONGEST_NAME = 24  # tokens; of longer ones (whole collaborations) pairs would be too many


class Names:
    """Names looked for: one word, or several in order with others allowed in between."""

    __slots__ = ("_beginnings", "_longer", "_pairs", "_words")

    def __init__(self) -> None:
        self._words: dict[str, list[int]] = {}
        self._pairs: dict[Tokens, list[int]] = {}
        self._beginnings: dict[str, list[int]] = {}
        # By first word: names of three words or more, and longer ones that end in a beginning.
        self._longer: dict[str, list[tuple[Tokens, bool, int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._words or self._pairs or self._beginnings or self._longer)

    def add(self, tokens: Tokens, atom: int, *, prefix: bool) -> None:
        """Look for a name; with `prefix` its last word stands for all that start so."""
        if len(tokens) > 2 or (prefix and len(tokens) == 2):
            self._longer.setdefault(tokens[0], []).append((tokens, prefix, atom))
        elif len(tokens) == 2:
            self._pairs.setdefault(tokens, []).append(atom)
        else:
            self._single(prefix=prefix).setdefault(tokens[0], []).append(atom)

    def remove(self, tokens: Tokens, atom: int, *, prefix: bool) -> None:
        """Take `add` back."""
        if len(tokens) > 2 or (prefix and len(tokens) == 2):
            self._longer[tokens[0]].remove((tokens, prefix, atom))
            if not self._longer[tokens[0]]:
                del self._longer[tokens[0]]
        elif len(tokens) == 2:
            drop(self._pairs, tokens, atom)
        else:
            drop(self._single(prefix=prefix), tokens[0], atom)

    def _single(self, *, prefix: bool) -> dict[str, list[int]]:
        return self._beginnings if prefix else self._words

    def find(self, names: Iterable[list[str]]) -> Iterator[int]:
        """Atoms found in these names, some more than once."""
        names = list(names)
        words = set(chain.from_iterable(names))
        found: list[Iterable[list[int]]] = [
            map(self._words.__getitem__, self._words.keys() & words)
        ]
        if self._pairs:
            found.append(self._found_pairs(names))
        if self._beginnings:
            found.append(self._found_beginnings(words))
        if self._longer:
            found.append(self._found_longer(names, words))
        return chain.from_iterable(chain.from_iterable(found))

    def _found_pairs(self, names: list[list[str]]) -> Iterator[list[int]]:
        short = [name for name in names if 2 <= len(name) <= LONGEST_NAME]
        pairs = chain.from_iterable(combinations(name, 2) for name in short)
        yield from map(self._pairs.__getitem__, filter(self._pairs.__contains__, pairs))
        for name in (name for name in names if len(name) > LONGEST_NAME):
            for pair, atoms in self._pairs.items():
                if in_order(pair, name, prefix=False):
                    yield atoms

    def _found_beginnings(self, words: set[str]) -> Iterator[list[int]]:
        for word in words:
            for length in range(1, len(word) + 1):
                if word[:length] in self._beginnings:
                    yield self._beginnings[word[:length]]

    def _found_longer(self, names: list[list[str]], words: set[str]) -> Iterator[list[int]]:
        for first in self._longer.keys() & words:
            for tokens, prefix, atom in self._longer[first]:
                if any(in_order(tokens, name, prefix=prefix) for name in names):
                    yield [atom]
