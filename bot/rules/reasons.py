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
from bot.rules.matching import holds, in_order, places, stands
from bot.rules.reading import phrase, quoted
from bot.rules.synonyms import other_forms

MOST_REASONS = 4


def reasons(topic: TopicFilter, document: Document, paper: Paper) -> tuple[str, ...]:
    """Why this matching paper matches, strongest reason first, at most MOST_REASONS.

    `matched “alignment” in the title`, `author Jan Leike`, `category cs.CL`, `42 upvotes (≥ 20)`;
    words as they stand in the paper.
    """
    found: dict[str, int] = {}
    for term in _supporting(topic.root, document):
        rank, text = _reason(term, document, paper)
        if text:
            found.setdefault(text, rank)
    return tuple(sorted(found, key=lambda text: found[text])[:MOST_REASONS])


def _supporting(node: Node, document: Document) -> Iterator[Term]:
    """The terms the filter asks for and finds, without alternatives that do not hold."""
    match node:
        case And(parts):
            for part in parts:
                yield from _supporting(part, document)
        case Or(parts):
            for part in parts:
                if _is_true(part, document):
                    yield from _supporting(part, document)
        case Not():
            return
        case term:
            if _is_true(term, document):
                yield term


def _is_true(node: Node, document: Document) -> bool:
    """Whether it holds, whatever the day and the event: those decided before the match."""
    match node:
        case And(parts):
            return all(_is_true(part, document) for part in parts)
        case Or(parts):
            return any(_is_true(part, document) for part in parts)
        case Not(Since() | Version()) | Since() | Version():
            return True
        case Not(part):
            return not _is_true(part, document)
        case Text():
            return any(_is_there(form, document) for form in (node, *other_forms(node)))
        case term:
            return holds(term, document, event=None, today=date.min)


def _is_there(form: Text, document: Document) -> bool:
    scopes = (Scope.TITLE, Scope.ABSTRACT) if form.scope is Scope.ANY else (form.scope,)
    return any(stands(form, document, scope) for scope in scopes)


_RANKS: dict[type, int] = {
    Author: 1, Organization: 3, Category: 4, Count: 5, FromSource: 6, HasCode: 7, Language: 8,
}  # fmt: skip
"""How strong a reason is, lower is stronger. Words are 0 in the title, 2 in the abstract."""


def _reason(term: Term, document: Document, paper: Paper) -> tuple[int, str]:
    """A reason's rank and its text; the text is empty when it says nothing."""
    if isinstance(term, Text):
        return _text_reason(term, document, paper)
    return _RANKS.get(type(term), 9), _fact(term, document, paper)


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


def _text_reason(term: Text, document: Document, paper: Paper) -> tuple[int, str]:
    for form in (term, *other_forms(term)):
        if _is_there(form, document):
            scope, start, end = places(form, document)[0]
            words = in_paper(paper, scope, start, end) or " ".join(form.tokens)
            meant = "" if form == term or form.prefix else f" (for {quoted(term)})"
            in_title = scope is Scope.TITLE
            where = "in the title" if in_title else "in the abstract"
            return (0 if in_title else 2), f"matched “{words}” {where}{meant}"
    return 9, ""


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
