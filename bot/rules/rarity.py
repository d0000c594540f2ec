"""How many papers each word stands in, so that the match index looks for the rarest first."""

from collections import Counter
from collections.abc import Sequence

from bot.model.paper import Paper
from bot.rules.document import document

SAMPLE = 1_000
"""Papers that say enough: a word that none of them has is rare."""


def shares(papers: Sequence[Paper]) -> dict[str, float]:
    """The share of these papers that each folded word stands in."""
    counts: Counter[str] = Counter()
    for one in papers:
        folded = document(one)
        counts.update({*folded.title, *folded.abstract})
    return {word: count / len(papers) for word, count in counts.items()}
