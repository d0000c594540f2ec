"""The match index: which of very many filters does a paper match.

Filters become alternatives (clauses) of atoms, filed under the rarest atom each wants; a paper's
atoms are found in one pass, and only clauses filed under them are looked at. So the time for a paper
grows with what it nearly matches, hardly with the number of filters. Always the answer of
`bot.rules.matching.matches`, which is proved with random filters and papers.

Few filters stay in plain Python. Many are built into flat arrays once (`index_bulk`); those that
come later wait beside them in plain Python, those that go are left out, and `worn` says when
building anew pays. Up to a few thousand filters both are kept, for a paper alone and for a day's. The answer is the same at every moment. How it works: docs/matching.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING

from bot.model.paper import Event
from bot.model.topic import Node
from bot.rules.document import Document
from bot.rules.garbage import held_back
from bot.rules.index_clauses import Clause, plain_clauses
from bot.rules.index_small import SmallIndex

if TYPE_CHECKING:
    from bot.rules.index_bulk import Bulk

BULK_FROM = 256
"""Filters from which arrays are faster, measured with papers in batches."""
FEW, BOTH_UPTO = 4, 10_000
"""So few papers at once are asked about faster in plain Python, up to so many filters: a step
through the arrays costs an eighth of a millisecond before it begins. Both are kept then."""
WORN_FROM, WORN_SHARE = 1_000, 0.02
"""Changes, absolute and as a share of all filters, after which building anew pays."""

Asked = tuple[Document, Event | None]
"""A paper and what just happened to it, as for `matches`."""


class MatchIndex:
    """Distinct filters by id."""

    def __init__(self, shares: Mapping[str, float] | None = None) -> None:
        """Take the share of papers each folded word stands in, to file clauses under the rarest.

        Without it only the speed suffers.
        """
        self._shares = shares or {}
        self._small = SmallIndex(self._shares)
        self._bulk: Bulk | None = None
        self._alone: SmallIndex | None = None
        self._changes = 0

    @classmethod
    def build(
        cls, filters: Iterable[tuple[int, Node]], shares: Mapping[str, float] | None = None
    ) -> "MatchIndex":
        """An index of these filters, each id once; trees as written, before `expand`.

        Whoever keeps a large index does well to call `gc.freeze()` afterwards: a full collection
        would stop the program for a quarter of a second.
        """
        index = cls(shares)
        with held_back():
            index._fill(iter(filters))
        return index

    def _fill(self, filters: Iterator[tuple[int, Node]]) -> None:
        first = list(islice(filters, BULK_FROM))
        if len(first) < BULK_FROM:
            for filter_id, root in first:
                self._small.add(filter_id, root)
            return
        # Programs with few filters are spared numpy's memory and its time to load.
        from bot.rules.index_bulk import Bulk  # noqa: PLC0415 # see above

        many = list(islice(filters, max(BOTH_UPTO - len(first), 0)))
        last = next(filters, None)
        if last is None:
            self._alone = SmallIndex(self._shares)
            for filter_id, root in chain(first, many):
                self._alone.add(filter_id, root)
        rest = [last] if last else []
        self._bulk = Bulk(self._for_bulk(chain(first, many, rest, filters)), self._shares)

    def _for_bulk(
        self, filters: Iterable[tuple[int, Node]]
    ) -> Iterable[tuple[int, Sequence[Clause]]]:
        """Filters as clauses; the few that clauses cannot say stay in the small index."""
        for filter_id, root in filters:
            clauses = plain_clauses(root)
            if clauses is None:
                self._small.add(filter_id, root)
            else:
                yield filter_id, clauses

    def __len__(self) -> int:
        return len(self._small) + (len(self._bulk) if self._bulk else 0)

    @property
    def worn(self) -> bool:
        """Whether so much has come and gone that an index built anew would be faster."""
        return self._changes >= max(WORN_FROM, WORN_SHARE * len(self))

    def add(self, filter_id: int, root: Node) -> None:
        """Take in a tree as written, before `expand`; an id already there is replaced."""
        self.remove(filter_id)
        self._small.add(filter_id, root)
        if self._alone is not None:
            self._alone.add(filter_id, root)
        self._changes += 1

    def remove(self, filter_id: int) -> None:
        """Forget a filter; nothing happens if it is not there."""
        self._small.remove(filter_id)
        if self._bulk is not None:
            self._changes += self._bulk.remove(filter_id)
        if self._alone is not None:
            self._alone.remove(filter_id)

    def match(self, document: Document, *, event: Event | None, today: date) -> list[int]:
        """Ids of the filters the paper matches, each once, in no particular order."""
        (found,) = self.match_all([(document, event)], today=today)
        return list(found)

    def match_all(self, asked: Sequence[Asked], *, today: date) -> list[Sequence[int]]:
        """The same for many papers, several times faster than one by one."""
        if self._bulk is None:
            return _one_by_one(self._small, asked, today)
        if self._alone is not None and len(asked) <= FEW:
            return _one_by_one(self._alone, asked, today)
        found = self._bulk.match_all(asked, today)
        if self._small:
            for (document, event), ids in zip(asked, found, strict=True):
                ids.extend(self._small.match(document, event=event, today=today))
        return list(found)


def _one_by_one(index: SmallIndex, asked: Sequence[Asked], today: date) -> list[Sequence[int]]:
    return [index.match(document, event=event, today=today) for document, event in asked]
