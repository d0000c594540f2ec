"""Clauses by the rarest atom they want, and which of them a document fulfils.

One record per atom with its clauses in columns, so that the loops run inside map, compress and
chain. Clauses of one atom (most of them) need no check at all, of two atoms one look into a set.
Arrays keep what is touched together close together, which is where the time goes.
"""

from array import array
from itertools import chain, compress
from operator import not_
from typing import NamedTuple

from bot.rules.index_words import drop


class Placed(NamedTuple):
    """A clause in atom numbers, the rarest wanted one first. asks: it has a `version:`."""

    wanted: tuple[int, ...]
    excluded: tuple[int, ...] = ()
    asks: bool = False


_ONE, _BOTH, _BOTH_FILTER, _WITHOUT, _WITHOUT_FILTER = range(5)
"""Columns of a record: filters that want just its atom; a second atom that is wanted, and the
filter; an atom that is excluded, and the filter."""
_EMPTY = array("q")  # stands for every empty column; never changed
_FREE = -1  # no filter


class Postings:
    """Clauses and the filters they belong to."""

    __slots__ = ("_clauses", "_deep", "_records", "_sole")

    def __init__(self) -> None:
        self._clauses = 0
        # The one filter that wants just this atom: nearly always there is at most one.
        self._sole = array("q")
        self._records: list[list[array[int]] | None] = []
        # Clauses of three atoms and more, by the first one.
        self._deep: dict[int, list[tuple[int, Placed]]] = {}

    def __bool__(self) -> bool:
        return self._clauses > 0

    def make_room(self, atoms: int) -> None:
        """Have a place for every atom number below `atoms`."""
        missing = atoms - len(self._records)
        if missing > 0:
            self._records.extend([None] * missing)
            self._sole.extend([_FREE] * missing)

    def add(self, clause: Placed, filter_id: int) -> None:
        """File a clause under its first atom."""
        self._clauses += 1
        anchor = clause.wanted[0]
        match clause[:2]:
            case ((_,), ()) if self._sole[anchor] == _FREE:
                self._sole[anchor] = filter_id
            case ((_,), ()):
                self._append(anchor, _ONE, filter_id)
            case ((_, second), ()):
                self._append(anchor, _BOTH, second)
                self._append(anchor, _BOTH_FILTER, filter_id)
            case ((_,), (excluded,)):
                self._append(anchor, _WITHOUT, excluded)
                self._append(anchor, _WITHOUT_FILTER, filter_id)
            case _:
                self._deep.setdefault(anchor, []).append((filter_id, clause))

    def _append(self, anchor: int, column: int, number: int) -> None:
        record = self._records[anchor]
        if record is None:
            record = self._records[anchor] = [_EMPTY] * 5
        if record[column] is _EMPTY:
            record[column] = array("q", (number,))
        else:
            record[column].append(number)

    def remove(self, clause: Placed, filter_id: int) -> None:
        """Take `add` back."""
        self._clauses -= 1
        anchor = clause.wanted[0]
        match clause[:2]:
            case ((_,), ()) if self._sole[anchor] == filter_id:
                self._sole[anchor] = _FREE
            case ((_,), ()):
                self._cut(anchor, _ONE, _ONE, (filter_id, filter_id))
            case ((_, second), ()):
                self._cut(anchor, _BOTH, _BOTH_FILTER, (second, filter_id))
            case ((_,), (excluded,)):
                self._cut(anchor, _WITHOUT, _WITHOUT_FILTER, (excluded, filter_id))
            case _:
                drop(self._deep, anchor, (filter_id, clause))

    def _cut(self, anchor: int, others: int, filters: int, pair: tuple[int, int]) -> None:
        """Take out one entry of a record; the last one fills its place."""
        record = self._records[anchor]
        if record is None:
            raise KeyError(anchor)
        place = list(zip(record[others], record[filters], strict=True)).index(pair)
        for column in {others, filters}:
            numbers = record[column]
            numbers[place] = numbers[-1]
            numbers.pop()
        if not any(record):
            self._records[anchor] = None

    def fulfilled(self, found: set[int]) -> list[int]:
        """Filters with a clause that holds of a document with these atoms, once per clause."""
        filters = list(filter(_FREE.__lt__, map(self._sole.__getitem__, found)))
        records = list(filter(None, map(self._records.__getitem__, found)))
        if records:
            columns = zip(*records, strict=True)
            one, both, both_filter, without, without_filter = map(chain.from_iterable, columns)
            has = found.__contains__
            filters += one
            filters += compress(both_filter, map(has, both))
            filters += compress(without_filter, map(not_, map(has, without)))
        if self._deep:
            for anchor in self._deep.keys() & found:
                filters += [
                    filter_id
                    for filter_id, clause in self._deep[anchor]
                    if found.issuperset(clause.wanted) and found.isdisjoint(clause.excluded)
                ]
        return filters
