"""Papers ranked for filters: what many filters ask about a paper is worked out once a day.

Popular filters are many subscriptions, and a day's papers are new to all of them at the same hour:
a filter's study is kept for the next subscription with it. What differs between channels, their
taste, is added at the end.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.model.paper import Paper, PaperKey
from bot.model.record import Candidate
from bot.model.topic import TopicFilter
from bot.rules.document import folded
from bot.rules.ranking import (
    Found,
    Part,
    Score,
    Sought,
    Standing,
    explained,
    positive_texts,
    standing,
    tasted,
    total,
)
from bot.rules.reasons import reasons
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import MOST_PLACED, NEAR_POINTS, Rank, telling, varied

MOST_KEPT = 20_000
"""Reasons kept over all filters, about half a kilobyte each."""

Known = tuple[Paper, tuple[str, ...]]
"""A paper and the reasons it matched as it was."""


class Study:
    """One filter."""

    def __init__(self, topic: TopicFilter, sought: Sought | None = None) -> None:
        """Take the filter's words out of its tree, if nobody has."""
        self.topic = topic
        self.sought = sought or Sought(positive_texts(expand(topic.root)))
        self._whys: dict[PaperKey, Known] = {}

    def __len__(self) -> int:
        return len(self._whys)

    def ranked(
        self, papers: Sequence[Standing], taste: Taste = NO_TASTE, most: int = MOST_PLACED
    ) -> Iterator[tuple[Standing, Score]]:
        """Matching papers, best first; for `most` see `varied`."""
        found = [self.sought.found_in(one) for one in papers]
        taste = taste.without(self.sought.tokens)
        told: Sequence[tuple[Part, ...]] = [()] * len(papers)
        if taste is not NO_TASTE:
            told = [tasted(one, taste) for one in papers]
        ranks: list[tuple[Rank, int]] = [
            ((-total(found[number], one, told[number]), one.newest, one.paper.key), number)
            for number, one in enumerate(papers)
        ]
        ranks.sort()
        return self._apart(papers, found, told, ranks, most)

    def _apart(
        self,
        papers: Sequence[Standing],
        found: Sequence[Found],
        told: Sequence[Sequence[Part]],
        ranks: Sequence[tuple[Rank, int]],
        most: int,
    ) -> Iterator[tuple[Standing, Score]]:
        def title(place: int) -> str:
            return papers[ranks[place][1]].paper.title

        own = self.sought.tokens
        placed = varied([rank for rank, _ in ranks], lambda place: telling(title(place), own), most)
        for place, near in placed:
            number = ranks[place][1]
            score = explained(found[number], papers[number], told[number])
            for above in near:
                score = score.and_also(f"near-equal to “{title(above)}” above", NEAR_POINTS)
            yield papers[number], score

    def why(self, one: Standing) -> tuple[str, ...]:
        """The reasons the paper matches."""
        paper = one.paper
        known = self._whys.get(paper.key)
        if known is None or known[0] != paper:
            known = self._whys[paper.key] = (paper, reasons(self.topic, one.document, paper))
        return known[1]


class Papers:
    """The papers of one round of digests on one day, each looked at once."""

    def __init__(self, today: date) -> None:
        """Know none of them yet."""
        self._today = today
        self._known: dict[int, Standing] = {}

    def of(self, candidates: Sequence[Candidate]) -> list[Standing]:
        """Where these papers stand. Among one round's candidates a hit's number means one thing."""
        known = self._known
        for one in candidates:
            if one.hit_id not in known:
                document = folded(one.paper)
                known[one.hit_id] = standing(one.paper, document, self._today, one.event)
        return [known[one.hit_id] for one in candidates]


class Studies:
    """Of many filters; those not asked for longest are forgotten."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: dict[str, Study] = {}

    def of(self, topic: TopicFilter) -> Study:
        """The study of a filter, ready to be added to."""
        found = self._kept.pop(topic.key, None) or Study(topic)
        self._kept[topic.key] = found
        return found

    def tidy(self) -> None:
        """Forget what has become too much."""
        size = sum(map(len, self._kept.values()))
        for key in list(self._kept):
            if size <= self._most:
                return
            size -= len(self._kept.pop(key))
