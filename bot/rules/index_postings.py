"""Clauses by the rarest atom they want, and which of them a document fulfils.

Lists by atom number, in columns: the loops then run inside map, compress and chain. Clauses of one
atom (most of them) need no check at all, of two atoms one look into a set.
"""

from itertools import chain, compress
from operator import not_
from typing import NamedTuple


class Placed(NamedTuple):
    """A clause in atom numbers, the rarest wanted one first."""

    wanted: tuple[int, ...]
    excluded: tuple[int, ...] = ()


Column = list[list[int]]
_NONE: list[int] = []  # shared by all atoms without clauses; never changed


class Postings:
    """Clauses and the filters they belong to.

    _one: filters of clauses that want the atom and nothing else. _both, _both_filter: a second
    wanted atom, and the filter. _not, _not_filter: an excluded atom, and the filter. _deep: the
    rest.
    """

    __slots__ = ("_both", "_both_filter", "_deep", "_not", "_not_filter", "_one")

    def __init__(self) -> None:
        self._one: Column = []
        self._both: Column = []
        self._both_filter: Column = []
        self._not: Column = []
        self._not_filter: Column = []
        self._deep: dict[int, list[tuple[int, Placed]]] = {}

    def make_room(self, atoms: int) -> None:
        """Have a place for every atom number below `atoms`."""
        missing = atoms - len(self._one)
        if missing > 0:
            for column in (self._one, self._both, self._both_filter, self._not, self._not_filter):
                column.extend([_NONE] * missing)

    def add(self, clause: Placed, filter_id: int) -> None:
        """File a clause under its first atom."""
        anchor = clause.wanted[0]
        match clause:
            case Placed((_,), ()):
                _append(self._one, anchor, filter_id)
            case Placed((_, second), ()):
                _append(self._both, anchor, second)
                _append(self._both_filter, anchor, filter_id)
            case Placed((_,), (excluded,)):
                _append(self._not, anchor, excluded)
                _append(self._not_filter, anchor, filter_id)
            case _:
                self._deep.setdefault(anchor, []).append((filter_id, clause))

    def remove(self, clause: Placed, filter_id: int) -> None:
        """Take `add` back."""
        anchor = clause.wanted[0]
        match clause:
            case Placed((_,), ()):
                self._one[anchor].remove(filter_id)
            case Placed((_, second), ()):
                _remove_pair(self._both[anchor], self._both_filter[anchor], second, filter_id)
            case Placed((_,), (excluded,)):
                _remove_pair(self._not[anchor], self._not_filter[anchor], excluded, filter_id)
            case _:
                self._deep[anchor].remove((filter_id, clause))
                if not self._deep[anchor]:
                    del self._deep[anchor]

    def fulfilled(self, found: set[int]) -> list[int]:
        """Filters with a clause that holds of a document with these atoms, once per clause."""
        atoms = list(found)
        has = found.__contains__
        filters = list(_all(self._one, atoms))
        filters += compress(_all(self._both_filter, atoms), map(has, _all(self._both, atoms)))
        filters += compress(
            _all(self._not_filter, atoms), map(not_, map(has, _all(self._not, atoms)))
        )
        for anchor in self._deep.keys() & found:
            filters += [
                filter_id
                for filter_id, clause in self._deep[anchor]
                if found.issuperset(clause.wanted) and found.isdisjoint(clause.excluded)
            ]
        return filters


def _all(column: Column, atoms: list[int]) -> chain[int]:
    return chain.from_iterable(map(column.__getitem__, atoms))


def _append(column: Column, anchor: int, number: int) -> None:
    if column[anchor] is _NONE:
        column[anchor] = [number]
    else:
        column[anchor].append(number)


def _remove_pair(others: list[int], filters: list[int], other: int, filter_id: int) -> None:
    """Take out the entry that is this pair; the last one fills its place."""
    place = next(
        place
        for place, pair in enumerate(zip(others, filters, strict=True))
        if pair == (other, filter_id)
    )
    others[place], filters[place] = others[-1], filters[-1]
    others.pop()
    filters.pop()
