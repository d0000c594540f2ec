"""Near-equal papers apart, so that ten of a kind do not fill a digest.

Two papers are near-equal when their titles share three words and three fifths of the shorter one's,
small words and the filter's own left out. The best of them stands where its score puts it; every
other one loses 3 points for each near-equal paper above it, at most 9. So they are put back, never
taken out, and `why` shows what they lost and to which paper.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from bot.model.paper import Paper
from bot.rules.ranking import Score, order
from bot.rules.taste import SMALL_WORDS, title_words

NEAR_POINTS = -3.0
MOST_NEAR = 3
LEAST_SHARED = 3
SHARED_PART = 0.6
_COMMON = "large language model llm neural network deep learning based"
COMMON_WORDS = SMALL_WORDS | frozenset(_COMMON.split())
"""What half of all titles share says nothing about two of them."""

MOST_PLACED = 100
"""Far more than a digest can show; what comes after it stays in the order of its scores."""

Scored = tuple[Paper, Score]


def varied(ranked: Sequence[Scored], own_words: frozenset[str]) -> list[Scored]:
    """`ranked` (best first) with near-equal papers apart. own_words: folded words of the filter."""
    if len(ranked) < 2:
        return list(ranked)
    words = [_words(paper, own_words) for paper, _ in ranked]
    near: list[list[int]] = [[] for _ in ranked]
    compared = [0] * len(ranked)
    placed: list[int] = []
    waiting = [(order(scored, paper), number) for number, (paper, scored) in enumerate(ranked)]
    heapify(waiting)
    while waiting and len(placed) < MOST_PLACED:
        _, number = heappop(waiting)
        found = [one for one in placed[compared[number] :] if _is_near(words[number], words[one])]
        compared[number] = len(placed)
        if found and len(near[number]) < MOST_NEAR:
            near[number] = (near[number] + found)[:MOST_NEAR]
            paper, scored = ranked[number]
            heappush(waiting, (order(_lowered(scored, near[number], ranked), paper), number))
        else:
            placed.append(number)
    placed += [number for _, number in sorted(waiting)]
    return [(ranked[one][0], _lowered(ranked[one][1], near[one], ranked)) for one in placed]


def _words(paper: Paper, own_words: frozenset[str]) -> frozenset[str]:
    return frozenset(title_words(paper.title)) - COMMON_WORDS - own_words


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= SHARED_PART * min(len(one), len(other))


def _lowered(scored: Score, near: list[int], ranked: Sequence[Scored]) -> Score:
    for number in near:
        scored = scored.and_also(f"near-equal to “{ranked[number][0].title}” above", NEAR_POINTS)
    return scored
