"""What ranking works out of papers for one filter, kept for the next subscription with it.

Popular filters are many subscriptions, and a day's papers are new to all of them at the same hour.
What differs between channels, their taste, is added at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.model.paper import Event, Paper, PaperKey
from bot.model.topic import TopicFilter
from bot.rules.document import Document, folded
from bot.rules.ranking import Occasion, Score, order, positive_texts, score, tasted
from bot.rules.reasons import reasons
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import MOST_PLACED, Scored, varied

Happened = tuple[Paper, Event]
Key = tuple[float, int, str]

MOST_KEPT = 20_000
"""Papers kept over all filters, about 1 kB each."""


@dataclass(slots=True)
class _Known:
    """Of one state of a paper. score: without taste; key: its place in the order."""

    paper: Paper
    event: Event
    score: Score
    key: Key


class Study:
    """One filter on one day."""

    def __init__(
        self,
        topic: TopicFilter,
        today: date,
        documents: Mapping[PaperKey, Document] | None = None,
    ) -> None:
        """Take the papers folded, where somebody has done it before."""
        self.topic = topic
        self._today = today
        self._documents = documents
        self._texts = tuple(positive_texts(expand(topic.root)))
        self._own = frozenset(token for term in self._texts for token in term.tokens)
        self._known: dict[PaperKey, _Known] = {}
        self._whys: dict[PaperKey, tuple[Paper, tuple[str, ...]]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def ranked(
        self, happened: Sequence[Happened], taste: Taste = NO_TASTE, most: int = MOST_PLACED
    ) -> list[Scored]:
        """Matching papers and what brought them, best first; for `most` see `varied`."""
        taste = taste.without(self._own)
        keyed: list[tuple[Key, Paper, Score]] = []
        for paper, event in happened:
            one = self._of(paper, event)
            scored, key = one.score, one.key
            if taste is not NO_TASTE:
                scored = tasted(scored, self._folded(paper), paper, taste)
                if scored is not one.score:
                    key = order(scored, paper)
            keyed.append((key, paper, scored))
        keyed.sort(key=lambda one: one[0])
        return varied([(paper, scored) for _, paper, scored in keyed], self._own, most)

    def why(self, paper: Paper) -> tuple[str, ...]:
        """The reasons the paper matches."""
        known = self._whys.get(paper.key)
        if known is None or known[0] is not paper:
            found = reasons(self.topic, self._folded(paper), paper)
            known = self._whys[paper.key] = (paper, found)
        return known[1]

    def _of(self, paper: Paper, event: Event) -> _Known:
        known = self._known.get(paper.key)
        if known is None or known.paper is not paper or known.event is not event:
            occasion = Occasion(self._today, event)
            scored = score(self._texts, self._folded(paper), paper, occasion)
            known = _Known(paper, event, scored, order(scored, paper))
            self._known[paper.key] = known
        return known

    def _folded(self, paper: Paper) -> Document:
        return folded(paper) if self._documents is None else self._documents[paper.key]


class Studies:
    """Of many filters; those not asked for longest are forgotten."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[tuple[str, date], Study] = {}

    def of(self, topic: TopicFilter, today: date) -> Study:
        """The study of a filter on a day, ready to be added to."""
        found = self._kept.pop((topic.key, today), None) or Study(topic, today)
        self._kept[topic.key, today] = found
        return found

    def tidy(self) -> None:
        """Forget what has become too much."""
        size = sum(map(len, self._kept.values()))
        for key in list(self._kept):
            if size <= self._most:
                return
            size -= len(self._kept.pop(key))
