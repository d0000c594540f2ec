"""A filter's tree as text that parses back to the same tree."""

import re

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
from bot.rules.taxonomy import WRITTEN

_RANKS = (
    Saved, Text, Or, Author, Organization, Category, FromSource, Count, HasCode, Version, Since,
    Language, And, Not,
)  # fmt: skip
_RANK = {kind: rank for rank, kind in enumerate(_RANKS)}
_BETWEEN_SIGNS = re.compile(
    r"(?<=[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7ff]) (?=[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7ff])"
)


def order(node: Node) -> tuple[int, str]:
    """Sort key of parts that stand side by side: words first, exclusions last."""
    kinds = {type(part) for part in node.parts} if isinstance(node, Or) else {type(node)}
    kind = kinds.pop() if len(kinds) == 1 else Or
    return _RANK[kind], write(node)


def write(node: Node) -> str:
    """`node` as text; its words are written folded."""
    match node:
        case And(parts):
            return " ".join(f"({write(one)})" if _needs_brackets(one) else write(one)
                            for one in parts)  # fmt: skip
        case Or(parts):
            return _alternatives(parts)
        case Not(And() | Or() as part):
            return f"-({write(part)})"
        case Not(part):
            return f"-{write(part)}"
        case term:
            field, value = written(term)
            return f"{field}{value}"


def _needs_brackets(part: Node) -> bool:
    return isinstance(part, Or) and _common_field(part.parts) == ""


def _alternatives(parts: tuple[Node, ...]) -> str:
    field = _common_field(parts)
    if field:
        values = [written(one)[1] for one in parts if not isinstance(one, And | Or | Not)]
        return f"{field}({' | '.join(values)})"
    return " | ".join(f"({write(one)})" if isinstance(one, Or) else write(one) for one in parts)


def _common_field(parts: tuple[Node, ...]) -> str:
    """The field all parts share, so that they can be written as one list; else empty."""
    fields = {"" if isinstance(one, And | Or | Not) else written(one)[0] for one in parts}
    return fields.pop() if len(fields) == 1 else ""


def written(term: Term) -> tuple[str, str]:
    """A term's field with its colon (empty for plain words), and its value."""
    match term:
        case Text():
            scope = "" if term.scope is Scope.ANY else f"{term.scope}:"
            near = f"~{term.near}" if term.near else ""
            return (
                scope,
                f"{'=' * term.exact}{_quoted(term.tokens, prefix=term.prefix, near=bool(near))}{near}",
            )
        case Author(tokens, prefix) | Organization(tokens, prefix):
            field = "author:" if isinstance(term, Author) else "org:"
            return field, _quoted(tokens, prefix=prefix)
        case Category(code, archive):
            return "cat:", WRITTEN.get(code, code) + (".*" if archive else "")
        case Count():
            return f"{term.metric}:", _range(term)
        case Since(days, on):
            return "since:", f"{days}d" if on is None else on.isoformat()
        case _:
            return _plain(term)


def _plain(term: FromSource | HasCode | Version | Language | Saved) -> tuple[str, str]:
    match term:
        case FromSource(name):
            return "source:", name
        case HasCode(wanted):
            return "code:", "yes" if wanted else "no"
        case Version(event):
            return "version:", event
        case Language(code):
            return "lang:", code
        case Saved(name):
            return "filter:", name


def _quoted(tokens: Tokens, *, prefix: bool, near: bool = False) -> str:
    text = _BETWEEN_SIGNS.sub("", " ".join(tokens)) + "*" * prefix
    return f'"{text}"' if near or " " in text else text


def _range(term: Count) -> str:
    low, high = term.low, term.high
    if high is None:
        return f">={low}"
    if low is None:
        return f"<={high}"
    return f"={low}" if low == high else f"{low}..{high}"
