"""The one form of filters that mean the same, its text and its key.

Nested lists are flattened, repetitions and absorbed parts (`a | (a b)`) dropped, exclusions pushed
down to single terms, limits on one counter joined, and the rest sorted. So common rewrites of a
filter are stored, matched and counted once.
"""

from collections.abc import Iterable
from hashlib import sha256

from bot.model.topic import And, Count, Metric, Node, Not, Or, TopicFilter, Version
from bot.rules.writing import order, write

KEY_LENGTH = 32


def canonical_filter(root: Node) -> TopicFilter:
    """`root` in canonical form, with its text and its key.

    The text is a function of what the filter means, never of how it was typed; parsed again it
    gives the same tree. The key is the beginning of the text's SHA-256 in hex.
    """
    tree = simplified(root)
    text = write(tree)
    return TopicFilter(tree, text, key_of(text))


def key_of(canonical: str) -> str:
    """The key that all filters with this canonical text share."""
    return sha256(canonical.encode()).hexdigest()[:KEY_LENGTH]


def simplified(node: Node) -> Node:
    """`node` in canonical form."""
    match node:
        case Not(part):
            return _excluded(part)
        case And(parts):
            return _joined(And, _merged_counts(map(simplified, parts)))
        case Or(parts):
            return _joined(Or, map(simplified, parts))
        case _:
            return node


def _excluded(part: Node) -> Node:
    """`Not(part)` in canonical form, by De Morgan's laws: only single terms are ever excluded."""
    match part:
        case Not(inner):
            return simplified(inner)
        case And(parts):
            return simplified(Or(tuple(Not(one) for one in parts)))
        case Or(parts):
            return simplified(And(tuple(Not(one) for one in parts)))
        case term:
            return Not(term)


def _joined(kind: type[And] | type[Or], parts: Iterable[Node]) -> Node:
    """Canonical parts as one canonical node."""
    flat: dict[Node, None] = {}
    for part in parts:
        for one in part.parts if isinstance(part, kind) else (part,):
            flat.setdefault(one)
    kept = _without_absorbed(kind, list(flat))
    return kept[0] if len(kept) == 1 else kind(tuple(sorted(kept, key=order)))


def _without_absorbed(kind: type[And] | type[Or], parts: list[Node]) -> list[Node]:
    """Without parts that another one makes idle: b in `a | (a b)`, all but a in `a (a | b)`."""
    inner = Or if kind is And else And
    if not any(isinstance(part, inner) for part in parts):
        return parts
    sets = [frozenset(part.parts) if isinstance(part, inner) else {part} for part in parts]
    return [
        part
        for part, own in zip(parts, sets, strict=True)
        if _asks(part) or not any(other < own for other in sets)
    ]


def _asks(node: Node) -> bool:
    """Whether a `version:` is in it: `a | a version:replace` lets replacements in, `a` does not."""
    match node:
        case And(parts) | Or(parts):
            return any(map(_asks, parts))
        case _:
            return isinstance(node, Version)


def _merged_counts(parts: Iterable[Node]) -> list[Node]:
    """`upvotes:>=5 upvotes:<=20` as one range; limits that exclude each other stay as they are."""
    merged: list[Node] = []
    counts: dict[Metric, list[Count]] = {}
    for part in (inner for outer in parts for inner in and_parts(outer)):
        if isinstance(part, Count):
            counts.setdefault(part.metric, []).append(part)
        else:
            merged.append(part)
    for metric, limits in counts.items():
        low = max((limit.low or 0 for limit in limits), default=0)
        high = min((limit.high for limit in limits if limit.high is not None), default=None)
        impossible = high is not None and high < low
        merged += limits if impossible else [Count(metric, low or None, high)]
    return merged


def and_parts(node: Node) -> tuple[Node, ...]:
    """What must hold, each on its own."""
    return node.parts if isinstance(node, And) else (node,)


def is_anchored(root: Node) -> bool:
    """Whether everything that matches has something the filter asked for.

    True when each alternative wants at least one thing; `-survey` and `a | -b` do not. `root` is
    in canonical form, and so for `contradiction`.
    """
    match root:
        case And(parts):
            return any(map(is_anchored, parts))
        case Or(parts):
            return all(map(is_anchored, parts))
        case _:
            return not isinstance(root, Not)


def contradiction(root: Node) -> str:
    """Why no paper at all can match, if that is plain to see; else empty."""
    parts = and_parts(root)
    for part in parts:
        if isinstance(part, Not) and part.part in parts:
            return f"{write(part.part)} is both asked for and left out"
    metrics = [part.metric for part in parts if isinstance(part, Count)]
    twice = next((metric for metric in metrics if metrics.count(metric) > 1), None)
    return f"the limits on {twice} exclude each other" if twice else ""
