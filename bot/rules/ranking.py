"""Which of several matching papers come first: a small sum that a person can check.

    in the title        3 points for each word or phrase of the filter found there
    in the abstract     1 point for each one found only there
    both together       at most 9 points, so that long OR lists do not drown the rest
    upvotes             log2(1 + upvotes), at most 6 points: 1 upvote 1, 3 upvotes 2, 63 upvotes 6
    picked by readers   1 point when the paper is listed by a community source

Ties are settled by date (newer first), then by key, so that a digest composed twice is the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from math import log2

from bot.model.paper import Event, Paper
from bot.model.topic import And, Node, Or, Scope, Text
from bot.rules.document import Document
from bot.rules.matching import matches

TITLE_POINTS = 3.0
ABSTRACT_POINTS = 1.0
MOST_WORD_POINTS = 9.0
MOST_UPVOTE_POINTS = 6.0
LISTED_POINTS = 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """The sum and its parts, each part with the words that explain it."""

    total: float
    parts: tuple[tuple[str, float], ...]


def score(root: Node, document: Document, paper: Paper, today: date) -> Score:
    """How strongly a matching paper belongs to the filter. `root` is expanded."""
    in_title, in_abstract = _places(root, document, today)
    words = min(TITLE_POINTS * in_title + ABSTRACT_POINTS * in_abstract, MOST_WORD_POINTS)
    parts = [
        (f"{in_title} in the title, {in_abstract} in the abstract", words),
        (
            f"{paper.metrics.upvotes or 0} upvotes",
            min(log2(1 + max(paper.metrics.upvotes or 0, 0)), MOST_UPVOTE_POINTS),
        ),
    ]
    if Event.LISTED in paper.events:
        parts.append(("listed by readers", LISTED_POINTS))
    return Score(sum(points for _, points in parts), tuple(parts))


def order(scored: Score, paper: Paper) -> tuple[float, int, str]:
    """Sort key, best first."""
    day = paper.announced_on or paper.published_on
    return (-scored.total, -(day.toordinal() if day else 0), paper.key)


def _places(root: Node, document: Document, today: date) -> tuple[int, int]:
    in_title = in_abstract = 0
    for term in positive_texts(root):
        if matches(replace(term, scope=Scope.TITLE), document, event=None, today=today):
            in_title += 1
        elif matches(replace(term, scope=Scope.ABSTRACT), document, event=None, today=today):
            in_abstract += 1
    return in_title, in_abstract


def positive_texts(node: Node) -> Iterator[Text]:
    """The words and phrases a filter wants, without those it excludes."""
    if isinstance(node, Text):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from positive_texts(part)
