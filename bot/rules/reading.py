"""A filter in plain language, as the reply to a new subscription says it."""

from collections.abc import Sequence
from itertools import groupby

from bot.model.paper import Event
from bot.model.topic import (
    And,
    Author,
    Category,
    Count,
    FromSource,
    HasCode,
    Language,
    Metric,
    Node,
    Not,
    Or,
    Organization,
    Saved,
    Scope,
    Since,
    Term,
    Text,
    TopicFilter,
    Version,
)
from bot.rules.language import LANGUAGES
from bot.rules.taxonomy import WRITTEN

_SCOPES = {
    Scope.ANY: "in title or abstract",
    Scope.TITLE: "in the title",
    Scope.ABSTRACT: "in the abstract",
}
_EVENTS = {
    Event.NEW: "newly announced",
    Event.LISTED: "listed by readers",
    Event.CROSS: "cross-listed",
    Event.REPLACE: "replaced by a new version",
    Event.REPLACE_CROSS: "replaced by a new version where cross-listed",
    Event.WITHDRAWN: "withdrawn",
    Event.HOT: "with risen counters",
}


def reading(topic: TopicFilter) -> str:
    """`papers with “alignment” in title or abstract, in category cs.CL, but without “survey”`."""
    return f"papers {clause(topic.root)}"


def clause(node: Node) -> str:
    """One part of a filter as the end of a sentence that begins with “papers”."""
    match node:
        case And(parts):
            return _both(parts)
        case Or(parts):
            return _either(parts)
        case Not(part):
            return _left_out(part)
        case term:
            return phrase(term)


def _both(parts: tuple[Node, ...]) -> str:
    asked = sorted((part for part in parts if not isinstance(part, Not)), key=_place)
    wanted = [
        _all_in(scope, list(group)) if scope else ", ".join(map(_grouped, group))
        for scope, group in groupby(asked, _scope)
    ]
    excluded = [_left_out(part.part) for part in parts if isinstance(part, Not)]
    text = ", ".join(wanted)
    return f"{text}, but {' and '.join(excluded)}" if excluded else text


def _scope(part: Node) -> Scope | None:
    """Where a word or phrase is looked for; None for everything else."""
    return part.scope if isinstance(part, Text) else None


def _place(part: Node) -> int:
    """Words come first, by where they are looked for; everything else stays in its order."""
    scope = _scope(part)
    return list(_SCOPES).index(scope) if scope else len(_SCOPES)


def _all_in(scope: Scope, words: Sequence[Node]) -> str:
    """`with “reward” and “model” in title or abstract`."""
    said = [quoted(word) for word in words if isinstance(word, Text)]
    return f"with {_listed(said, 'and')} {_SCOPES[scope]}"


def _either(parts: tuple[Node, ...]) -> str:
    words = [part for part in parts if isinstance(part, Text)]
    if len(words) == len(parts) and len({word.scope for word in words}) == 1:
        return f"with {_listed([quoted(word) for word in words])} {_SCOPES[words[0].scope]}"
    if all(isinstance(part, Category) for part in parts):
        return (
            f"in category {_listed([_code(part) for part in parts if isinstance(part, Category)])}"
        )
    if all(isinstance(part, Version) for part in parts):
        return _listed([_EVENTS[part.event] for part in parts if isinstance(part, Version)])
    return "either " + ", or ".join(_grouped(part) for part in parts)


def _grouped(part: Node) -> str:
    """A part in brackets where a comma or an “or” in it could be misread."""
    text = clause(part)
    return f"({text})" if isinstance(part, And) or text.startswith("either ") else text


def _left_out(part: Node) -> str:
    if isinstance(part, Text):
        where = "" if part.scope is Scope.ANY else f" {_SCOPES[part.scope]}"
        return f"without {quoted(part)}{where}"
    return f"not {clause(part)}"


def _listed(words: list[str], last: str = "or") -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else words[0]


def quoted(term: Text | Author | Organization) -> str:
    """The words as a person reads them."""
    words = term.shown or " ".join(term.tokens)
    text = f"“{words}…”" if term.prefix else f"“{words}”"
    if isinstance(term, Text) and term.exact:
        return f"exactly {text}"
    if isinstance(term, Text) and term.near:
        others = "one other word" if term.near == 1 else f"{term.near} other words"
        return f"{text} (with at most {others} in between)"
    return text


def phrase(term: Term) -> str:
    """One term as the end of a sentence that begins with “papers”."""
    match term:
        case Text():
            return f"with {quoted(term)} {_SCOPES[term.scope]}"
        case Author():
            return f"by {quoted(term)}"
        case Organization():
            return f"from {quoted(term)}"
        case Category():
            return f"in category {_code(term)}"
        case FromSource(name):
            return f"seen in {name}"
        case _:
            return _fact(term)


def _code(term: Category) -> str:
    return WRITTEN.get(term.code, term.code) + ".*" * term.archive


def _fact(term: Count | HasCode | Version | Since | Language | Saved) -> str:
    match term:
        case Count():
            return f"with {numbers(term)} {noun(term.metric, _last_number(term))}"
        case HasCode(wanted):
            return "with code" if wanted else "without known code"
        case Version(event):
            return _EVENTS[event]
        case Since(days, on):
            last = "day" if days == 1 else f"{days} days"
            return f"of the last {last}" if on is None else f"since {on.isoformat()}"
        case Language(code):
            return f"in {LANGUAGES[code]}"
        case Saved(name):
            return f"of the saved filter “{name}”"


def _last_number(term: Count) -> int | None:
    return term.low if term.high is None else term.high


def noun(metric: Metric, number: int | None) -> str:
    """What is counted, in the number that goes with it: `1 upvote`, `2 upvotes`."""
    return metric.removesuffix("s") if number == 1 else metric


def numbers(term: Count) -> str:
    """`at least 20`, `5 to 20`, `no`."""
    if term.high == 0:
        return "no"
    if term.high is None:
        return f"at least {term.low}"
    if term.low is None:
        return f"at most {term.high}"
    return f"exactly {term.low}" if term.low == term.high else f"{term.low} to {term.high}"
