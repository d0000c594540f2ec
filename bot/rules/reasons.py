"""Why a paper matches a filter, in words a card can show."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

from bot.model.paper import Paper
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Node,
    Not,
    Or,
    Organization,
    Scope,
    Since,
    Term,
    Text,
    TopicFilter,
    Version,
)
from bot.rules.document import Document
from bot.rules.excerpts import stretch
from bot.rules.matching import first_place, holds, in_order, sign_of
from bot.rules.reading import noun, phrase, quoted
from bot.rules.synonyms import other_forms

MOST_REASONS = 4


Reason = tuple[int, str]
"""How strong it is (lower is stronger), and its words; empty when it says nothing."""
Part = Callable[[Document, Paper], list[Reason] | None]
"""Asks a part of a filter for its reasons, without those of alternatives that do not hold.

None if it does not hold, whatever the day and the event: those were decided before the match.
"""


def reasons(topic: TopicFilter, document: Document, paper: Paper) -> tuple[str, ...]:
    """Why this matching paper matches; see `Reasons`, which is for who asks about many papers."""
    return Reasons(topic.root).of(document, paper)


class Reasons:
    """A filter made ready to be asked why papers match it."""

    __slots__ = ("_parts",)

    def __init__(self, root: Node) -> None:
        """Take the filter apart. What it asks for together is asked for one by one."""
        self._parts = [_part(one) for one in _together(root)]

    def of(self, document: Document, paper: Paper) -> tuple[str, ...]:
        """Why this matching paper matches, strongest reason first, at most MOST_REASONS.

        `matched “alignment” in the title`, `author Jan Leike`, `category cs.CL`, `42 upvotes
        (≥ 20)`; words as they stand in the paper, which may have changed since it matched.
        """
        found: dict[str, int] = {}
        for part in self._parts:
            for rank, text in part(document, paper) or ():
                if text:
                    found.setdefault(text, rank)
        if len(found) == 1:
            return tuple(found)
        return tuple(sorted(found, key=lambda text: found[text])[:MOST_REASONS])


def _together(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _together(part)
    else:
        yield node


def _part(node: Node) -> Part:
    match node:
        case Text():
            return partial(_text_reason, node, (node, *other_forms(node)))
        case And(parts):
            return partial(_all, [_part(one) for one in parts])
        case Or(parts):
            return _Either(parts)
        case Since() | Version() | Not(Since() | Version()):
            return lambda _document, _paper: []
        case Not(part):
            return partial(_without, _part(part))
        case term:
            return partial(_held, term)


def _all(parts: Sequence[Part], document: Document, paper: Paper) -> list[Reason] | None:
    every = [part(document, paper) for part in parts]
    return None if None in every else [one for some in every if some for one in some]


def _without(part: Part, document: Document, paper: Paper) -> list[Reason] | None:
    return [] if part(document, paper) is None else None


def _held(term: Term, document: Document, paper: Paper) -> list[Reason] | None:
    if not holds(term, document, event=None, today=date.min):
        return None
    return [(_RANKS.get(type(term), 9), fact(term, document, paper))]


class _Either:
    """Alternatives, of which a paper mostly has a few: only those are looked for that may stand."""

    __slots__ = ("_always", "_by_sign", "_parts", "_signs")

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._parts = [_part(one) for one in nodes]
        self._always: list[int] = []
        self._by_sign: dict[str, list[int]] = {}
        for number, one in enumerate(nodes):
            forms = (one, *other_forms(one)) if isinstance(one, Text) else ()
            signs = [sign for form in forms if (sign := sign_of(form)) is not None]
            if not forms or len(signs) < len(forms):
                self._always.append(number)
                continue
            for sign in signs:
                self._by_sign.setdefault(sign, []).append(number)
        self._signs = frozenset(self._by_sign)

    def __call__(self, document: Document, paper: Paper) -> list[Reason] | None:
        may_stand = set(self._always)
        for scope in (Scope.TITLE, Scope.ABSTRACT):
            for sign in self._signs & document.words(scope):
                may_stand.update(self._by_sign[sign])
        either = [self._parts[number](document, paper) for number in sorted(may_stand)]
        there = [some for some in either if some is not None]
        return [one for some in there for one in some] if there else None


_RANKS: dict[type, int] = {
    Author: 1, Organization: 3, Category: 4, Count: 5, FromSource: 6, HasCode: 7, Language: 8,
}  # fmt: skip
"""How strong a reason is, lower is stronger. Words are 0 in the title, 2 in the abstract."""


def fact(term: Term, document: Document, paper: Paper) -> str:
    """What of the paper a term that holds is true of: `author Jan Leike`, `42 upvotes (≥ 20)`."""
    match term:
        case Author(tokens, prefix):
            return f"author {_author(tokens, document, paper, prefix=prefix)}"
        case Organization():
            return f"organisation {paper.organization}"
        case Category():
            return f"category {_category(term, paper)}"
        case Count(metric):
            count = getattr(paper.metrics, metric) or 0
            return f"{count} {noun(metric, count)} ({_limits(term)})"
        case Since() | Version():
            return ""
        case _:
            return phrase(term)


def _text_reason(
    term: Text, forms: Sequence[Text], document: Document, paper: Paper
) -> list[Reason] | None:
    for form in forms:
        place = first_place(form, document)
        if place is not None:
            scope, start, end = place
            words = in_paper(paper, scope, start, end) or " ".join(form.tokens)
            meant = "" if form == term or form.prefix else f" (for {quoted(term)})"
            if scope is Scope.TITLE:
                return [(0, f"matched “{words}” in the title{meant}")]
            return [(2, f"matched “{words}” in the abstract{meant}")]
    return None


def in_paper(paper: Paper, scope: Scope, start: int, end: int, *, around: int = 0) -> str:
    """The paper's own words at these positions, with `around` more on each side."""
    text = paper.title if scope is Scope.TITLE else paper.abstract
    return stretch(text, start, end, around=around)


def _author(tokens: tuple[str, ...], document: Document, paper: Paper, *, prefix: bool) -> str:
    return next(
        name
        for name, folded in zip(paper.authors, document.authors, strict=True)
        if in_order(tokens, folded, prefix=prefix)
    )


def _category(term: Category, paper: Paper) -> str:
    return next(
        code
        for code in paper.categories
        if code.lower() == term.code or (term.archive and code.lower().startswith(f"{term.code}."))
    )


def _limits(term: Count) -> str:
    if term.high is None:
        return f"≥ {term.low}"
    if term.low is None:
        return f"≤ {term.high}"
    return f"= {term.low}" if term.low == term.high else f"{term.low} to {term.high}"
