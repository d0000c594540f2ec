"""Near-equal papers apart, so that ten of a kind do not fill a digest.

Two papers are near-equal when their titles share three words and three fifths of the shorter one's,
small words and the filter's own left out. The best of them stands where its score puts it; every
other one loses 3 points for each near-equal paper above it, at most 9. So they are put back, never
taken out, and `why` shows what they lost and to which paper.
"""

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush

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
Waiting = tuple[tuple[float, int, str], int]


def varied(
    ranked: Sequence[Scored], own_words: frozenset[str], most: int = MOST_PLACED
) -> list[Scored]:
    """`ranked` (best first) with near-equal papers apart. own_words: folded words of the filter.

    most: how many are placed so; which those are does not depend on it.
    """
    if len(ranked) < 2:
        return list(ranked)
    words: dict[int, frozenset[str]] = {}
    near: dict[int, list[int]] = {}
    compared: dict[int, int] = {}
    placed: list[int] = []
    # The best of those not looked at yet stands first in `ranked`; those put back wait here.
    first, back = 0, list[Waiting]()
    while len(placed) < most and (first < len(ranked) or back):
        if back and (first == len(ranked) or back[0] < _waiting(ranked, first)):
            _, number = heappop(back)
        else:
            number, first = first, first + 1
            words[number] = _words(ranked[number][0].title, own_words)
        start = compared.get(number, 0)
        found = [one for one in placed[start:] if _is_near(words[number], words[one])]
        compared[number] = len(placed)
        before = near.get(number, [])
        if found and len(before) < MOST_NEAR:
            near[number] = (before + found)[:MOST_NEAR]
            paper, scored = ranked[number]
            heappush(back, (order(_lowered(scored, near[number], ranked), paper), number))
        else:
            placed.append(number)
    rest = list(range(first, len(ranked)))
    if back:
        rest = [one for _, one in sorted([_waiting(ranked, one) for one in rest] + back)]
    return [
        (ranked[one][0], _lowered(ranked[one][1], near.get(one, ()), ranked))
        for one in placed + rest
    ]


def _waiting(ranked: Sequence[Scored], number: int) -> Waiting:
    paper, scored = ranked[number]
    return order(scored, paper), number


def _words(title: str, own_words: frozenset[str]) -> frozenset[str]:
    telling = _telling(title)
    return telling if telling.isdisjoint(own_words) else telling - own_words


@lru_cache(maxsize=4096)
def _telling(title: str) -> frozenset[str]:
    """The words of a title that say something about it."""
    return frozenset(title_words(title)) - COMMON_WORDS


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= SHARED_PART * min(len(one), len(other))


def _lowered(scored: Score, near: Sequence[int], ranked: Sequence[Scored]) -> Score:
    for number in near:
        scored = scored.and_also(f"near-equal to “{ranked[number][0].title}” above", NEAR_POINTS)
    return scored
