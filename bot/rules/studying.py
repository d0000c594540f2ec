"""Papers ranked for filters: what many filters ask about a paper is worked out once a day.

Popular filters are many subscriptions, and a day's papers are new to all of them at the same hour:
a filter's study is kept for the next subscription with it. What differs between channels, their
taste, is added at the end.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.model.paper import Paper
from bot.model.record import Candidate
from bot.model.topic import TopicFilter
from bot.rules.document import folded
from bot.rules.ranking import (
    Part,
    Score,
    Sought,
    Standing,
    explained,
    positive_texts,
    standing,
    tasted_all,
    total,
)
from bot.rules.reasons import Reasons
from bot.rules.synonyms import expand
from bot.rules.taste import NO_TASTE, Taste
from bot.rules.variety import MOST_PLACED, NEAR_POINTS, Rank, telling, varied

MOST_FILTERS = 4_096
"""Studies kept, about three kilobytes each."""
MOST_PAPERS = 2_048
"""Papers kept, as many as are kept folded."""

MOST_DAYS = 3
MOST_WHYS = 32
"""Papers of one filter whose reasons are kept: a few digests' worth."""

Scored = tuple[int, Score]


class Study:
    """One filter, with what it made of papers last.

    Papers are kept by their numbers alone: many studies would keep very many papers.
    """

    __slots__ = ("_asked", "_best", "_reasons", "_whys", "sought", "topic")

    def __init__(self, topic: TopicFilter) -> None:
        """Take the filter's words out of its tree."""
        self.topic = topic
        self.sought = Sought(positive_texts(expand(topic.root)))
        self._asked: tuple[list[int], int, int] | None = None
        self._best: list[Scored] = []
        self._reasons: Reasons | None = None
        self._whys: dict[int, tuple[str, ...]] = {}

    def best(
        self,
        papers: Sequence[Standing],
        taste: Taste = NO_TASTE,
        most: int | None = None,
        placed: int = MOST_PLACED,
    ) -> list[Scored]:
        """The first `most` of matching papers (None: all), best first, by their places in `papers`.

        For `placed` see `varied`.
        """
        wanted = len(papers) if most is None else most
        taste = taste.without(self.sought.tokens)
        told = () if taste is NO_TASTE else tasted_all(papers, taste)
        if any(told):
            return self._ranked(papers, told, wanted, placed)
        asked = ([one.number for one in papers], wanted, placed)
        if asked != self._asked:
            self._best = self._ranked(papers, (), wanted, placed)
            self._asked = asked
        return self._best

    def _ranked(
        self, papers: Sequence[Standing], told: Sequence[Sequence[Part]], most: int, placed: int
    ) -> list[Scored]:
        found = [self.sought.found_in(one) for one in papers]
        told = told or [()] * len(papers)
        ranks: list[tuple[Rank, int]] = [
            ((-total(found[number], one.points, told[number]), one.newest, one.paper.key), number)
            for number, one in enumerate(papers)
        ]
        best: list[Scored] = []

        def title(number: int) -> str:
            return papers[number].paper.title

        for number, above in placed_apart(ranks, title, self.sought.tokens, most, placed):
            score = explained(found[number], papers[number], told[number])
            best.append((number, put_back(score, map(title, above))))
        return best

    def why(self, one: Standing) -> tuple[str, ...]:
        """The reasons the paper matches."""
        known = self._whys.get(one.number)
        if known is None:
            if len(self._whys) >= MOST_WHYS:
                self._whys.clear()
            self._reasons = self._reasons or Reasons(self.topic.root)
            known = self._whys[one.number] = self._reasons.of(one.document, one.paper)
        return known


def placed_apart(
    ranks: list[tuple[Rank, int]],
    title: Callable[[int], str],
    own_words: frozenset[str],
    most: int,
    placed: int = MOST_PLACED,
) -> list[tuple[int, list[int]]]:
    """The first `most` papers by their numbers, best first, each with those of the near-equal ones above it.

    title: of one of them. own_words: folded ones of the filter. For `placed` see `varied`.
    """
    ranks = sorted(ranks)

    def words(place: int) -> frozenset[str]:
        return telling(title(ranks[place][1]), own_words)

    return [
        (ranks[place][1], [ranks[above][1] for above in near])
        for place, near in varied([rank for rank, _ in ranks], words, placed)[:most]
    ]


def put_back(score: Score, above: Iterable[str]) -> Score:
    """The score of a paper with near-equal ones above it, whose titles these are."""
    for title in above:
        score = score.and_also(f"near-equal to “{title}” above", NEAR_POINTS)
    return score


Known = tuple[Paper, Standing] | tuple[None, None]
_NOTHING: Known = (None, None)


class Papers:
    """The papers of one day as they stand, each looked at once, and again when it has changed."""

    def __init__(self, today: date, most: int = MOST_PAPERS) -> None:
        """Keep so many."""
        self._today = today
        self._most = most
        self._known: dict[int, Known] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, candidates: Sequence[Candidate]) -> list[Standing]:
        """Where these stand; the same objects again for papers that are still the same."""
        known, found = self._known, list[Standing]()
        for one in candidates:
            paper, stands = known.get(one.hit_id, _NOTHING)
            if paper is not one.paper or stands is None:
                stands = self._look(one, stands)
            found.append(stands)
        return found

    def _look(self, one: Candidate, before: Standing | None) -> Standing:
        now = before
        if now is None or now.paper != one.paper:
            now = standing(one.paper, folded(one.paper), self._today, one.event)
        self._known.pop(one.hit_id, None)
        self._known[one.hit_id] = (one.paper, now)
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return now


class Studies:
    """Of many filters, and the papers they are about; what was not asked for longest is forgotten."""

    def __init__(self, most: int = MOST_FILTERS) -> None:
        """Keep so many filters."""
        self._most = most
        self._kept: dict[str, Study] = {}
        self._papers: dict[date, Papers] = {}

    def of(self, topic: TopicFilter) -> Study:
        """The study of a filter."""
        found = self._kept.pop(topic.key, None) or Study(topic)
        self._kept[topic.key] = found
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return found

    def papers(self, today: date) -> Papers:
        """The papers as they stand on a day, of which there are two or three at a time."""
        if today not in self._papers and len(self._papers) >= MOST_DAYS:
            self._papers.clear()
        return self._papers.setdefault(today, Papers(today))

    def forget_papers(self) -> None:
        """Keep only what is known of filters: papers are much, and new ones every day."""
        self._papers.clear()
