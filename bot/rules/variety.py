"""Near-equal papers apart, so that ten of a kind do not fill a digest.

Two papers are near-equal when their titles share three words and three fifths of the shorter one's,
small words and the filter's own left out. The best of them stands where its score puts it; every
other one loses 3 points for each near-equal paper above it, at most 9. So they are put back, never
taken out, and `why` shows what they lost and to which paper.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from heapq import heappop, heappush

from bot.model.paper import PaperKey
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

Rank = tuple[float, int, PaperKey]
"""Sort key of a paper, best first: its points and its day, both negative, and its key."""
Placed = tuple[int, Sequence[int]]
"""The number of a paper, and those of the near-equal ones above it."""


def varied(
    ranks: Sequence[Rank], words: Callable[[int], frozenset[str]], most: int = MOST_PLACED
) -> list[Placed]:
    """Papers, best first, with near-equal ones apart.

    words: what the title of one of them says (`telling`). most: how many are placed so; which those
    are does not depend on it.
    """
    titles: dict[int, frozenset[str]] = {}
    near: dict[int, list[int]] = {}
    compared: dict[int, int] = {}
    placed: list[int] = []
    said = set[str]()  # by all that are placed: most titles share next to nothing with it
    # The best of those not looked at yet stands first in `ranks`; those put back wait here.
    first, back = 0, list[tuple[Rank, int]]()
    while len(placed) < most and (first < len(ranks) or back):
        if back and (first == len(ranks) or back[0] < (ranks[first], first)):
            _, number = heappop(back)
        else:
            number, first = first, first + 1
            titles[number] = words(number)
        mine = titles[number]
        found: list[int] = []
        if len(mine & said) >= LEAST_SHARED:
            start = compared.get(number, 0)
            found = [one for one in placed[start:] if _is_near(mine, titles[one])]
            compared[number] = len(placed)
        before = near.get(number, ())
        if found and len(before) < MOST_NEAR:
            near[number] = [*before, *found][:MOST_NEAR]
            heappush(back, (_lowered(ranks[number], len(near[number])), number))
        else:
            placed.append(number)
            said |= mine
    rest = list(range(first, len(ranks)))
    if back:
        rest = [one for _, one in sorted([*((ranks[one], one) for one in rest), *back])]
    return [(one, near.get(one, ())) for one in placed + rest]


def _lowered(rank: Rank, near: int) -> Rank:
    points = -rank[0]
    for _ in range(near):
        points += NEAR_POINTS
    return (-points, *rank[1:])


def telling(title: str, own_words: frozenset[str]) -> frozenset[str]:
    """The words of a title that say something about it. own_words: folded ones of the filter."""
    words = _telling(title)
    return words if words.isdisjoint(own_words) else words - own_words


@lru_cache(maxsize=4096)
def _telling(title: str) -> frozenset[str]:
    return frozenset(title_words(title)) - COMMON_WORDS


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= LEAST_SHARED and shared >= SHARED_PART * min(len(one), len(other))
