"""The match index: which of very many filters does a paper match.

Filters become alternatives (clauses) of atoms, filed under the rarest atom each wants; a paper's
atoms are found in one pass, and only clauses filed under them are looked at. So the time for a paper
grows with what it nearly matches, hardly with the number of filters. Always the answer of
`bot.rules.matching.matches`, which is proved with random filters and papers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.model.paper import QUIET_EVENTS, Event
from bot.model.topic import Node
from bot.rules.document import Document
from bot.rules.index_atoms import Atoms
from bot.rules.index_clauses import Clause, TooMany, clauses, cover
from bot.rules.index_postings import Placed, Postings
from bot.rules.matching import matches


@dataclass(slots=True)
class _Entry:
    """What is known of one filter, so that it can be taken out again."""

    clauses: tuple[tuple[bool, Placed], ...] = ()  # whether it asks for an event
    cover: tuple[int, ...] = ()
    root: Node | None = None  # kept only where the reference has to decide


@dataclass(slots=True)
class MatchIndex:
    """Distinct filters by id.

    shares: the share of papers each folded word stands in, to file clauses under the rarest word;
    without it only the speed suffers.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    _atoms: Atoms = field(init=False)
    _plain: Postings = field(default_factory=Postings)
    _asking: Postings = field(default_factory=Postings)
    _entries: dict[int, _Entry] = field(default_factory=dict)
    _covered: dict[int, list[int]] = field(default_factory=dict)
    _uncovered: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._atoms = Atoms(self.shares)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, filter_id: int, root: Node) -> None:
        """Take in an expanded tree; an id already there is replaced."""
        self.remove(filter_id)
        try:
            alternatives = clauses(root)
        except TooMany:
            alternatives = [Clause()]
        if all(clause.wanted for clause in alternatives):
            self._entries[filter_id] = self._file(filter_id, alternatives)
        else:
            self._entries[filter_id] = self._watch(filter_id, root)

    def _file(self, filter_id: int, alternatives: list[Clause]) -> _Entry:
        placed = tuple((clause.asks, self._placed(clause)) for clause in alternatives)
        for asks, clause in placed:
            self._make_room()
            (self._asking if asks else self._plain).add(clause, filter_id)
        return _Entry(placed)

    def _make_room(self) -> None:
        """Both postings have a place for every atom a document can have."""
        self._plain.make_room(len(self._atoms))
        self._asking.make_room(len(self._atoms))

    def _placed(self, clause: Clause) -> Placed:
        wanted = sorted(map(self._atoms.take, clause.wanted), key=self._atoms.share)
        return Placed(tuple(wanted), tuple(map(self._atoms.take, clause.excluded)))

    def _watch(self, filter_id: int, root: Node) -> _Entry:
        """A filter with too many alternatives, or one that wants nothing."""
        covering = tuple(map(self._atoms.take, cover(root) or ()))
        for atom in covering:
            self._covered.setdefault(atom, []).append(filter_id)
        if not covering:
            self._uncovered.add(filter_id)
        self._make_room()
        return _Entry(cover=covering, root=root)

    def remove(self, filter_id: int) -> None:
        """Forget a filter; nothing happens if it is not there."""
        entry = self._entries.pop(filter_id, None)
        if entry is None:
            return
        for asks, clause in entry.clauses:
            (self._asking if asks else self._plain).remove(clause, filter_id)
            for atom in (*clause.wanted, *clause.excluded):
                self._atoms.release(atom)
        for atom in entry.cover:
            self._covered[atom].remove(filter_id)
            if not self._covered[atom]:
                del self._covered[atom]
            self._atoms.release(atom)
        self._uncovered.discard(filter_id)

    def match(self, document: Document, *, event: Event | None, today: date) -> list[int]:
        """Ids of the filters the paper matches, each once, in no particular order."""
        found = self._atoms.found(document, event, today)
        matching = set(self._asking.fulfilled(found))
        if event not in QUIET_EVENTS:
            matching.update(self._plain.fulfilled(found))
        if self._covered or self._uncovered:
            matching.update(self._verified(found, document, event, today))
        return list(matching)

    def _verified(
        self, found: set[int], document: Document, event: Event | None, today: date
    ) -> Iterator[int]:
        candidates = set(self._uncovered)
        for atom in self._covered.keys() & found:
            candidates.update(self._covered[atom])
        for filter_id in candidates:
            root = self._entries[filter_id].root
            if root is not None and matches(root, document, event=event, today=today):
                yield filter_id
