"""Which of many papers a tree alerts, asked of all of them at once: sets of papers, term by term.

What `bot.rules.alerts.alerts` says of one paper after the other, which is proved with random trees
and papers. Of terms the search index has told about no paper is folded.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from bot.model.paper import QUIET_EVENTS, Event, Paper, PaperKey
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
from bot.rules.document import Document, document, uncounted
from bot.rules.matching import holds, meant_by
from bot.rules.ranking import Found, Sought, Standing, positive_texts

Keys = frozenset[PaperKey]
Told = Mapping[Term, Keys]
"""Terms, and the papers each one holds of."""

NONE: Keys = frozenset()
_Answer = tuple[Keys, Keys]
"""Papers that match; those of them that do beside a `version:` that holds."""


@dataclass(frozen=True, slots=True)
class _Occasion:
    """What happens, and on which day. counted: False as if no counter had ever been observed."""

    event: Event
    today: date
    counted: bool = True


def worth_telling(trees: Iterable[Node]) -> list[Term]:
    """The terms of expanded trees an index can tell of, and where the words for ranking stand."""
    wanted: dict[Term, None] = {}
    for tree in trees:
        for term in _terms(tree):
            if isinstance(term, HasCode):
                wanted[HasCode()] = None
            elif not isinstance(term, Count | Since | Version | Saved):
                wanted[term] = None
        for text in positive_texts(tree):
            wanted.update(dict.fromkeys(_standing(text)))
    return list(wanted)


def _terms(node: Node) -> Iterator[Term]:
    match node:
        case And(parts) | Or(parts):
            yield from chain.from_iterable(map(_terms, parts))
        case Not(part):
            yield from _terms(part)
        case term:
            yield term


def _standing(text: Text) -> tuple[Text, Text]:
    """The word or phrase in the title, and anywhere."""
    return replace(text, scope=Scope.TITLE), replace(text, scope=Scope.ANY)


class _Counted(Sought):
    """Words and phrases of which an index has told where they stand."""

    __slots__ = ("_everywhere", "_titles")
    counted = True

    def __init__(
        self, texts: Sequence[Text], titles: Counter[PaperKey], everywhere: Counter[PaperKey]
    ) -> None:
        super().__init__(texts)
        self._titles, self._everywhere = titles, everywhere

    def found_in(self, one: Standing) -> Found:
        in_title = self._titles[one.paper.key]
        return in_title, self._everywhere[one.paper.key] - in_title


class Sieve:
    """Some papers, what the index has told of them, and how to fold one of them otherwise."""

    def __init__(
        self,
        papers: Mapping[PaperKey, Paper],
        told: Told,
        fold: Callable[[Paper], Document] = document,
    ) -> None:
        self._papers = papers
        self._told = told
        self._fold = fold
        self._documents: dict[PaperKey, Document] = {}

    def alerted(self, tree: Node, here: Keys, event: Event, today: date) -> Keys:
        """Those `here` that this event alerts the expanded tree of."""
        found = self.matching(tree, here, event, today)
        if event is Event.HOT:
            found -= self._asked(tree, found, _Occasion(event, today, counted=False))
        return found

    def matching(self, tree: Node, here: Keys, event: Event, today: date) -> Keys:
        """Those `here` that match the expanded tree when this happens to them."""
        return self._asked(tree, here, _Occasion(event, today))

    def holding(self, term: Term, here: Keys) -> Keys:
        """Those `here` a term is true of that depends neither on day nor on event."""
        return self._holding(term, here, _Occasion(Event.NEW, date.min))

    def _asked(self, tree: Node, here: Keys, now: _Occasion) -> Keys:
        found, beside = self._answer(tree, here, now)
        return beside if now.event in QUIET_EVENTS else found

    def _answer(self, node: Node, here: Keys, now: _Occasion) -> _Answer:
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
            case Version(wanted):
                found = here if now.event in meant_by(wanted) else NONE
                return found, found
            case term:
                return self._holding(term, here, now), NONE

    def _answer_not(self, part: Node, here: Keys, now: _Occasion) -> _Answer:
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

    def _holding(self, term: Term, here: Keys, now: _Occasion) -> Keys:
        if isinstance(term, HasCode) and HasCode() in self._told:
            having = here & self._told[HasCode()]
            return having if term.wanted else here - having
        told = self._told.get(term)
        if told is not None:
            return here & told
        return frozenset(
            key
            for key in here
            if holds(term, self._document(key, now), event=now.event, today=now.today)
        )

    def sought(self, texts: Sequence[Text]) -> Sought:
        """Who says how many of `texts` a paper has: the index, if it has told of all of them."""
        pairs = [_standing(text) for text in texts]
        if not all(one in self._told for pair in pairs for one in pair):
            return Sought(texts)
        titles = Counter(chain.from_iterable(self._told[title] for title, _ in pairs))
        everywhere = Counter(chain.from_iterable(self._told[anywhere] for _, anywhere in pairs))
        return _Counted(texts, titles, everywhere)

    def folded(self, paper: Paper) -> Document:
        """One of the papers, folded; of brief ones only what was read of them may be asked."""
        known = self._documents.get(paper.key)
        if known is None:
            known = self._documents[paper.key] = self._fold(paper)
        return known

    def _document(self, key: PaperKey, now: _Occasion) -> Document:
        known = self.folded(self._papers[key])
        return known if now.counted else uncounted(known)
