"""Standing filters as people would write them, and the papers they wait for.

Words come from real papers other than those that are matched; the mix of kinds and the popularity
(each subscription is new with probability 0.35, else a copy of an earlier one) are synthetic.
"""

import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from bot.model.paper import Event, Metrics, Paper
from bot.rules.document import document
from bot.rules.fold import stem

INCOMING = 2_000
SHARES_FROM = 3_000
NEW_FILTER = 0.35
MOST_COMMON = 0.1
SEED = 20261123
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Workload:
    """incoming: newest papers, as announced. shares: of papers that each folded word stands in."""

    incoming: list[Paper]
    others: list[Paper]
    shares: dict[str, float]


def workload(corpus: Path) -> Workload:
    with gzip.open(corpus / "data" / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [paper(json.loads(line), number) for number, line in enumerate(lines)]
    papers.sort(key=lambda one: (one.announced_on or date.min, one.key))
    arxiv = [one for one in papers if one.key.startswith("arxiv:")]
    incoming = arxiv[-INCOMING:]
    newest = {one.key for one in incoming}
    others = [one for one in papers if one.key not in newest]
    return Workload(incoming, others, shares(others[-SHARES_FROM:]))


def shares(papers: list[Paper]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for one in papers:
        folded = document(one)
        counts.update({*folded.title, *folded.abstract})
    return {word: count / len(papers) for word, count in counts.items()}


def paper(record: dict, number: int) -> Paper:
    """A record of the corpus; upvotes are log-normal where none are known."""
    chance = random.Random(number)
    key = record["id"] if ":" in record["id"] else f"arxiv:{record['id']}"
    return Paper(
        key=key,
        url=record["url"],
        title=record["title"],
        abstract=record.get("abstract", ""),
        authors=tuple(record.get("authors", ())),
        categories=tuple(record.get("categories", ())),
        organization=record.get("org", ""),
        announced_on=date.fromisoformat(record["published"]) if "published" in record else None,
        code_url=record.get("code", ""),
        keywords=tuple(record.get("keywords", ())),
        metrics=Metrics(upvotes=record.get("upvotes", int(chance.lognormvariate(1, 1.2)))),
        sources=frozenset({"arxiv_rss:cs.CL"}),
        events=frozenset({Event.NEW}),
        version=1,
    )


class Filters:
    """An endless supply of filter texts."""

    def __init__(self, load: Workload, topics: list[str], seed: int = SEED) -> None:
        self.chance = random.Random(seed)
        self.papers = [one for one in load.others if len(one.title.split()) > 3]
        self.topics = topics
        self.shares = load.shares
        kinds: list[tuple[float, Callable[[], str]]] = [
            (22, self.term),
            (20, self.phrase),
            (13, lambda: f"{self.term()} {self.term()}"),
            (5, lambda: f"{self.term()} {self.phrase()}"),
            (12, self.either),
            (8, lambda: f"{self.term()} -{self.term()}"),
            (4, lambda: f"({self.term()} | {self.phrase()}) -{self.term()}"),
            (2, lambda: f"({self.term()} | {self.phrase()}) {self.term()}"),
            (4, lambda: f"{self.term()[:6]}*"),
            (5, self.author),
            (2, lambda: f"cat:{self.category()} {self.term()}"),
            (
                1.5,
                lambda: (
                    f"org:{self.chance.choice(['google', 'microsoft', 'stanford'])} {self.term()}"
                ),
            ),
            (1.5, lambda: f"upvotes:>={self.chance.choice([5, 10, 20, 50])} {self.term()}"),
        ]
        self.makers = [maker for _, maker in kinds]
        self.weights = [weight for weight, _ in kinds]

    def words(self) -> list[str]:
        title = self.chance.choice(self.papers).title
        return [
            word for word in title.split() if len(word) > 3 and word.isalpha() and word.isascii()
        ]

    def term(self) -> str:
        """A word of a title, or of an author's keyword; nobody listens for “learning”."""
        while True:
            for word in self.chance.sample(words, len(words)) if (words := self.words()) else ():
                if self.shares.get(stem(word.lower()), 0.0) < MOST_COMMON:
                    return word

    def phrase(self) -> str:
        if self.topics and self.chance.random() < 0.2:
            return f'"{self.chance.choice(self.topics)}"'
        while len(words := self.words()) < 3:
            pass
        length = self.chance.choice([2, 2, 2, 3])
        start = self.chance.randrange(len(words) - length + 1)
        return f'"{" ".join(words[start : start + length])}"'

    def either(self) -> str:
        makers = [self.term, self.phrase]
        return " | ".join(self.chance.choice(makers)() for _ in range(self.chance.randint(2, 4)))

    def author(self) -> str:
        while not (authors := self.chance.choice(self.papers).authors):
            pass
        return f'author:"{self.chance.choice(authors)}"'.replace("*", "")

    def category(self) -> str:
        return self.chance.choice(["cs.CL", "cs.LG", "cs.CV", "cs.AI", "cs.RO", "stat.ML", "cs.*"])

    def __iter__(self) -> Iterator[str]:
        while True:
            (maker,) = self.chance.choices(self.makers, self.weights)
            yield maker()

    def subscriptions(self, number: int) -> list[str]:
        """So many subscriptions' filters, popular ones many times."""
        taken: list[str] = []
        fresh = iter(self)
        while len(taken) < number:
            is_new = not taken or self.chance.random() < NEW_FILTER
            taken.append(next(fresh) if is_new else self.chance.choice(taken))
        return taken


def topics(corpus: Path) -> list[str]:
    """Terms people really listen for."""
    found: dict[str, None] = {}
    with (corpus / "data" / "topics.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            for term in json.loads(line).get("terms", ()):
                cleaned = "".join(sign for sign in term if sign.isalnum() or sign in " -")
                if any(map(str.isalnum, cleaned)):
                    found.setdefault(cleaned)
    return list(islice(found, 2_000))
