"""Very many clauses in flat arrays, and which of them hold of many papers at once.

A paper is one bit, an atom the word of all papers that have it; a clause holds where the words of
its atoms meet. Only clauses filed under an atom that some paper has are looked at.
"""

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.rules.index_bulk.arrays import Index, Ints, grouped, ranges

Words = NDArray[np.signedinteger]


class Drafts:
    """Clauses as they come, in growing columns."""

    def __init__(self) -> None:
        self.slots, self.wanted, self.excluded = array("i"), array("i"), array("i")
        self.wanted_count, self.excluded_count = array("i"), array("i")
        self.asks = array("b")

    def __len__(self) -> int:
        return len(self.slots)

    def add(self, slot: int, wanted: Sequence[int], excluded: Sequence[int], *, asks: bool) -> None:
        """One way in which the filter at `slot` matches; `wanted` is not empty."""
        self.slots.append(slot)
        self.wanted.extend(wanted)
        self.excluded.extend(excluded)
        self.wanted_count.append(len(wanted))
        self.excluded_count.append(len(excluded))
        self.asks.append(asks)


class Clauses:
    """Clauses by their rarest wanted atom."""

    def __init__(self, drafts: Drafts, shares: NDArray[np.float64], filters: int) -> None:
        """Take the share of papers each atom stands in; shares[0] is no atom's."""
        number = len(drafts)
        columns = (drafts.wanted, drafts.excluded, drafts.wanted_count, drafts.excluded_count)
        wanted, excluded, wanted_count, excluded_count = map(_ints, columns)
        owner = np.repeat(np.arange(number, dtype=np.int32), wanted_count)
        # The rarest atom of each clause comes first.
        order = np.lexsort((shares[wanted], owner))
        wanted = wanted[order]
        anchor_at = np.cumsum(wanted_count, dtype=np.intp) - wanted_count
        anchors = wanted[anchor_at]
        self.first, by_anchor = grouped(anchors, np.arange(number, dtype=np.int32), len(shares))
        self.slot = _ints(drafts.slots)[by_anchor]
        self.asks = np.frombuffer(drafts.asks, np.bool_)[by_anchor] if number else None
        # Everything besides the anchor: further wanted atoms, then excluded ones.
        beside = np.ones(len(wanted), np.bool_)
        beside[anchor_at] = False
        atoms = np.concatenate((wanted[beside], excluded))
        is_excluded = np.repeat([False, True], [len(atoms) - len(excluded), len(excluded)])
        clause = np.concatenate(
            (owner[beside], np.repeat(np.arange(number, dtype=np.int32), excluded_count))
        )
        place = np.empty(number, np.int32)
        place[by_anchor] = np.arange(number, dtype=np.int32)
        self._more = _Beside(place[clause], atoms, is_excluded, number)
        times = np.bincount(self.slot, minlength=filters)
        # Filters with several clauses, counted, so that their clauses' papers can be united.
        self._several = np.flatnonzero(times > 1).astype(np.int32)
        self._several_at = np.full(filters, -1, np.int32)
        self._several_at[self._several] = np.arange(len(self._several), dtype=np.int32)

    def fulfilled(
        self, masks: Words, atoms: Index, *, loud: int, gone: NDArray[np.bool_] | None
    ) -> tuple[Ints, Words]:
        """Filters (slots, each once) that match, with the papers as bits.

        masks: by atom the papers that have it; masks[0] has all bits. atoms: those any paper has.
        loud: papers, as bits, whose event is none of the quiet ones. gone: slots to leave out.
        """
        begin = self.first.take(atoms)
        counts = self.first.take(atoms + 1) - begin
        clauses = ranges(begin, counts)
        papers = np.repeat(masks.take(atoms), counts)
        clauses, papers = self._more.narrow(clauses, papers, masks)
        if loud != -1 and self.asks is not None:
            papers &= np.where(self.asks.take(clauses), masks[0], masks.dtype.type(loud))
        slots = self.slot.take(clauses)
        if gone is not None:
            papers[gone.take(slots)] = 0
        return self._united(slots, papers)

    def _united(self, slots: Ints, papers: Words) -> tuple[Ints, Words]:
        """Each filter once, with the papers of all its clauses."""
        at = self._several_at.take(slots)
        shared = np.flatnonzero(at >= 0)
        if not len(shared):
            return slots, papers
        united = np.zeros(len(self._several), papers.dtype)
        np.bitwise_or.at(united, at.take(shared), papers.take(shared))
        matching = np.flatnonzero(united)
        alone = np.flatnonzero(at < 0)
        return (
            np.concatenate((slots.take(alone), self._several.take(matching))),
            np.concatenate((papers.take(alone), united.take(matching))),
        )


class _Beside:
    """What clauses ask for beside their anchor: one atom in a column of its own, others in a list.

    A flip of -1 turns an excluded atom's word round.
    """

    def __init__(
        self, clause: Ints, atoms: Ints, is_excluded: NDArray[np.bool_], number: int
    ) -> None:
        order = np.argsort(clause, kind="stable")
        clause, atoms = clause[order], atoms[order]
        flips = -is_excluded[order].astype(np.int8)
        is_first = np.ones(len(clause), np.bool_)
        is_first[1:] = clause[1:] != clause[:-1]
        self._atom = np.zeros(number, np.int32)  # 0 where nothing is asked: every paper has it
        self._flip = np.zeros(number, np.int8)
        self._atom[clause[is_first]] = atoms[is_first]
        self._flip[clause[is_first]] = flips[is_first]
        rest = ~is_first
        counts = np.bincount(clause[rest], minlength=number)
        self._first = np.zeros(number + 1, np.int32)
        np.cumsum(counts, out=self._first[1:])
        self._atoms, self._flips = atoms[rest], flips[rest]

    def narrow(self, clauses: Index, papers: Words, masks: Words) -> tuple[Index, Words]:
        """The clauses that hold, with the papers they hold of."""
        papers &= masks.take(self._atom.take(clauses)) ^ self._flip.take(clauses)
        left = np.flatnonzero(papers)
        clauses, papers = clauses.take(left), papers.take(left)
        if len(self._atoms):
            begin = self._first.take(clauses)
            counts = self._first.take(clauses + 1) - begin
            long = np.flatnonzero(counts)
            if len(long):
                counts = counts.take(long)
                rest = ranges(begin.take(long), counts)
                words = masks.take(self._atoms.take(rest)) ^ self._flips.take(rest)
                starts = np.cumsum(counts, dtype=np.intp) - counts
                papers[long] &= np.bitwise_and.reduceat(words, starts)
        return clauses, papers


def _ints(numbers: "array[int]") -> Ints:
    return np.frombuffer(numbers, np.int32) if numbers else np.empty(0, np.int32)
