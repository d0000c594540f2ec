"""Which of many papers a tree alerts, asked of all of them at once: sets of papers, term by term.

What `bot.rules.alerts.alerts` says of one paper after the other, which is proved with random trees
and papers. No paper is folded: an index has told which papers each term holds of.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Protocol

from bot.model.paper import QUIET_EVENTS, Event
from bot.model.topic import (
    And,
    Count,
    HasCode,
    Node,
    Not,
    Or,
    Saved,
    Scope,
    Since,
    Term,
    Text,
    Version,
)
from bot.rules.matching import earliest, meant_by
from bot.rules.ranking import Found

Numbers = frozenset[int]
"""Papers, by their numbers in this look back."""
Told = Mapping[Term, Numbers]
"""Terms, and the papers each one holds of."""

NONE: Numbers = frozenset()
_Answer = tuple[Numbers, Numbers]
"""Papers that match; those of them that do beside a `version:` that holds."""


class Figures(Protocol):
    """What filters ask of a paper that an index does not tell; see `Glimpse`."""

    @property
    def day(self) -> date | None: ...
    @property
    def upvotes(self) -> int | None: ...
    @property
    def comments(self) -> int | None: ...
    @property
    def stars(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What happens, and on which day; no event: stored papers are asked about.

    counted: False as if no counter had ever been observed.
    """

    event: Event | None
    today: date
    counted: bool = True


_ALWAYS = _Occasion(None, date.min)


def told_terms(trees: Iterable[Node]) -> list[Term]:
    """The terms of expanded trees an index must tell of."""
    return list(dict.fromkeys(chain.from_iterable(map(_terms, trees))))


def asks_for_figures(node: Node) -> bool:
    """Whether a tree compares a counter or a date."""
    match node:
        case And(parts) | Or(parts):
            return any(map(asks_for_figures, parts))
        case Not(part):
            return asks_for_figures(part)
        case _:
            return isinstance(node, Count | Since)


def standing_terms(texts: Iterable[Text]) -> list[Term]:
    """The terms it must tell of so that it is known how many of these words stand where."""
    return list(dict.fromkeys(chain.from_iterable(map(_standing, texts))))


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case And(parts) | Or(parts):
            yield from chain.from_iterable(map(_terms, parts))
        case Not(part):
            yield from _terms(part)
        case Count() | Since() | Saved():
            return
        case HasCode():
            yield HasCode()
        case term:
            yield term


def _standing(text: Text) -> tuple[Text, Text]:
    """The word or phrase in the title, and anywhere."""
    return replace(text, scope=Scope.TITLE), replace(text, scope=Scope.ANY)


class Spread:
    """How many of some words and phrases stand in the title of a paper, how many elsewhere."""

    def __init__(self, told: Told, texts: Sequence[Text]) -> None:
        pairs = [_standing(text) for text in texts]
        self._titles = dict(Counter(chain.from_iterable(told[title] for title, _ in pairs)))
        self._anywhere = dict(Counter(chain.from_iterable(told[place] for _, place in pairs)))

    def of(self, number: int) -> Found:
        """In the title; in the abstract only."""
        in_title = self._titles.get(number, 0)
        return in_title, self._anywhere.get(number, 0) - in_title


class Sieve:
    """Some papers with their figures, and what an index has told of them.

    told: of each term that will be asked about; of these papers and perhaps of others.
    """

    def __init__(self, figures: Mapping[int, Figures], told: Told) -> None:
        self._figures = figures
        self._told = told
        self._every = frozenset(figures)
        self._always: dict[Node, Numbers | None] = {}

    def alerted(self, tree: Node, here: Numbers, event: Event, today: date) -> Numbers:
        """Those `here` that this event alerts the expanded tree of."""
        found = self.matching(tree, here, event, today)
        if event is Event.HOT:
            found -= self._asked(tree, found, _Occasion(event, today, counted=False))
        return found

    def matching(self, tree: Node, here: Numbers, event: Event | None, today: date) -> Numbers:
        """Those `here` that match the expanded tree when this happens to them."""
        return self._asked(tree, here, _Occasion(event, today))

    def holding(self, term: Text, here: Numbers) -> Numbers:
        """Those `here` that have a word or phrase."""
        return here & self._told[term]

    def spread(self, texts: Sequence[Text]) -> Spread:
        """Where these words and phrases stand in the papers."""
        return Spread(self._told, texts)

    def _asked(self, tree: Node, here: Numbers, now: _Occasion) -> Numbers:
        found, beside = self._answer(tree, here, now)
        return beside if now.event in QUIET_EVENTS else found

    def _answer(self, node: Node, here: Numbers, now: _Occasion) -> _Answer:
        always = self._matching_always(node) if now.counted else None
        if always is not None:
            return here & always, NONE
        match node:
            case And(parts):
                found, beside = here, NONE
                for part in parts:
                    found, by_version = self._answer(part, found, now)
                    beside |= by_version
                return found, beside & found
            case Or(parts):
                either = [self._answer(part, here, now) for part in parts]
                every, every_beside = zip(*either, strict=True)
                return NONE.union(*every), NONE.union(*every_beside)
            case Not(part):
                return self._answer_not(part, here, now)
            case Version():
                found = self._happened(node, here, now)
                return found, found
            case term:
                return self._holding(term, here, now), NONE

    def _answer_not(self, part: Node, here: Numbers, now: _Occasion) -> _Answer:
        """By De Morgan's laws, as `matching.answer` does."""
        match part:
            case Not(inner):
                return self._answer(inner, here, now)
            case And(parts):
                return self._answer(Or(tuple(map(Not, parts))), here, now)
            case Or(parts):
                return self._answer(And(tuple(map(Not, parts))), here, now)
            case term:
                return here - self._answer(term, here, now)[0], NONE

    def _happened(self, term: Version, here: Numbers, now: _Occasion) -> Numbers:
        if now.event is None:
            return here & self._told[term]
        return here if now.event in meant_by(term.event) else NONE

    def _matching_always(self, node: Node) -> Numbers | None:
        """What matches on every occasion or on none, worked out once; None if it depends on it."""
        if node not in self._always:
            self._always[node] = self._work_out(node)
        return self._always[node]

    def _work_out(self, node: Node) -> Numbers | None:
        match node:
            case And(parts) | Or(parts):
                every = [self._matching_always(part) for part in parts]
                known = [one for one in every if one is not None]
                if len(known) < len(every):
                    return None
                return (
                    self._every.intersection(*known)
                    if isinstance(node, And)
                    else NONE.union(*known)
                )
            case Not(part):
                found = self._matching_always(part)
                return None if found is None else self._every - found
            case Version() | Since():
                return None
            case term:
                return self._holding(term, self._every, _ALWAYS)

    def _holding(self, term: Term, here: Numbers, now: _Occasion) -> Numbers:
        figures = self._figures
        match term:
            case Count(metric, low, high):
                least, most = low or 0, high
                if not now.counted:
                    return NONE if least else here
                name = metric.value
                some = ((one, getattr(figures[one], name) or 0) for one in here)
                return frozenset(
                    one for one, count in some if least <= count and (most is None or count <= most)
                )
            case Since():
                first = earliest(term, now.today)
                return frozenset(
                    one for one in here if (day := figures[one].day) is not None and day >= first
                )
            case HasCode(wanted):
                having = here & self._told[HasCode()]
                return having if wanted else here - having
            case Saved():
                return NONE
            case _:
                return here & self._told[term]
