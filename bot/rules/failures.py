"""Why a paper does not match a filter: the first part of it that fails."""

from dataclasses import dataclass
from datetime import date

from bot.model.paper import Event, Paper
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
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
from bot.rules.excerpts import AROUND
from bot.rules.matching import answer, matches, places
from bot.rules.reading import clause, numbers, phrase, quoted
from bot.rules.reasons import in_paper
from bot.rules.synonyms import expand, other_forms
from bot.rules.writing import write


@dataclass(frozen=True, slots=True)
class Failure:
    """The first part of a filter that a paper fails.

    clause: that part, as canonical text (empty when the event is at fault). why: a sentence
    without its full stop. excerpt: words of the paper around what an excluded term hit.
    """

    clause: str
    why: str
    excerpt: str = ""


def first_failure(
    topic: TopicFilter, document: Document, paper: Paper, *, event: Event | None, today: date
) -> Failure | None:
    """Why the paper does not match, or None if it does. Parts are asked in canonical order."""
    parts = topic.root.parts if isinstance(topic.root, And) else (topic.root,)
    for part in parts:
        # Whether the event is a quiet one is the last question, after all parts.
        if not answer(expand(part), document, event, today):
            return _failure(part, document, paper, event)
    if matches(expand(topic.root), document, event=event, today=today):
        return None
    return Failure("", f"it was {_EVENTS[event or Event.NEW]}, which this filter does not ask for "
                       f"with version:{event}")  # fmt: skip


_EVENTS = {
    Event.NEW: "announced",
    Event.LISTED: "listed",
    Event.CROSS: "cross-listed",
    Event.REPLACE: "replaced by a new version",
    Event.REPLACE_CROSS: "replaced by a new version",
    Event.WITHDRAWN: "withdrawn",
    Event.HOT: "rising",
}


def _failure(part: Node, document: Document, paper: Paper, event: Event | None) -> Failure:
    match part:
        case Not(Text() as term):
            return _excluded_text(part, term, document, paper)
        case Not(inner):
            return Failure(write(part), f"left out: papers {clause(inner)}")
        case And() | Or():
            return Failure(write(part), f"it is not among papers {clause(part)}")
        case term:
            return Failure(write(part), _missing(term, paper, event))


def _excluded_text(part: Node, term: Text, document: Document, paper: Paper) -> Failure:
    for form in (term, *other_forms(term)):
        found = places(form, document)
        if found:
            scope, start, end = found[0]
            excerpt = in_paper(paper, scope, start, end, around=AROUND)
            where = "title" if scope is Scope.TITLE else "abstract"
            words = in_paper(paper, scope, start, end) or " ".join(form.tokens)
            return Failure(write(part), f"“{words}” stands in the {where}", excerpt)
    return Failure(write(part), f"left out: papers {phrase(term)}")


def _missing(term: Term, paper: Paper, event: Event | None) -> str:
    """Why the paper has not got what `term` asks for."""
    match term:
        case Text():
            where = {Scope.ANY: "title or abstract", Scope.TITLE: "the title"}
            return f"{quoted(term)} is not in {where.get(term.scope, 'the abstract')}"
        case Author():
            return f"no author {quoted(term)}"
        case Version() if event:
            return f"it was {_EVENTS[event]}"
        case _:
            return _instead(term, paper)


def _instead(term: Term, paper: Paper) -> str:
    """What the paper has where `term` asks for something else."""
    match term:
        case Organization():
            return f"its organisation is {paper.organization or 'unknown'}"
        case Category():
            return f"its categories are {', '.join(paper.categories) or 'unknown'}"
        case Count(metric):
            return f"{getattr(paper.metrics, metric) or 0} {metric}, not {numbers(term)}"
        case Since():
            day = paper.announced_on or paper.published_on
            return f"announced on {day.isoformat()}" if day else "its date is unknown"
        case _:
            return f"it is not among papers {phrase(term)}"
