"""Words, beginnings of words and phrases, looked for in the texts of many papers at once.

A phrase is a way through a tree whose branches are words: from the first word to the first two,
and so on. All branches of all phrases stand in one sorted array, and all places of all texts take
each step together, so that a text costs a few look-ups however many phrases there are.
"""

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, count

import numpy as np

from bot.rules.fold import stem
from bot.rules.index_bulk.arrays import Index, Ints, Longs, grouped, ranges
from bot.rules.index_words import MOST_REMEMBERED

BETWEEN = "\n"  # no word, so that no phrase runs from one text into the next
_MIXER = np.uint64(0x9E3779B97F4A7C15)  # spreads branches over the sieve; any odd number does
_PLACES_PER_BRANCH = 16  # so that one place in sixteen is wrongly taken for a branch

Tokens = tuple[str, ...]


class Numbers(dict[str, int]):
    """Words by number, counted from 1."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self) + 1
        return number


class Seen(dict[str, bytes]):
    """Words as they stand in papers → rows: the word's number and its atoms. Row 0 has nothing.

    A row's number is four bytes, because joining bytes is the quickest way into an array.
    """

    def __init__(
        self, numbers: dict[str, int], first: Ints, atoms: Ints, beginnings: dict[str, list[int]]
    ) -> None:
        """Take the atoms of each word by its number, and those of each beginning of a word."""
        super().__init__()
        self._numbers, self._beginnings = numbers, beginnings
        self._first_of, self._atoms_of = first, atoms
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._rows: dict[str, bytes] = {}
        self._number, self._first, self._atoms = array("i", [0]), array("i", [0, 0]), array("i")

    def make_room(self) -> None:
        """Forget everything before it becomes too much; rows are worth nothing afterwards."""
        if len(self) >= MOST_REMEMBERED:
            self._forget()

    def __missing__(self, written: str) -> bytes:
        folded = stem(written)
        row = self._rows.get(folded)
        if row is None:
            row = self._rows[folded] = self._new(folded).to_bytes(4, sys.byteorder)
        self[written] = row
        return row

    def _new(self, folded: str) -> int:
        number = self._numbers.get(folded, 0)
        atoms = self._atoms_of[self._first_of[number] : self._first_of[number + 1]].tolist()
        if self._beginnings:
            for length in range(1, len(folded) + 1):
                atoms += self._beginnings.get(folded[:length], ())
        if not number and not atoms:
            return 0
        self._number.append(number)
        self._atoms.extend(atoms)
        self._first.append(len(self._atoms))
        return len(self._number) - 1

    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """By row: word numbers, where its atoms begin; and all atoms. Views, for a moment only."""
        return (
            np.frombuffer(self._number, np.int32),
            np.frombuffer(self._first, np.int32),
            np.frombuffer(self._atoms, np.int32) if self._atoms else np.empty(0, np.int32),
        )


class Texts:
    """What is looked for in title and abstract, each by its atom's number."""

    def __init__(
        self, words: Iterable[tuple[Tokens, int]], beginnings: dict[str, list[int]]
    ) -> None:
        """Take words and phrases, and beginnings of words, with their atoms."""
        numbers = Numbers()
        flat, lengths, atoms = array("i"), array("i"), array("i")
        for tokens, atom in words:
            flat.extend(map(numbers.__getitem__, tokens))
            lengths.append(len(tokens))
            atoms.append(atom)
        phrases = _Phrases(*map(_ints, (flat, lengths, atoms)), number=len(numbers) + 1)
        self._branches = _Branches(phrases.keys, phrases.nodes)
        self._first_of, self._atoms_of = grouped(phrases.ends, phrases.atoms, phrases.number)
        self._seen = Seen(dict(numbers), self._first_of, self._atoms_of, beginnings)

    def find(self, texts: Sequence[tuple[list[str], list[str]]]) -> tuple[Ints, Ints]:
        """Atoms found, and the place in `texts` (title and abstract each) where they were."""
        self._seen.make_room()
        between = [BETWEEN]
        parts = [part for title, abstract in texts for part in (title, between, abstract, between)]
        lengths = [len(title) + len(abstract) + 2 for title, abstract in texts]
        rows = np.frombuffer(
            b"".join(map(self._seen.__getitem__, chain.from_iterable(parts))), np.int32
        ).astype(np.intp)
        owner = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        number, first, atoms = self._seen.arrays()
        found = [atoms_of(rows, owner, first, atoms)]
        if self._branches:
            found += self._phrases(number.take(rows), owner)
        return tuple(map(np.concatenate, zip(*found, strict=True)))  # type: ignore[return-value] # two

    def _phrases(self, words: Ints, owner: Ints) -> Iterator[tuple[Ints, Ints]]:
        places, nodes = self._branches.first_step(words)
        step = 1
        while len(places):
            yield atoms_of(nodes, owner.take(places), self._first_of, self._atoms_of)
            step += 1
            # No phrase goes on past the end: the last word of every text is BETWEEN.
            ahead = np.minimum(places + step, len(words) - 1)
            reached, nodes = self._branches.step(nodes, words.take(ahead))
            places = places.take(reached)


def atoms_of(rows: Ints | Index, owner: Ints, first: Ints, atoms: Ints) -> tuple[Ints, Ints]:
    """All atoms of these rows, and whose they are."""
    begin = first.take(rows)
    counts = first.take(rows + 1) - begin
    return atoms.take(ranges(begin, counts)), np.repeat(owner, counts)


class _Phrases:
    """The tree of all phrases. Nodes: words by their number, then beginnings of phrases.

    keys, nodes: branches (node << 32 | word) and where they lead. ends, atoms: by phrase the node
    it ends in, and its atom. number: one more than the highest node.
    """

    def __init__(self, flat: Ints, lengths: Ints, atoms: Ints, *, number: int) -> None:
        starts = np.cumsum(lengths, dtype=np.intp) - lengths
        nodes = flat[starts].astype(np.int64)
        ends = nodes.copy()
        keys, reached = [], []
        numbers = count(1)
        active = np.arange(len(lengths))
        for step in numbers:
            active = active[lengths[active] > step]
            if not len(active):
                break
            wanted = (nodes[active] << 32) | flat[starts[active] + step]
            branches, inverse = np.unique(wanted, return_inverse=True)
            nodes[active] = number + inverse
            ends[active] = nodes[active]
            keys.append(branches)
            reached.append(np.arange(number, number + len(branches)))
            number += len(branches)
        self.keys = np.concatenate(keys) if keys else np.empty(0, np.int64)
        self.nodes = np.concatenate(reached) if reached else np.empty(0, np.int64)
        self.ends, self.atoms, self.number = ends.astype(np.int32), atoms, number


class _Branches:
    """All branches in order, with a sieve before them: most pairs of words begin no phrase."""

    def __init__(self, keys: Longs, nodes: Longs) -> None:
        order = np.argsort(keys)
        self._keys, self._nodes = keys[order], nodes[order].astype(np.int32)
        bits = max(len(keys) * _PLACES_PER_BRANCH, 2).bit_length()
        self._shift = np.uint64(64 - bits)
        self._sieve = np.zeros(1 << bits, np.bool_)
        self._sieve[self._sifted(self._keys)] = True

    def __bool__(self) -> bool:
        return len(self._keys) > 0

    def _sifted(self, keys: Longs) -> Index:
        return ((keys.view(np.uint64) * _MIXER) >> self._shift).view(np.intp)

    def first_step(self, words: Ints) -> tuple[Index, Ints]:
        """Places where two words begin a phrase, and the nodes reached there."""
        keys = words[:-1].astype(np.int64)
        keys <<= 32
        keys |= words[1:]
        perhaps = np.flatnonzero(self._sieve.take(self._sifted(keys)))
        reached, nodes = self._look_up(keys.take(perhaps))
        return perhaps.take(reached), nodes

    def step(self, nodes: Ints, words: Ints) -> tuple[Index, Ints]:
        """Which of these nodes have a branch for their word, and where it leads."""
        return self._look_up((nodes.astype(np.int64) << 32) | words)

    def _look_up(self, keys: Longs) -> tuple[Index, Ints]:
        places = np.searchsorted(self._keys, keys)
        places[places == len(self._keys)] = 0
        there = np.flatnonzero(self._keys.take(places) == keys)
        return there, self._nodes.take(places.take(there))


def _ints(numbers: "array[int]") -> Ints:
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)
