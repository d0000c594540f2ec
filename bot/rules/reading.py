"""A filter in plain language, as the reply to a new subscription says it."""

from bot.model.paper import Event
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
    TopicFilter,
    Version,
)
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
    Event.HOT: "rising fast",
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
    wanted = [_grouped(part) for part in parts if not isinstance(part, Not)]
    excluded = [_left_out(part.part) for part in parts if isinstance(part, Not)]
    text = ", ".join(wanted)
    return f"{text}, but {' and '.join(excluded)}" if excluded else text


def _either(parts: tuple[Node, ...]) -> str:
    words = [part for part in parts if isinstance(part, Text)]
    if len(words) == len(parts) and len({word.scope for word in words}) == 1:
        return f"with {_listed([quoted(word) for word in words])} {_SCOPES[words[0].scope]}"
    if all(isinstance(part, Category) for part in parts):
        return (
            f"in category {_listed([_code(part) for part in parts if isinstance(part, Category)])}"
        )
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


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


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
            return f"with {numbers(term)} {term.metric}"
        case HasCode(wanted):
            return "with code" if wanted else "without known code"
        case Version(event):
            return _EVENTS[event]
        case Since(days, on):
            return f"of the last {days} days" if on is None else f"since {on.isoformat()}"
        case Language(code):
            return f"in the language “{code}”"
        case Saved(name):
            return f"of the saved filter “{name}”"


def numbers(term: Count) -> str:
    """`at least 20`, `5 to 20`."""
    if term.high is None:
        return f"at least {term.low}"
    if term.low is None:
        return f"at most {term.high}"
    return f"exactly {term.low}" if term.low == term.high else f"{term.low} to {term.high}"
