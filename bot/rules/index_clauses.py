"""A filter's tree as alternatives, each a list of atoms that must and must not be there.

An atom is the smallest thing a document has or has not: one term, and a word or phrase together
with all its other forms. So trees are taken as they were written, before `expand`.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, product
from math import prod
from typing import NamedTuple

from bot.model.topic import And, Count, Node, Not, Or, Saved, Term, Version

MOST_CLAUSES = 32

_COMPOSED = (And, Or, Not, Saved)


class Clause(NamedTuple):
    """One way to match: all of `wanted` are there and none of `excluded`."""

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def asks(self) -> bool:
        """A `version:` is among the wanted, so that quiet events count."""
        return Version in map(type, self.wanted)


class TooMany(Exception):
    """The tree has more than MOST_CLAUSES alternatives."""


def plain_clauses(root: Node) -> list[Clause] | None:
    """The alternatives of a tree if they are few and each wants something, else None."""
    try:
        alternatives = clauses(root)
    except TooMany:
        return None
    return alternatives if all(clause.wanted for clause in alternatives) else None


def clauses(root: Node) -> list[Clause]:
    """The alternatives of a tree; none if nothing can match. Raises TooMany."""
    literal = _literal(root)
    if literal is not None:
        return [Clause((literal,))]
    match root:
        case Not(part):
            return _excluding(part)
        case And(parts):
            return _of_literals(parts) or _all_of([clauses(part) for part in parts])
        case Or(parts):
            return _any_of(
                [Clause((literal,))] if (literal := _literal(part)) is not None else clauses(part)
                for part in parts
            )
        case Count():
            return _all_of([clauses(limit) for limit in _limits(root)])
        case _:
            return []  # a saved filter nobody put in never matches


def _of_literals(parts: tuple[Node, ...]) -> list[Clause]:
    """The one alternative of plain terms side by side, as most filters are; else empty."""
    wanted: list[Term] = []
    excluded: list[Term] = []
    for part in parts:
        side = excluded if isinstance(part, Not) else wanted
        literal = _literal(part.part if isinstance(part, Not) else part)
        if literal is None:
            return []
        side.append(literal)
    if excluded and any(one in wanted for one in excluded):
        return []
    return [Clause(tuple(dict.fromkeys(wanted)), tuple(excluded))]


def _excluding(part: Node) -> list[Clause]:
    literal = _literal(part)
    if literal is not None:
        return [Clause((), (literal,))]
    match part:
        case Not(inner):
            return clauses(inner)
        case And(parts):
            return _any_of(_excluding(one) for one in parts)
        case Or(parts):
            return _all_of([_excluding(one) for one in parts])
        case Count():
            return _any_of(_excluding(limit) for limit in _limits(part))
        case _:
            return [Clause()]


def _literal(node: Node) -> Term | None:
    """`node` as one atom, if it is one."""
    if isinstance(node, _COMPOSED):
        return None
    if isinstance(node, Count) and node.low is not None and node.high is not None:
        return None
    return node


def _limits(term: Count) -> tuple[Count, Count]:
    return Count(term.metric, low=term.low), Count(term.metric, high=term.high)


def _any_of(groups: Iterable[list[Clause]]) -> list[Clause]:
    found = [clause for group in groups for clause in group]
    if len(found) > MOST_CLAUSES:
        raise TooMany
    return found


def _all_of(groups: list[list[Clause]]) -> list[Clause]:
    number = prod(map(len, groups))
    if number > MOST_CLAUSES:
        raise TooMany
    return list(_joined(groups))


def _joined(groups: list[list[Clause]]) -> Iterator[Clause]:
    for chosen in product(*groups):
        wanted = tuple(dict.fromkeys(atom for clause in chosen for atom in clause.wanted))
        excluded = tuple(dict.fromkeys(atom for clause in chosen for atom in clause.excluded))
        if not excluded or not any(atom in wanted for atom in excluded):
            yield Clause(wanted, excluded)


def cover(node: Node) -> frozenset[Term] | None:
    """Terms of which every matching document has at least one; None if there are none such.

    How a filter with too many alternatives is found at all.
    """
    literal = _literal(node)
    if literal is not None:
        return frozenset({literal})
    match node:
        case And(parts):
            covers = [one for part in parts if (one := cover(part)) is not None]
            return min(covers, key=len, default=None)
        case Or(parts):
            covers = [one for part in parts if (one := cover(part)) is not None]
            return frozenset(chain.from_iterable(covers)) if len(covers) == len(parts) else None
        case Count(metric, low):
            return frozenset({Count(metric, low=low)})
        case _:
            return None
