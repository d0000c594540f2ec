"""Why a paper matches a filter, in words a card can show."""

from collections.abc import Iterator
from datetime import date

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
from bot.rules.matching import first_place, holds, in_order
from bot.rules.reading import phrase, quoted
from bot.rules.synonyms import other_forms

MOST_REASONS = 4


Reason = tuple[int, str]
"""How strong it is (lower is stronger), and its words; empty when it says nothing."""


def reasons(topic: TopicFilter, document: Document, paper: Paper) -> tuple[str, ...]:
    """Why this matching paper matches, strongest reason first, at most MOST_REASONS.

    `matched “alignment” in the title`, `author Jan Leike`, `category cs.CL`, `42 upvotes (≥ 20)`;
    words as they stand in the paper.
    """
    found: dict[str, int] = {}
    for rank, text in _asked_for(topic.root, document, paper):
        if text:
            found.setdefault(text, rank)
    if len(found) == 1:
        return tuple(found)
    return tuple(sorted(found, key=lambda text: found[text])[:MOST_REASONS])


def _asked_for(node: Node, document: Document, paper: Paper) -> Iterator[Reason]:
    """Reasons of all parts that hold: a matching paper may have changed since."""
    if isinstance(node, And):
        for part in node.parts:
            yield from _asked_for(part, document, paper)
    else:
        yield from _of(node, document, paper) or ()


def _of(node: Node, document: Document, paper: Paper) -> list[Reason] | None:
    """The reasons of a part that holds, without alternatives that do not; None if it does not hold.

    Whatever the day and the event: those were decided before the match.
    """
    match node:
        case Text():
            return _text_reason(node, document, paper)
        case And(parts):
            every = [_of(part, document, paper) for part in parts]
            return None if None in every else [one for some in every if some for one in some]
        case Or(parts):
            either = [_of(part, document, paper) for part in parts]
            there = [some for some in either if some is not None]
            return [one for some in there for one in some] if there else None
        case Since() | Version() | Not(Since() | Version()):
            return []
        case Not(part):
            return [] if _of(part, document, paper) is None else None
        case term:
            held = holds(term, document, event=None, today=date.min)
            return [(_RANKS.get(type(term), 9), _fact(term, document, paper))] if held else None


_RANKS: dict[type, int] = {
    Author: 1, Organization: 3, Category: 4, Count: 5, FromSource: 6, HasCode: 7, Language: 8,
}  # fmt: skip
"""How strong a reason is, lower is stronger. Words are 0 in the title, 2 in the abstract."""


def _fact(term: Term, document: Document, paper: Paper) -> str:
    match term:
        case Author(tokens, prefix):
            return f"author {_author(tokens, document, paper, prefix=prefix)}"
        case Organization():
            return f"organisation {paper.organization}"
        case Category():
            return f"category {_category(term, paper)}"
        case Count(metric):
            return f"{getattr(paper.metrics, metric) or 0} {metric} ({_limits(term)})"
        case Since() | Version():
            return ""
        case _:
            return phrase(term)


def _text_reason(term: Text, document: Document, paper: Paper) -> list[Reason] | None:
    for form in (term, *other_forms(term)):
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
