"""The words of a topic filter: what `agents*`, `=RLHF` or `"reward model"~3` stand for."""

import re

from bot.model.topic import Scope, Text, Tokens
from bot.rules.fold import fold_exact, stem
from bot.rules.lexer import Kind, Lexeme, Unparsable

SHORTEST_PREFIX = 2
MOST_NEAR = 20

_NEAR = re.compile(r"~(\d*)")
_FUZZY = re.compile(r"\w~\d*")
_INNER_STAR = re.compile(r"[^\W\d_]\*|\*[^\W\d_]")  # 7*7 is no wildcard, al*ment is meant as one
_ONE_SIGN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7ff]")


def text_term(value: Lexeme, scope: Scope) -> Text:
    """A word or phrase to look for in `scope`."""
    typed, exact, prefix, near = _marks(value)
    words = fold_exact(typed)
    if not words:
        raise _nothing_to_search(value)
    if prefix:
        _check_prefix(words, typed, value)
    tokens = words if exact else [*map(stem, words[:-1]), words[-1] if prefix else stem(words[-1])]
    if near and len(tokens) == 1:
        raise Unparsable("“~” needs two or more words in the quotes.", value.column)
    return Text(tuple(tokens), scope, prefix, near, exact, shown=" ".join(typed.split()))


def name_tokens(value: Lexeme, field: str) -> tuple[Tokens, bool]:
    """The tokens of a name, and whether its last one is the beginning of a word.

    `Leike, Jan` is read as Jan Leike. Names are not stemmed: Adams is not Adam.
    """
    typed, exact, prefix, near = _marks(value)
    if exact or near:
        raise Unparsable(f"{field}: takes no “=” and no “~”.", value.column)
    last, comma, first = typed.partition(",")
    tokens = fold_exact(f"{first} {last}" if comma and "," not in first else typed)
    if not tokens:
        raise _nothing_to_search(value)
    if prefix:
        _check_prefix(tokens, typed, value)
    return tuple(tokens), prefix


def _marks(value: Lexeme) -> tuple[str, bool, bool, int]:
    """What is left of the value without its marks; exact, prefix, near."""
    if value.kind is Kind.PHRASE:
        return _phrase_marks(value)
    typed = value.text
    exact = typed.startswith("=")
    typed = typed[exact:]
    prefix = typed.endswith("*")
    typed = typed[: len(typed) - prefix]
    if _FUZZY.search(typed):
        raise Unparsable(
            "“~” goes after a phrase in quotes.", value.column, 'For example "reward model"~3.'
        )
    _check_marks(typed, value, exact=exact, prefix=prefix)
    return typed, exact, prefix, 0


def _phrase_marks(value: Lexeme) -> tuple[str, bool, bool, int]:
    typed = value.text.rstrip()
    prefix = typed.endswith("*") or value.tail == "*"
    typed = typed.removesuffix("*")
    near = 0
    if value.tail.startswith("~"):
        number = _NEAR.fullmatch(value.tail)
        near = int(number[1][:4] or -1) if number and number[1].isascii() else -1
        if not 0 <= near <= MOST_NEAR:
            raise Unparsable(
                f"“~” expects how many other words may stand in between, 0 to {MOST_NEAR}.",
                value.end_column - len(value.tail),
                'For example "reward model"~3.',
            )
    elif value.tail not in {"", "*"}:
        raise Unparsable(
            "Leave a blank after the closing quotation mark.",
            value.end_column - len(value.tail),
        )
    _check_marks(typed, value, exact=value.exact, prefix=prefix)
    return typed, value.exact, prefix, near


def _check_marks(typed: str, value: Lexeme, *, exact: bool, prefix: bool) -> None:
    if _INNER_STAR.search(typed):
        raise Unparsable(
            "“*” can only stand at the end of a word.",
            value.column,
            "For example align* for alignment, aligned and the like.",
        )
    if exact and prefix:
        raise Unparsable("“=” and “*” exclude each other.", value.column)


def _check_prefix(words: list[str], typed: str, value: Lexeme) -> None:
    if not (typed[-1].isalnum() and (len(words[-1]) >= SHORTEST_PREFIX or _is_sign(words[-1]))):
        raise Unparsable(
            f"“*” needs at least {SHORTEST_PREFIX} letters right before it.", value.column
        )


def _is_sign(token: str) -> bool:
    return bool(_ONE_SIGN.fullmatch(token))


def _nothing_to_search(value: Lexeme) -> Unparsable:
    typed = value.text
    if not typed.strip():
        return Unparsable("There is nothing between these quotation marks.", value.column)
    if typed in {"&", "&&", "+", "/", ","}:
        hint = "A blank between two words already means “both”; “|” means “either”."
    elif set(typed) == {"-"}:
        hint = "To leave a word out, write it right after the sign: -survey."
    else:
        hint = "Leave it out."
    return Unparsable(f"“{typed}” holds no letter or digit to search for.", value.column, hint)
