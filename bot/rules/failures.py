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
from bot.rules.alerts import HOT_FOR
from bot.rules.canonical import and_parts
from bot.rules.document import Document
from bot.rules.excerpts import AROUND
from bot.rules.matching import answer, matches, places
from bot.rules.reading import clause, noun, numbers, phrase, quoted
from bot.rules.reasons import fact, in_paper
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
    for part in and_parts(topic.root):
        # Whether the event is a quiet one is the last question, after all parts.
        if not answer(expand(part), document, event, today):
            return _Case(document, paper, event, today).failure(part)
    if matches(expand(topic.root), document, event=event, today=today):
        return None
    return Failure("", f"it was {_EVENTS[event or Event.NEW]}, which this filter does not ask for "
                       f"with version:{event}")  # fmt: skip


def pending_until(topic: TopicFilter, clause: str, document: Document, today: date) -> date | None:
    """Until when a risen counter can still bring a paper that fails at `clause`; None if it cannot.

    It can where a counter that is too low is all that is wrong with it.
    """
    parts = and_parts(topic.root)
    low = [one for one in parts if write(one) == clause and isinstance(one, Count) and one.low]
    if not low or document.announced_on is None:
        return None
    failing = [one for one in parts if not answer(expand(one), document, Event.HOT, today)]
    until = document.announced_on + HOT_FOR
    too_high = low[0].high is not None and low[0].high < (
        getattr(document.metrics, low[0].metric) or 0
    )
    return until if failing == low and until >= today and not too_high else None


_EVENTS = {
    Event.NEW: "announced",
    Event.LISTED: "listed",
    Event.CROSS: "cross-listed",
    Event.REPLACE: "replaced by a new version",
    Event.REPLACE_CROSS: "replaced by a new version",
    Event.WITHDRAWN: "withdrawn",
    Event.HOT: "rising",
}


MOST_ALTERNATIVES = 3
"""Alternatives of which it is said why each one fails."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What a part of a filter failed."""

    document: Document
    paper: Paper
    event: Event | None
    today: date

    def failure(self, part: Node) -> Failure:
        """What to say of a part that fails."""
        match part:
            case Not(Text() as term):
                return _excluded_text(part, term, self.document, self.paper)
            case Not(Author() | Organization() | Category() | Count() as term):
                return Failure(write(part), f"left out: {fact(term, self.document, self.paper)}")
            case Not(inner):
                return Failure(write(part), f"left out: papers {clause(inner)}")
            case Or(parts):
                return Failure(write(part), self.none_of(parts))
            case And(parts):
                first = (one for one in parts if not self.answers(one))
                return self.failure(next(first, parts[0]))
            case term:
                return Failure(write(part), _missing(term, self.paper, self.event))

    def answers(self, part: Node) -> bool:
        return bool(answer(expand(part), self.document, self.event, self.today))

    def none_of(self, parts: tuple[Node, ...]) -> str:
        """Why each of these alternatives fails."""
        match parts:
            case (Text() as one, Text() as other) if one.scope is other.scope:
                return f"neither {quoted(one)} nor {quoted(other)} is in {_WHERE[one.scope]}"
            case _:
                reasons = dict.fromkeys(self.failure(one).why for one in parts)
                more = len(reasons) - MOST_ALTERNATIVES
                left = [f"and so for {more} more"] if more > 0 else []
                return "; ".join([*list(reasons)[:MOST_ALTERNATIVES], *left])


_WHERE = {
    Scope.ANY: "title or abstract",
    Scope.TITLE: "the title",
    Scope.ABSTRACT: "the abstract",
}


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
            return f"{quoted(term)} is not in {_WHERE[term.scope]}"
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
            count = getattr(paper.metrics, metric) or 0
            return f"{count} {noun(metric, count)}, not {numbers(term)}"
        case Since():
            day = paper.announced_on or paper.published_on
            return f"announced on {day.isoformat()}" if day else "its date is unknown"
        case _:
            return f"it is not among papers {phrase(term)}"
