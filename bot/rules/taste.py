"""What a channel has told about itself, as far as ranking listens to it.

Follows are names; votes are papers found relevant or not. What votes teach is one weight per word
of a title, category and first author, in the open: `why` shows every one that moved a paper.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import log2

from bot.model.paper import Paper
from bot.model.topic import And, Author, Node, Or, Organization, Tokens
from bot.rules.document import Document
from bot.rules.fold import fold, fold_exact
from bot.rules.matching import in_order

LEAST_WEIGHT = 0.3
"""Less is noise."""

_SMALL = """
    a an the of for and or in on with to from by at as is are be via using toward towards into its
    it can do how what why when we our new
"""
SMALL_WORDS = frozenset(_SMALL.split())


@dataclass(frozen=True, slots=True)
class Vote:
    """One channel's word on a paper: relevant (up) or not for us."""

    paper: Paper
    up: bool


@dataclass(frozen=True, slots=True)
class Taste:
    """What ranking knows of a channel.

    authors, organizations: followed names as folded tokens (`follow_name`). weights: feature →
    weight; a feature is a folded title word, `cat:cs.cl` or `author:jan leike`.
    """

    authors: tuple[Tokens, ...] = ()
    organizations: tuple[Tokens, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)

    def without(self, words: frozenset[str]) -> "Taste":
        """The taste without these words, which say nothing where every paper has them."""
        if self.weights.keys().isdisjoint(words):
            return self
        kept = {name: weight for name, weight in self.weights.items() if name not in words}
        return replace(self, weights=kept)


NO_TASTE = Taste()


def follow_name(name: str) -> Tokens:
    """A name as filters compare names."""
    return tuple(fold_exact(name))


def taste_of(
    votes: Iterable[Vote], authors: Iterable[str] = (), organizations: Iterable[str] = ()
) -> Taste:
    """The taste these votes and follows amount to. The order of votes does not matter.

    A feature weighs log2((1 + relevant) / (1 + not)), less the more of the judged papers have it:
    what they all share says nothing about any of them.
    """
    up: Counter[str] = Counter()
    down: Counter[str] = Counter()
    every = list(votes)
    judged = {vote.paper.key: vote.paper for vote in every}
    seen = Counter(feature for paper in judged.values() for feature in features(paper))
    for vote in every:
        (up if vote.up else down).update(set(features(vote.paper)))
    weights = {
        feature: round(
            log2((1 + up[feature]) / (1 + down[feature])) * (1 - count / (len(judged) + 2)), 3
        )
        for feature, count in sorted(seen.items())
    }
    return Taste(
        authors=tuple(sorted({follow_name(name) for name in authors} - {()})),
        organizations=tuple(sorted({follow_name(name) for name in organizations} - {()})),
        weights={name: weight for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT},
    )


def named(root: Node) -> tuple[set[str], set[str]]:
    """The authors and organisations a filter asks for by whole name: a channel follows them."""
    match root:
        case And(parts) | Or(parts):
            pairs = [named(part) for part in parts]
            return set().union(*(one for one, _ in pairs)), set().union(*(one for _, one in pairs))
        case Author(tokens, prefix) if not prefix:
            return {" ".join(tokens)}, set()
        case Organization(tokens, prefix) if not prefix:
            return set(), {" ".join(tokens)}
        case _:
            return set(), set()


def features(paper: Paper) -> tuple[str, ...]:
    """What a vote on this paper says something about, each once."""
    words = dict.fromkeys(word for word in title_words(paper.title) if word not in SMALL_WORDS)
    found = [word for word in words if len(word) > 1]
    found += [f"cat:{code.lower()}" for code in paper.categories[:1]]
    found += [f"author:{' '.join(fold_exact(name))}" for name in paper.authors[:1]]
    return tuple(found)


@lru_cache(maxsize=4096)
def title_words(title: str) -> tuple[str, ...]:
    """The folded words of a title; asked for again and again while a digest is ranked."""
    return tuple(fold(title))


def followed(taste: Taste, document: Document, paper: Paper) -> str:
    """The followed author or organisation this paper is by, as it is written there; or empty."""
    for name in taste.authors:
        if document.author_words.issuperset(name):
            for written, tokens in zip(paper.authors, document.authors, strict=True):
                if in_order(name, tokens, prefix=False):
                    return written
    for name in taste.organizations:
        if in_order(name, document.organization, prefix=False):
            return paper.organization
    return ""


def moved_by(taste: Taste, paper: Paper, most: int) -> tuple[tuple[str, float], ...]:
    """The features of the paper votes have given a weight, heaviest first, at most `most`."""
    if not taste.weights:
        return ()
    known = [(one, taste.weights[one]) for one in features(paper) if one in taste.weights]
    return tuple(sorted(known, key=lambda one: (-abs(one[1]), one[0]))[:most])
