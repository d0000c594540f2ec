"""Near misses: what a filter changed at one place would have found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from bot.model.record import SearchRequest
from bot.model.topic import (
    And,
    Author,
    Category,
    FromSource,
    Node,
    Or,
    Organization,
    Text,
    TopicFilter,
)
from bot.ports import Store
from bot.rules.reading import quoted
from bot.rules.variants import Variant, looser
from bot.rules.writing import write

MOST_VARIANTS = 6
MOST_SECOND_STEPS = 18
MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class Near:
    """What a filter changed at one place would have matched."""

    variant: Variant
    matches: int


async def nearest_looser(
    store: Store, topic: TopicFilter, asked: SearchRequest, *, more_than: int
) -> Near | None:
    """The looser filter that finds the fewest papers more; at one place, or else at two.

    asked: where to look; its root and limit do not count. A second change is tried only where
    nothing is found at all, for then any answer is better than none.
    """
    variants = looser(topic)[:MOST_VARIANTS]
    found = fewest(variants, await _totals(store, variants, asked), more_than)
    if found is not None or more_than:
        return found
    return await looser_at_two_places(store, topic, variants, asked)


async def looser_at_two_places(
    store: Store, topic: TopicFilter, variants: Iterable[Variant], asked: SearchRequest
) -> Near | None:
    """The same where no change at one place finds anything. variants: those changes."""
    second = [
        Variant(further.topic, f"{one.change} and {further.change}")
        for one in variants
        for further in looser(one.topic)
        if further.topic.key != topic.key
    ]
    different = {one.topic.key: one for one in reversed(second)}
    some = list(different.values())[:MOST_SECOND_STEPS]
    return fewest(some, await _totals(store, some, asked), 0)


def fewest(variants: Iterable[Variant], totals: Iterable[int], more_than: int) -> Near | None:
    """The variant that finds the fewest papers, but more than that. totals: of each."""
    near = [Near(*one) for one in zip(variants, totals, strict=True) if one[1] > more_than]
    return min(near, key=lambda one: one.matches, default=None)


async def _totals(store: Store, variants: Iterable[Variant], asked: SearchRequest) -> list[int]:
    return [
        (await store.papers.search(replace(asked, root=one.topic.root, limit=0, offset=0))).total
        for one in variants
    ]


async def unknown_words(store: Store, root: Node, asked: SearchRequest) -> tuple[str, ...]:
    """What a filter wants that no stored paper has at all: words, names, categories, sources."""
    unknown = []
    for term in list(wanted(root))[:MOST_WORDS]:
        anywhere = replace(asked, root=term, since=None, until=None, limit=0, offset=0)
        if not (await store.papers.search(anywhere)).total:
            unknown.append(shown(term))
    return tuple(unknown)


Wanted = Text | Author | Organization | Category | FromSource


def shown(term: Wanted) -> str:
    """A wanted term as people read it."""
    return quoted(term) if isinstance(term, Text) else write(term)


def wanted(node: Node) -> Iterator[Wanted]:
    """What a filter wants of a paper and a paper may lack: words, names, categories, sources."""
    match node:
        case And(parts) | Or(parts):
            yield from chain.from_iterable(map(wanted, parts))
        case Text() | Author() | Organization() | Category() | FromSource():
            yield node
        case _:
            return  # what is no word of a paper, or is not wanted
