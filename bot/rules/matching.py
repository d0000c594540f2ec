"""What a filter means: the reference every faster engine must agree with.

Slow and obvious on purpose. Works on an expanded tree (`expand`): who holds the tree of a
subscription or a query expands it once, then matches with it.

A word stands in the title or in the abstract; a phrase stands in one of them. With `~n` the words
stand in order with at most n others between the first and the last. Names match when their words
stand in order, others between them allowed: "Jan Leike" is also Jan M. Leike. A counter that was
never observed is 0.

Quiet events (replacements, withdrawals) reach only what asks for them: some words of the filter
that hold must stand beside a `version:` that holds. In `alignment | rlhf version:replace` a
replacement counts for the second half alone.
"""

from collections.abc import Sequence
from datetime import date
from enum import IntEnum

from bot.model.paper import QUIET_EVENTS, Event
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
    Saved,
    Scope,
    Since,
    Term,
    Text,
    Tokens,
    Version,
)
from bot.rules.document import Document
from bot.rules.synonyms import expand

__all__ = ["answer", "expand", "first_place", "has_threshold", "holds", "matches", "places"]


class Answer(IntEnum):
    """What a tree says to a paper, before quiet events are held back."""

    NO = 0
    YES = 1
    YES_THIS_EVENT = 2  # beside a `version:` that holds


def matches(root: Node, document: Document, *, event: Event | None, today: date) -> bool:
    """Whether the paper matches the expanded tree `root`.

    event: what just happened to the paper, for alerts; None when stored papers are asked about:
    then `version:x` means that x has happened to it at some time.
    """
    found = answer(root, document, event, today)
    return found is Answer.YES_THIS_EVENT or (found is Answer.YES and event not in QUIET_EVENTS)


def has_threshold(node: Node) -> bool:
    """Whether a filter compares a counter anywhere."""
    match node:
        case And(parts) | Or(parts):
            return any(map(has_threshold, parts))
        case Not(part):
            return has_threshold(part)
        case _:
            return isinstance(node, Count)


def answer(node: Node, document: Document, event: Event | None, today: date) -> Answer:
    """What `node` says to the paper; the whole of `matches` but the last step."""
    match node:
        case And(parts):
            answers = [answer(part, document, event, today) for part in parts]
            return max(answers) if min(answers) else Answer.NO
        case Or(parts):
            return max(answer(part, document, event, today) for part in parts)
        case Not(part):
            return _answer_not(part, document, event, today)
        case Version():
            found = holds(node, document, event=event, today=today)
            return Answer.YES_THIS_EVENT if found else Answer.NO
        case term:
            return Answer(holds(term, document, event=event, today=today))


def _answer_not(part: Node, document: Document, event: Event | None, today: date) -> Answer:
    """What `Not(part)` says, by De Morgan's laws, so that every way of writing it says the same."""
    match part:
        case Not(inner):
            return answer(inner, document, event, today)
        case And(parts):
            return answer(Or(tuple(Not(one) for one in parts)), document, event, today)
        case Or(parts):
            return answer(And(tuple(Not(one) for one in parts)), document, event, today)
        case term:
            return Answer.NO if answer(term, document, event, today) else Answer.YES


def holds(term: Term, document: Document, *, event: Event | None, today: date) -> bool:
    """Whether one term is true of the paper."""
    match term:
        case Text():
            return bool(places(term, document))
        case Author(tokens, prefix):
            return any(in_order(tokens, name, prefix=prefix) for name in document.authors)
        case Organization(tokens, prefix):
            return in_order(tokens, document.organization, prefix=prefix)
        case Category(code, archive):
            return any(
                one == code or (archive and one.startswith(f"{code}."))
                for one in document.categories
            )
        case FromSource(name):
            return any(one == name or one.startswith((f"{name}_", f"{name}:"))
                       for one in document.sources)  # fmt: skip
        case _:
            return _is_so(term, document, event, today)


def _is_so(
    term: Count | HasCode | Version | Since | Language | Saved,
    document: Document,
    event: Event | None,
    today: date,
) -> bool:
    """The same for what is not text."""
    match term:
        case Count(metric, low, high):
            value = getattr(document.metrics, metric) or 0
            return (low or 0) <= value and (high is None or value <= high)
        case HasCode(wanted):
            return document.has_code is wanted
        case Version(wanted_event):
            happened = document.events if event is None else {event}
            return not happened.isdisjoint(meant_by(wanted_event))
        case Since():
            day = document.announced_on
            return day is not None and day >= earliest(term, today)
        case Language(code):
            return document.language == code
        case Saved():
            return False  # a name nobody put the tree in for (bot.rules.saved)


def meant_by(event: Event) -> frozenset[Event]:
    """The events that `version:` with this one stands for: replace covers replace-cross."""
    if event is Event.REPLACE:
        return frozenset({Event.REPLACE, Event.REPLACE_CROSS})
    return frozenset({event})


def earliest(term: Since, today: date) -> date:
    """The first day that counts."""
    if term.on is not None:
        return term.on
    return date.fromordinal(max(today.toordinal() - (term.days or 0), 1))


Place = tuple[Scope, int, int]
"""Title or abstract, first position, position after the last."""


def places(term: Text, document: Document) -> list[Place]:
    """Where the word or phrase stands."""
    return [
        (scope, start, end)
        for scope in _scopes(term)
        for start, end in spans(term, document.tokens(scope, exact=term.exact))
    ]


def first_place(term: Text, document: Document) -> Place | None:
    """The first of its places, without looking for the others."""
    for scope in _scopes(term):
        if term.near or term.prefix:
            if stands(term, document, scope):
                return scope, *spans(term, document.tokens(scope, exact=term.exact))[0]
            continue
        text = document.text(scope, exact=term.exact)
        at = text.find(f" {' '.join(term.tokens)} ")
        if at >= 0:
            start = text.count(" ", 0, at)
            return scope, start, start + len(term.tokens)
    return None


def sign_of(term: Text) -> str | None:
    """A folded word that every paper has which the term stands in; None where no word says so.

    The longest one, since long words are rare.
    """
    if term.near or term.prefix or term.exact:
        return None
    return max(term.tokens, key=len)


def _scopes(term: Text) -> tuple[Scope, ...]:
    return _BOTH if term.scope is Scope.ANY else (term.scope,)


_BOTH = (Scope.TITLE, Scope.ABSTRACT)


def stands(term: Text, document: Document, scope: Scope) -> bool:
    """Whether the word or phrase stands in the title or in the abstract."""
    if not term.near and not term.prefix:
        if len(term.tokens) == 1:
            return term.tokens[0] in document.words(scope, exact=term.exact)
        return f" {' '.join(term.tokens)} " in document.text(scope, exact=term.exact)
    words = document.words(scope, exact=term.exact)
    if not words.issuperset(term.tokens[:-1] if term.prefix else term.tokens):
        return False
    if len(term.tokens) == 1:
        return document.begins(scope, term.tokens[0], exact=term.exact)
    return bool(spans(term, document.tokens(scope, exact=term.exact)))


def spans(term: Text, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Every stretch of `tokens` that is the word or phrase."""
    first = term.tokens[0]
    begins = term.prefix and len(term.tokens) == 1
    if begins:
        starts = [start for start, token in enumerate(tokens) if token.startswith(first)]
    else:
        starts = _standing(first, tokens)
    ends = ((start, _end(term, tokens, start)) for start in starts)
    return [(start, end) for start, end in ends if end is not None]


def _standing(word: str, tokens: Sequence[str]) -> list[int]:
    """Every place of a word; most stand nowhere, which `count` says in no time."""
    starts, start = [], -1
    for _ in range(tokens.count(word)):
        start = tokens.index(word, start + 1)
        starts.append(start)
    return starts


def _end(term: Text, tokens: Sequence[str], start: int) -> int | None:
    """Where the phrase that starts at `start` ends, or None if none does."""
    room = len(term.tokens) + term.near
    position = start
    for number, wanted in enumerate(term.tokens):
        is_prefix = term.prefix and number == len(term.tokens) - 1
        stretch = tokens[position : start + room if number else start + 1]
        for offset, token in enumerate(stretch):
            if token.startswith(wanted) if is_prefix else token == wanted:
                position += offset + 1
                break
        else:
            return None
    return position


def in_order(wanted: Tokens, tokens: Sequence[str], *, prefix: bool) -> bool:
    """Whether the words of a name stand in `tokens` in this order."""
    rest = iter(tokens)
    for number, word in enumerate(wanted):
        is_prefix = prefix and number == len(wanted) - 1
        if not any(token.startswith(word) if is_prefix else token == word for token in rest):
            return False
    return True
