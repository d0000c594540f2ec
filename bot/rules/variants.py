"""A filter changed at one place: a little looser, or a little tighter.

For near misses in a preview and for the one-word change `why` suggests. Every variant is a filter
of its own, in canonical form, and says what is different about it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from bot.model.topic import And, Category, Count, Node, Not, Or, Scope, Text, TopicFilter
from bot.rules.canonical import canonical_filter, contradiction, is_anchored
from bot.rules.fold import stem
from bot.rules.reading import quoted
from bot.rules.writing import write

SHORTEST_STEM = 5
LONG_WORD = 6
"""Letters from which the beginning of a word says what it is about."""

Change = tuple[str, Node]


@dataclass(frozen=True, slots=True)
class Variant:
    """A filter that differs at one place. change: how, as the end of “it would, …”."""

    topic: TopicFilter
    change: str


def looser(topic: TopicFilter) -> list[Variant]:
    """Filters that match everything this one does, and perhaps more."""
    return _variants(topic, chain(_looser(topic.root), _by_stem(topic.root)))


def tighter(topic: TopicFilter) -> list[Variant]:
    """Filters that match nothing this one does not, and perhaps less."""
    return _variants(topic, _tighter(topic.root))


def _variants(topic: TopicFilter, changes: Iterator[Change]) -> list[Variant]:
    found: dict[str, Variant] = {}
    for words, root in changes:
        changed = canonical_filter(root)
        possible = is_anchored(changed.root) and not contradiction(changed.root)
        if possible and changed.key != topic.key:
            found.setdefault(changed.key, Variant(changed, words))
    return list(found.values())


def _looser(node: Node) -> Iterator[Change]:
    match node:
        case And(parts):
            yield from _inside(And, parts, looser=True)
            for place, part in enumerate(parts):
                rest = parts[:place] + parts[place + 1 :]
                yield f"without {write(part)}", _joined(And, rest)
        case Or(parts):
            yield from _inside(Or, parts, looser=True)
        case Not():
            return
        case term:
            yield from _looser_term(term)


def _looser_term(term: Node) -> Iterator[Change]:
    match term:
        case Text(tokens) if len(tokens) > 1 and not term.exact and not term.prefix:
            words = tuple(Text((token,), term.scope, shown=token) for token in tokens)
            yield f"with the words of {quoted(term)} anywhere", And(words)
        case Text() if term.exact:
            yield f"with other forms of {quoted(replace(term, exact=False))} too", _inexact(term)
        case Text() if term.scope is Scope.TITLE:
            yield f"with {quoted(term)} in the abstract too", replace(term, scope=Scope.ANY)
        case Text((token,)) if not term.prefix and len(token) >= LONG_WORD:
            begin = token[: -(len(token) // 4)]
            yield (
                f"with words that begin with “{begin}”",
                replace(term, tokens=(begin,), prefix=True),
            )
        case Count(metric, low, high) if low is not None and low > 1:
            yield f"with at least {low // 2} {metric}", Count(metric, low // 2, high)
        case Category(code) if "." in code:
            archive = code.partition(".")[0]
            yield f"with all of cat:{archive}.*", Category(archive, archive=True)
        case _:
            return


def _by_stem(root: Node) -> Iterator[Change]:
    """Of a word alone a shorter beginning too: `align*` of alignment finds aligned."""
    match root:
        case Text((token,)) if not root.prefix and not root.exact and len(token) >= LONG_WORD:
            begin = token[: max(SHORTEST_STEM, len(token) * 3 // 5)]
            yield (
                f"with words that begin with “{begin}”",
                replace(root, tokens=(begin,), prefix=True),
            )
        case _:
            return


def _inexact(term: Text) -> Node:
    return replace(term, tokens=tuple(map(stem, term.tokens)), exact=False)


def _tighter(node: Node) -> Iterator[Change]:
    match node:
        case And(parts):
            yield from _inside(And, parts, looser=False)
        case Or(parts):
            for place, part in enumerate(parts):
                rest = parts[:place] + parts[place + 1 :]
                yield f"without the alternative {write(part)}", _joined(Or, rest)
            yield from _inside(Or, parts, looser=False)
        case Text() if node.scope is Scope.ANY:
            yield f"with {quoted(node)} in the title only", replace(node, scope=Scope.TITLE)
        case Count(metric, low, high) if low is not None and (high is None or 2 * low <= high):
            yield f"with at least {2 * low} {metric}", Count(metric, 2 * low, high)
        case _:
            return


def _inside(
    kind: type[And] | type[Or], parts: tuple[Node, ...], *, looser: bool
) -> Iterator[Change]:
    for place, part in enumerate(parts):
        for words, changed in _looser(part) if looser else _tighter(part):
            yield words, kind((*parts[:place], changed, *parts[place + 1 :]))


def _joined(kind: type[And] | type[Or], parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else kind(parts)
