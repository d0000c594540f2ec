"""Which names of the match index stand among a paper's authors, or in its organisation."""

from collections.abc import Iterator
from itertools import chain, combinations, repeat

from bot.rules.index_words import Tokens, drop
from bot.rules.matching import in_order

LONGEST_NAME = 24  # tokens; of longer ones (whole collaborations) pairs would be too many


class Names:
    """Names looked for: one word, or several in order with others allowed in between.

    Names of three words or more, and those that end in the beginning of a word, are looked for
    where their first two words (or the first) stand.
    """

    __slots__ = ("_beginnings", "_first", "_longer", "_pairs", "_words")

    def __init__(self) -> None:
        self._words: dict[str, list[int]] = {}
        # Names of two words, and the beginnings of longer ones (which may have no atom themselves).
        self._pairs: dict[Tokens, list[int]] = {}
        self._first: dict[str, int] = {}
        self._beginnings: dict[str, list[int]] = {}
        self._longer: dict[str | Tokens, list[tuple[Tokens, bool, int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._words or self._pairs or self._beginnings or self._longer)

    def add(self, tokens: Tokens, atom: int, *, prefix: bool) -> None:
        """Look for a name; with `prefix` its last word stands for all that start so."""
        match list(tokens[: len(tokens) - prefix]):
            case []:
                self._beginnings.setdefault(tokens[0], []).append(atom)
            case [word] if prefix:
                self._longer.setdefault(word, []).append((tokens, prefix, atom))
            case [word]:
                self._words.setdefault(word, []).append(atom)
            case whole:
                pair = (whole[0], whole[1])
                self._first[pair[0]] = self._first.get(pair[0], 0) + 1
                self._pairs.setdefault(pair, [])
                if len(tokens) == 2:
                    self._pairs[pair].append(atom)
                else:
                    self._longer.setdefault(pair, []).append((tokens, prefix, atom))

    def remove(self, tokens: Tokens, atom: int, *, prefix: bool) -> None:
        """Take `add` back."""
        match list(tokens[: len(tokens) - prefix]):
            case []:
                drop(self._beginnings, tokens[0], atom)
            case [word] if prefix:
                drop(self._longer, word, (tokens, prefix, atom))
            case [word]:
                drop(self._words, word, atom)
            case whole:
                self._remove_pair((whole[0], whole[1]), tokens, atom, prefix=prefix)

    def _remove_pair(self, pair: Tokens, tokens: Tokens, atom: int, *, prefix: bool) -> None:
        if len(tokens) == 2:
            self._pairs[pair].remove(atom)
        else:
            drop(self._longer, pair, (tokens, prefix, atom))
        if not self._pairs[pair] and pair not in self._longer:
            del self._pairs[pair]
        self._first[pair[0]] -= 1
        if not self._first[pair[0]]:
            del self._first[pair[0]]

    def find(self, names: list[list[str]]) -> Iterator[int]:
        """Atoms found in these names, some more than once."""
        words = set(chain.from_iterable(names))
        found = [self._words[word] for word in self._words.keys() & words]
        starts: set[str | Tokens] = self._longer.keys() & words
        if not self._first.keys().isdisjoint(words):
            pairs = set(self._found_pairs(names))
            found += map(self._pairs.__getitem__, pairs)
            starts |= self._longer.keys() & pairs
        if self._beginnings:
            found += self._found_beginnings(words)
        if starts:
            found += self._found_longer(names, starts)
        return chain.from_iterable(found)

    def _found_pairs(self, names: list[list[str]]) -> Iterator[Tokens]:
        short = [name for name in names if len(name) <= LONGEST_NAME]
        pairs = chain.from_iterable(map(combinations, short, repeat(2)))
        yield from filter(self._pairs.__contains__, pairs)
        for name in (name for name in names if len(name) > LONGEST_NAME):
            yield from (pair for pair in self._pairs if in_order(pair, name, prefix=False))

    def _found_beginnings(self, words: set[str]) -> Iterator[list[int]]:
        for word in words:
            for length in range(1, len(word) + 1):
                if word[:length] in self._beginnings:
                    yield self._beginnings[word[:length]]

    def _found_longer(
        self, names: list[list[str]], starts: set[str | Tokens]
    ) -> Iterator[list[int]]:
        with_word: dict[str, list[list[str]]] = {}
        for name in names:
            for word in name:
                with_word.setdefault(word, []).append(name)
        for start in starts:
            for tokens, prefix, atom in self._longer[start]:
                if any(in_order(tokens, name, prefix=prefix) for name in with_word[tokens[0]]):
                    yield [atom]
