"""Which words rise among papers: a comparison of two stretches of time, nothing learned.

Counted is in how many papers a word or a pair of words occurs, in the title or the abstract. A
share that grew is judged by a two-proportion z value, so that two papers after none do not beat
forty after twenty.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from bot.model.paper import Paper
from bot.rules.fold import fold_exact
from bot.rules.taste import SMALL_WORDS

LEAST_PAPERS = 3
LEAST_Z = 1.64
"""Nineteen times in twenty chance alone rises less."""

MOST_RISING = 10
_COMMON = frozenset(
    [
        "we",
        "this",
        "that",
        "which",
        "these",
        "our",
        "such",
        "paper",
        "propose",
        "proposed",
        "show",
        "shows",
        "results",
        "result",
        "method",
        "methods",
        "approach",
        "approaches",
        "based",
        "novel",
        "present",
        "existing",
        "while",
        "also",
        "both",
        "between",
        "than",
        "more",
        "most",
        "has",
        "have",
        "been",
        "not",
        "but",
        "or",
        "if",
        "into",
        "over",
        "under",
        "across",
        "through",
        "two",
        "one",
        "three",
        "first",
        "second",
        "however",
        "furthermore",
        "work",
        "study",
        "problem",
        "problems",
        "task",
        "tasks",
        "model",
        "models",
        "data",
        "using",
        "use",
        "used",
        "performance",
        "experiments",
        "extensive",
        "demonstrate",
        "significantly",
        "introduce",
        "outperforms",
        "state",
        "art",
        "datasets",
        "dataset",
        "framework",
        "analysis",
        "different",
        "various",
        "well",
        "only",
        "their",
        "they",
        "all",
        "many",
        "s",
        "t",
        "e",
        "g",
        "i",
    ]
)


@dataclass(frozen=True, slots=True)
class Rise:
    """A word or pair that became more frequent: in how many papers now and before."""

    words: str
    now: int
    before: int


def rising(now: Iterable[Paper], before: Iterable[Paper]) -> list[Rise]:
    """What occurs in a clearly larger share of `now` than of `before`, strongest first."""
    new, papers_now = _counted(now)
    old, papers_before = _counted(before)
    found = []
    for words, count in new.items():
        if count < LEAST_PAPERS:
            continue
        z = _z(count, papers_now, old[words], papers_before)
        if z >= LEAST_Z:
            found.append((z, Rise(words, count, old[words])))
    found.sort(key=lambda one: (-one[0], one[1].words))
    return _distinct([rise for _, rise in found])[:MOST_RISING]


def _counted(papers: Iterable[Paper]) -> tuple[Counter[str], int]:
    counts: Counter[str] = Counter()
    total = 0
    for paper in papers:
        total += 1
        counts.update(_terms(paper.title) | _terms(paper.abstract))
    return counts, total


def _terms(text: str) -> set[str]:
    words = fold_exact(text)
    telling = [_tells(word) for word in words]
    single = {word for word, tells in zip(words, telling, strict=True) if tells}
    pairs = {
        f"{words[at]} {words[at + 1]}"
        for at in range(len(words) - 1)
        if telling[at] and telling[at + 1]
    }
    return single | pairs


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isdigit() and word not in SMALL_WORDS | _COMMON


def _z(now: int, papers_now: int, before: int, papers_before: int) -> float:
    if not papers_now:
        return 0.0
    if not papers_before:
        return 0.0  # nothing to compare with: everything would seem to rise
    share = (now + before) / (papers_now + papers_before)
    spread = sqrt(share * (1 - share) * (1 / papers_now + 1 / papers_before))
    return (now / papers_now - before / papers_before) / spread if spread else 0.0


def _distinct(rises: list[Rise]) -> list[Rise]:
    """Without words that stand in a stronger pair, and pairs of a stronger word."""
    kept: list[Rise] = []
    for one in rises:
        words = set(one.words.split())
        if not any(words & set(other.words.split()) for other in kept):
            kept.append(one)
    return kept
