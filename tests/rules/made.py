"""Trees and papers like those of `filters.py`, made a hundred times faster: for tests of many.

Each is made from a number of its own, so that Hypothesis can leave out what a failure does not need.
"""

from datetime import timedelta
from random import Random

from bot.model.paper import Event, Metrics, Paper
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Node,
    Not,
    Or,
    Organization,
    Scope,
    Since,
    Text,
    Version,
)
from bot.rules.canonical import simplified
from tests.rules.filters import NAMES, TODAY, WORDS

ASCII = [word for word in WORDS if word.isascii()]
PLAIN: tuple[Node, ...] = (
    Organization(("deepmind",)),
    Category("cs.cl"),
    Category("cs.lg"),
    Category("cs", archive=True),
    FromSource("hf_daily"),
    FromSource("arxiv"),
    HasCode(True),
    HasCode(False),
    Since(days=7),
    Since(days=90),
    Since(on=TODAY.replace(day=1)),
    Language("en"),
    Language("zh"),
    *map(Version, Event),
)


def a_tree(seed: object) -> Node:
    """A filter as it is stored: simplified, not expanded."""
    return simplified(_tree(Random(str(seed)), 3))


def _tree(chance: Random, depth: int) -> Node:
    if depth == 0 or chance.random() < 0.45:
        return _term(chance)
    kind = chance.random()
    if kind < 0.2:
        return Not(_tree(chance, depth - 1))
    parts = tuple(_tree(chance, depth - 1) for _ in range(chance.randint(2, 3)))
    return And(parts) if kind < 0.6 else Or(parts)


def _term(chance: Random) -> Node:
    kind = chance.random()
    if kind < 0.6:
        return _text(chance)
    if kind < 0.7:
        tokens = _some(chance, NAMES, 1, 3)
        return Author(tokens, prefix=chance.random() < 0.5 and len(tokens[-1]) > 1)
    if kind < 0.8:
        return _count(chance)
    return chance.choice(PLAIN)


def _text(chance: Random) -> Text:
    scope, kind = chance.choice(list(Scope)), chance.random()
    if kind < 0.55:
        return Text(_some(chance, WORDS, 1, 3), scope)
    if kind < 0.7:
        return Text(_some(chance, WORDS, 1, 3), scope, exact=True)
    if kind < 0.85:
        beginning = chance.choice(ASCII)[: chance.randint(2, 6)]
        return Text((beginning,), scope, prefix=True)
    return Text(_some(chance, WORDS, 2, 3), scope, near=chance.randint(1, 3))


def _count(chance: Random) -> Count:
    low = chance.choice([None, chance.randint(1, 30)])
    more = chance.randint(0, 30)
    high = (low or 0) + more if low is None or chance.random() < 0.5 else None
    return Count(chance.choice(list(Metric)), low, high)


def _some(chance: Random, words: list[str], least: int, most: int) -> tuple[str, ...]:
    return tuple(chance.choices(words, k=chance.randint(least, most)))


def a_made_paper(seed: object) -> tuple[Paper, Event | None]:
    """A paper and what just happened to it."""
    chance = Random(str(seed))
    paper = Paper(
        key="arxiv:2611.00001",
        url="https://example.org/1",
        title=" ".join(_some(chance, WORDS, 0, 8)),
        abstract=" ".join(_some(chance, WORDS, 0, 8)),
        authors=tuple(" ".join(_some(chance, NAMES, 1, 3)) for _ in range(chance.randint(0, 3))),
        categories=tuple(chance.sample(["cs.CL", "cs.LG", "stat.ML"], chance.randint(0, 3))),
        organization=chance.choice(["", "Google DeepMind"]),
        code_url=chance.choice(["", "https://example.org/code"]),
        announced_on=chance.choice([None, TODAY - timedelta(days=chance.randint(0, 120))]),
        version=chance.choice([None, 1, 2]),
        events=frozenset(chance.sample(list(Event), chance.randint(0, 3))),
        sources=frozenset(
            chance.sample(["hf_daily", "arxiv_rss:cs.CL", "feed:x"], chance.randint(0, 3))
        ),
        metrics=Metrics(
            upvotes=chance.choice([None, chance.randint(0, 40)]),
            comments=chance.choice([None, chance.randint(0, 40)]),
        ),
    )
    return paper, chance.choice([None, *Event])
