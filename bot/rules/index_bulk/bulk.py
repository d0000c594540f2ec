"""All filters at once, and many papers at once."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import TypeGuard

import numpy as np

from bot.model.paper import QUIET_EVENTS, Event
from bot.model.topic import Scope, Term, Text, Tokens
from bot.rules.document import Document
from bot.rules.index_atoms import Key, key_of, terms_of
from bot.rules.index_bulk.arrays import Ints
from bot.rules.index_bulk.clauses import Clauses, Drafts, Words
from bot.rules.index_bulk.texts import Texts
from bot.rules.index_clauses import Clause
from bot.rules.index_finder import Finder
from bot.rules.synonyms import other_words

Asked = tuple[Document, Event | None]
MOST_AT_ONCE = 64
"""Papers in one step: the bits of a word."""
FEW = 8


class Bulk:
    """Filters by id, with their clauses in numbers."""

    def __init__(
        self, filters: Iterable[tuple[int, Sequence[Clause]]], shares: Mapping[str, float]
    ) -> None:
        """Take filters whose every clause wants something, each id once."""
        atoms = _Numbers()
        drafts, ids = Drafts(), array("q")
        for slot, (filter_id, clauses) in enumerate(filters):
            ids.append(filter_id)
            for clause in clauses:
                drafts.add(
                    slot,
                    [atoms[key_of(atom)] for atom in clause.wanted],
                    [atoms[key_of(atom)] for atom in clause.excluded],
                    asks=clause.asks,
                )
        self._others = Finder(shares)
        share = array("d", [1.0])
        beginnings: dict[str, list[int]] = {}
        self._texts = Texts(self._sorted_out(atoms, share, beginnings), beginnings)
        self._ids = np.array(ids, np.int64)
        self._order = np.argsort(self._ids)
        self._clauses = Clauses(drafts, np.array(share), len(ids))
        self._atoms = len(atoms) + 1
        self._gone = np.zeros(len(ids), np.bool_)
        self._gone_count = 0

    def _sorted_out(
        self, atoms: dict[Key, int], shares: "array[float]", beginnings: dict[str, list[int]]
    ) -> Iterator[tuple[Tokens, int]]:
        """Words and phrases with their atoms; all other terms go where they are looked for."""
        for key, number in atoms.items():
            share = 0.0
            if isinstance(key, tuple):  # nearly all: no terms need be made of them
                for tokens in (key, *other_words(key)):
                    share += self._others.share_of_words(tokens)
                    yield tokens, number
                shares.append(share)
                continue
            for term in terms_of(key):
                share += self._others.share(term)
                if not _is_plain(term):
                    self._others.watch(term, number)
                elif term.prefix:
                    beginnings.setdefault(term.tokens[0], []).append(number)
                else:
                    yield term.tokens, number
            shares.append(share)

    def __len__(self) -> int:
        return len(self._ids) - self._gone_count

    def _slot(self, filter_id: int) -> int | None:
        place = int(np.searchsorted(self._ids, filter_id, sorter=self._order))
        if place == len(self._ids):
            return None
        slot = int(self._order[place])
        return slot if self._ids[slot] == filter_id and not self._gone[slot] else None

    def remove(self, filter_id: int) -> bool:
        """Leave a filter out from now on; False if it is not there."""
        slot = self._slot(filter_id)
        if slot is None:
            return False
        self._gone[slot] = True
        self._gone_count += 1
        return True

    def match_all(self, asked: Sequence[Asked], today: date) -> list["array[int]"]:
        """For each paper the ids of the filters it matches, each once."""
        found = []
        for start in range(0, len(asked), MOST_AT_ONCE):
            found += self._match(asked[start : start + MOST_AT_ONCE], today)
        return found

    def _match(self, asked: Sequence[Asked], today: date) -> list["array[int]"]:
        masks: Words = np.zeros(self._atoms, np.int8 if len(asked) <= FEW else np.int64)
        masks[0] = -1
        atoms, owner = self._found(asked, today)
        bits = np.left_shift(masks.dtype.type(1), np.arange(len(asked), dtype=masks.dtype))
        np.bitwise_or.at(masks, atoms, bits[owner])
        slots, papers = self._clauses.fulfilled(
            masks,
            np.flatnonzero(masks)[1:] if len(asked) > FEW else np.unique(atoms),
            loud=_loud(asked),
            gone=self._gone if self._gone_count else None,
        )
        return self._by_paper(slots, papers, len(asked))

    def _found(self, asked: Sequence[Asked], today: date) -> tuple[Ints, Ints]:
        """Atoms, and the place in `asked` of the paper that has them; some more than once."""
        atoms, owner = self._texts.find(
            [(document.title_words, document.abstract_words) for document, _ in asked]
        )
        if not self._others:
            return atoms, owner
        others = [self._others.found(document, event, today) for document, event in asked]
        counts = list(map(len, others))
        more = np.fromiter(chain.from_iterable(others), np.int32, sum(counts))
        whose = np.repeat(np.arange(len(asked), dtype=np.int32), counts)
        return np.concatenate((atoms, more)), np.concatenate((owner, whose))

    def _by_paper(self, slots: Ints, papers: Words, number: int) -> list["array[int]"]:
        ids = self._ids.take(slots)
        octets = np.ascontiguousarray(papers.view(np.uint8).reshape(-1, papers.itemsize).T)
        return [
            array("q", ids[octets[place // 8] & np.uint8(1 << place % 8) != 0].tobytes())
            for place in range(number)
        ]


def _is_plain(term: Term) -> TypeGuard[Text]:
    """A word, phrase or beginning of a word, anywhere in title or abstract."""
    if not isinstance(term, Text) or term.scope is not Scope.ANY or term.exact or term.near:
        return False
    return not term.prefix or len(term.tokens) == 1


class _Numbers(dict[Key, int]):
    """Atoms by number, counted from 1."""

    def __missing__(self, key: Key) -> int:
        self[key] = number = len(self) + 1
        return number


def _loud(asked: Sequence[Asked]) -> int:
    """The papers, as bits of a signed word, that filters match without asking for their event."""
    if not any(event in QUIET_EVENTS for _, event in asked):
        return -1
    loud = sum(1 << place for place, (_, event) in enumerate(asked) if event not in QUIET_EVENTS)
    width = FEW if len(asked) <= FEW else MOST_AT_ONCE
    return loud - (1 << width) if loud >> (width - 1) else loud
