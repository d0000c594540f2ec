"""The match index for the newest filters, or for few: plain Python, changed in place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from bot.model.paper import QUIET_EVENTS, Event
from bot.model.topic import Node
from bot.rules.document import Document
from bot.rules.index_atoms import Atoms
from bot.rules.index_clauses import Clause, cover, plain_clauses
from bot.rules.index_postings import Placed, Postings
from bot.rules.index_words import drop
from bot.rules.matching import expand, matches


@dataclass(slots=True)
class _Hard:
    """A filter with too many alternatives, or one that wants nothing: the reference decides.

    cover: atoms of which every matching paper has one; empty if every paper may match.
    """

    cover: tuple[int, ...]
    root: Node


@dataclass(slots=True)
class SmallIndex:
    """Distinct filters by id.

    shares: the share of papers each folded word stands in, to file clauses under the rarest word;
    without it only the speed suffers.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    _atoms: Atoms = field(init=False)
    _plain: Postings = field(default_factory=Postings)
    _asking: Postings = field(default_factory=Postings)  # clauses with `version:`
    _clauses: dict[int, tuple[Placed, ...]] = field(default_factory=dict)
    _hard: dict[int, _Hard] = field(default_factory=dict)
    _covered: dict[int, list[int]] = field(default_factory=dict)

    _room: int = 0

    def __post_init__(self) -> None:
        self._atoms = Atoms(self.shares)

    def __len__(self) -> int:
        return len(self._clauses) + len(self._hard)

    def add(self, filter_id: int, root: Node) -> None:
        """Take in a tree as written, before `expand`; an id already there is replaced."""
        self.remove(filter_id)
        alternatives = plain_clauses(root)
        if alternatives is None:
            placed: tuple[Placed, ...] = ()
            self._watch(filter_id, root)
        else:
            placed = tuple(map(self._placed, alternatives))
        # Before anything is filed: every atom a paper can have needs its place.
        if self._room < len(self._atoms):
            self._room = len(self._atoms)
            self._plain.make_room(self._room)
            self._asking.make_room(self._room)
        if filter_id not in self._hard:
            self._clauses[filter_id] = placed
        for clause in placed:
            (self._asking if clause.asks else self._plain).add(clause, filter_id)

    def _placed(self, clause: Clause) -> Placed:
        wanted = tuple(map(self._atoms.take, clause.wanted))
        if len(wanted) > 1:
            wanted = tuple(sorted(wanted, key=self._atoms.share))
        excluded = tuple(map(self._atoms.take, clause.excluded)) if clause.excluded else ()
        return Placed(wanted, excluded, asks=clause.asks)

    def _watch(self, filter_id: int, root: Node) -> None:
        hard = _Hard(tuple(map(self._atoms.take, cover(root) or ())), expand(root))
        self._hard[filter_id] = hard
        for atom in hard.cover:
            self._covered.setdefault(atom, []).append(filter_id)

    def remove(self, filter_id: int) -> None:
        """Forget a filter; nothing happens if it is not there."""
        placed = self._clauses.pop(filter_id, ())
        for clause in placed:
            (self._asking if clause.asks else self._plain).remove(clause, filter_id)
            for atom in (*clause.wanted, *clause.excluded):
                self._atoms.release(atom)
        hard = self._hard.pop(filter_id, None)
        for atom in hard.cover if hard is not None else ():
            drop(self._covered, atom, filter_id)
            self._atoms.release(atom)

    def match(self, document: Document, *, event: Event | None, today: date) -> list[int]:
        """Ids of the filters the paper matches, each once, in no particular order."""
        found = self._atoms.found(document, event, today)
        matching = set(() if event in QUIET_EVENTS else self._plain.fulfilled(found))
        if self._asking:
            matching.update(self._asking.fulfilled(found))
        if self._hard:
            matching.update(self._verified(found, document, event, today))
        return list(matching)

    def _verified(
        self, found: set[int], document: Document, event: Event | None, today: date
    ) -> Iterator[int]:
        """Those of the hard filters that match."""
        covered = chain.from_iterable(self._covered[atom] for atom in self._covered.keys() & found)
        uncovered = (one for one, hard in self._hard.items() if not hard.cover)
        for filter_id in {*covered, *uncovered}:
            if matches(self._hard[filter_id].root, document, event=event, today=today):
                yield filter_id
