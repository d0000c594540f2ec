"""Which of several matching papers come first: a small sum that a person can check.

    in the title        3 points for each word or phrase of the filter found there
    in the abstract     1 point for each one found only there
    both together       at most 9 points, so that long OR lists do not drown the rest
    upvotes             log2(1 + upvotes), at most 6 points, halved for every week of age
    picked by readers   1 point when the paper is listed by a community source
    the event           2 points for a paper that has just become popular, 2 less for a new version
    follows             4 points when an author or the organisation is followed
    feedback            what the channel's votes say of its words: at most 4 points up or down
    near-equal          3 less for each near-equal paper that stands above it (see `variety`)

Ties are settled by date (newer first), then by key, so that a digest composed twice is the same.
docs/ranking.md says the same to people.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import count
from math import log2

from bot.model.paper import Event, Paper
from bot.model.topic import And, Node, Or, Scope, Text
from bot.rules.document import Document
from bot.rules.matching import sign_of, stands
from bot.rules.taste import NO_TASTE, Taste, followed, moved_by

TITLE_POINTS = 3.0
ABSTRACT_POINTS = 1.0
MOST_WORD_POINTS = 9.0
MOST_UPVOTE_POINTS = 6.0
UPVOTES_HALVE_IN_DAYS = 7
LISTED_POINTS = 1.0
EVENT_POINTS = {
    Event.HOT: ("has just become popular", 2.0),
    Event.REPLACE: ("a new version of an older paper", -2.0),
    Event.REPLACE_CROSS: ("a new version of an older paper", -2.0),
    Event.WITHDRAWN: ("withdrawn", -2.0),
}
FOLLOW_POINTS = 4.0
MOST_TASTE_POINTS = 4.0
MOST_TASTE_FEATURES = 5


Part = tuple[str, float]


@dataclass(frozen=True, slots=True)
class Score:
    """The sum and its parts, each part with the words that explain it."""

    total: float
    parts: tuple[tuple[str, float], ...]

    def and_also(self, words: str, points: float) -> "Score":
        """This score with one part more."""
        return Score(self.total + points, (*self.parts, (words, points)))


@dataclass(frozen=True, slots=True)
class Occasion:
    """What ranking needs to know besides filter and paper. event: what brought the paper."""

    today: date
    event: Event = Event.NEW
    taste: Taste = NO_TASTE


@dataclass(frozen=True, slots=True)
class Standing:
    """A paper on an occasion as far as it is the same for every filter and channel.

    title, abstract: its folded words. parts: what it has without any filter, in the order of the
    sum; points: theirs. newest: grows with age. number: its own, never used again.
    """

    paper: Paper
    document: Document
    title: frozenset[str]
    abstract: frozenset[str]
    parts: tuple[Part, ...]
    points: tuple[float, ...]
    newest: int
    number: int = field(default_factory=count().__next__)


NO_WORDS = frozenset[str]()


def standing(
    paper: Paper, document: Document, today: date, event: Event, *, counted: bool = False
) -> Standing:
    """The standing of a paper that this event brought. document: the paper folded.

    counted: where a filter's words stand is known already, so that nobody asks for the paper's.
    """
    day = paper.announced_on or paper.published_on
    age = max((today - day).days, 0) if day else 0
    parts, points = parts_without_words(
        paper.metrics.upvotes or 0, age, listing_points(paper.events), event
    )
    return Standing(
        paper,
        document,
        NO_WORDS if counted else document.words(Scope.TITLE),
        NO_WORDS if counted else document.words(Scope.ABSTRACT),
        parts,
        points,
        -(day.toordinal() if day else 0),
    )


def listing_points(events: Container[Event]) -> float:
    """Points for what readers have picked."""
    return LISTED_POINTS if Event.LISTED in events else 0.0


@lru_cache(maxsize=1 << 13)
def parts_without_words(
    upvotes: int, age: int, listed: float, event: Event
) -> tuple[tuple[Part, ...], tuple[float, ...]]:
    """What a paper has without any filter, and the points of it. age: in days."""
    parts: list[Part] = []
    if upvotes:
        parts.append(_upvotes(upvotes, age))
    if listed:
        parts.append(("listed by readers", listed))
    if event in EVENT_POINTS:
        parts.append(EVENT_POINTS[event])
    return tuple(parts), tuple(points for _, points in parts)


Found = tuple[int, int]
"""How many of a filter's words and phrases stand in the title, how many in the abstract only."""


class Sought:
    """The words and phrases a filter wants: its `positive_texts`, expanded.

    Nearly all are words and phrases without further marks, and most of them stand in no paper: one
    look at a paper's words says which may.
    """

    __slots__ = ("_others", "_plain", "_signs", "tokens")

    def __init__(self, texts: Iterable[Text]) -> None:
        """Sort the plain words and phrases from the rest."""
        self._plain: dict[str, list[str]] = {}
        self._others: list[Text] = []
        tokens: set[str] = set()
        for one in texts:
            tokens.update(one.tokens)
            sign = sign_of(one)
            if sign is None:
                self._others.append(one)
            else:
                words = f" {' '.join(one.tokens)} " if len(one.tokens) > 1 else sign
                self._plain.setdefault(sign, []).append(words)
        self._signs = frozenset(self._plain)
        self.tokens = frozenset(tokens)

    def found_in(self, one: Standing) -> Found:
        """How many of them the paper has."""
        in_title = in_abstract = 0
        here, below = self._signs & one.title, self._signs & one.abstract
        for sign in here | below if here and below else here or below:
            for words in self._plain[sign]:
                if words == sign:
                    there, or_there = sign in here, sign in below
                else:
                    there = sign in here and words in one.document.text(Scope.TITLE)
                    or_there = sign in below and words in one.document.text(Scope.ABSTRACT)
                in_title += there
                in_abstract += or_there and not there
        for term in self._others:
            if stands(term, one.document, Scope.TITLE):
                in_title += 1
            elif stands(term, one.document, Scope.ABSTRACT):
                in_abstract += 1
        return in_title, in_abstract


def total(found: Found, points: tuple[float, ...], told: Sequence[Part] = ()) -> float:
    """The sum. points: without any filter. told: what the channel's taste adds, from `tasted`."""
    points = (_words(*found)[1], *points)
    return sum((*points, *(points for _, points in told)) if told else points)


def explained(found: Found, one: Standing, told: Sequence[Part] = ()) -> Score:
    """The same with its parts. Those that add nothing are left out, except that of the words."""
    return Score(total(found, one.points, told), (_words(*found), *one.parts, *told))


def score(texts: Iterable[Text], document: Document, paper: Paper, occasion: Occasion) -> Score:
    """How strongly a matching paper belongs to the filter. texts: its `positive_texts`, expanded."""
    one = standing(paper, document, occasion.today, occasion.event)
    told = () if occasion.taste is NO_TASTE else tasted(one, occasion.taste)
    return explained(Sought(texts).found_in(one), one, told)


@lru_cache(maxsize=256)
def _words(in_title: int, in_abstract: int) -> Part:
    points = min(TITLE_POINTS * in_title + ABSTRACT_POINTS * in_abstract, MOST_WORD_POINTS)
    return f"{in_title} in the title, {in_abstract} in the abstract", points


@lru_cache(maxsize=4096)
def _upvotes(upvotes: int, age: int) -> Part:
    """A week-old paper has had a week to gather them; a new one is compared fairly. age: days."""
    points = min(log2(1 + max(upvotes, 0)), MOST_UPVOTE_POINTS)
    words = "1 upvote" if upvotes == 1 else f"{upvotes} upvotes"
    if age:
        words += ", 1 day old" if age == 1 else f", {age} days old"
    return words, points * 0.5 ** (age / UPVOTES_HALVE_IN_DAYS)


def tasted_all(papers: Sequence[Standing], taste: Taste) -> list[tuple[Part, ...]]:
    """The same as `tasted` for each; a channel that follows a few names is silent on most."""
    if taste.weights:
        return [tasted(one, taste) for one in papers]
    names = frozenset(name[0] for name in taste.authors)
    return [
        tasted(one, taste)
        if one.document.organization or (names and not names.isdisjoint(one.document.author_words))
        else ()
        for one in papers
    ]


def tasted(one: Standing, taste: Taste) -> tuple[Part, ...]:
    """What the channel has told of such papers, as parts of the sum."""
    parts: list[Part] = []
    name = followed(taste, one.document, one.paper)
    if name:
        parts.append((f"you follow {name}", FOLLOW_POINTS))
    moved = moved_by(taste, one.paper, MOST_TASTE_FEATURES)
    if moved:
        words = ", ".join(f"{name} {weight:+.1f}" for name, weight in moved)
        points = sum(weight for _, weight in moved)
        parts.append(
            (
                f"this channel's feedback: {words}",
                max(-MOST_TASTE_POINTS, min(points, MOST_TASTE_POINTS)),
            )
        )
    return tuple(parts)


def order(scored: Score, paper: Paper) -> tuple[float, int, str]:
    """Sort key, best first."""
    day = paper.announced_on or paper.published_on
    return (-scored.total, -(day.toordinal() if day else 0), paper.key)


def positive_texts(node: Node) -> Iterator[Text]:
    """The words and phrases a filter wants, without those it excludes."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive_texts(part)
