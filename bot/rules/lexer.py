"""A topic filter's text as lexemes, each with the column it was typed at."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.model.errors import FilterProblem

MOST_CHARACTERS = 512


class Unparsable(Exception):
    """Carries a FilterProblem out of the lexer and the parser; `parse_filter` turns it."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(message)
        self.problem = FilterProblem(message, column, hint)


class Kind(Enum):
    """What a lexeme is."""

    OPEN = auto()
    CLOSE = auto()
    OR = auto()
    AND = auto()
    NOT = auto()
    FIELD = auto()
    PHRASE = auto()
    WORD = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One piece of the text.

    text: a field's name, the inside of a phrase, or what was typed. column: 1-based, as typed.
    start, end: where it stands in the cleaned text; two lexemes touch when these are equal.
    exact: a phrase after `=`. tail: what follows the closing quote, such as `~3`.
    """

    kind: Kind
    text: str
    column: int
    start: int
    end: int
    exact: bool = False
    tail: str = ""

    @property
    def end_column(self) -> int:
        """The column right behind it."""
        return self.column + self.end - self.start


# One character for one, so that columns stay as typed. Phones and CJK keyboards produce these.
_SIGNS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "＂": '"', "″": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-", "﹣": "-", "－": "-",
    "（": "(", "）": ")", "｜": "|", "：": ":", "＝": "=", "＊": "*", "＞": ">", "＜": "<", "～": "~",
    "≥": "\u2265", "≤": "\u2264",
})  # fmt: skip
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SIGNS_ONLY = re.compile(r"-|[^\w\s()|\"*~=-][^\w\s()|\"*~=]*")
_LEXEME = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<OPEN>\()
    | (?P<CLOSE>\))
    | (?P<OR>\|\|? | OR(?=[\s()|"]|$))
    | (?P<AND>AND(?=[\s()|"]|$))
    | (?P<NOT>-(?=[^\s|)]) | NOT(?=[\s()|"]|$))
    | (?P<FIELD>[A-Za-z_]+(?=:))
    | (?P<PHRASE>=?"[^"]*"(?P<tail>[~*][^\s()|"]*)?)
    | (?P<unclosed>=?")
    | (?P<WORD>[^\s()|"]+)
    """,
    re.VERBOSE,
)
_VALUE = re.compile(
    r"""
      (?P<OPEN>\()
    | (?P<PHRASE>=?"[^"]*"(?P<tail>[~*][^\s()|"]*)?)
    | (?P<unclosed>=?")
    | (?P<WORD>[^\s()|"]+)
    """,
    re.VERBOSE,
)


def lexemes(typed: str, most_characters: int = MOST_CHARACTERS) -> list[Lexeme]:
    """The lexemes of `typed`, the last one END. Raises Unparsable for text no filter can hold."""
    _check_length(typed, most_characters)
    text, columns = _cleaned(typed)
    found: list[Lexeme] = []
    position = 0
    pattern = _LEXEME
    while position < len(text):
        match = pattern.match(text, position) or _LEXEME.match(text, position)
        if match is None:  # pragma: no cover - the patterns cover every character
            raise Unparsable("This sign cannot be read.", columns[position])
        position = match.end()
        if match.lastgroup != "blank":
            lexeme = _lexeme(match, columns[match.start()])
            if pattern is _VALUE or not _is_punctuation(lexeme, typed):
                found.append(lexeme)
            position = lexeme.end
            pattern = _VALUE if lexeme.kind is Kind.FIELD else _LEXEME
        else:
            pattern = _LEXEME
    found.append(Lexeme(Kind.END, "", columns[len(text)], len(text), len(text)))
    return found


def _is_punctuation(lexeme: Lexeme, typed: str) -> bool:
    """Whether this stands between words as in `robots & people` or `Mamba – a survey`.

    Such signs are in no folded text either. A star or a hyphen alone may be a slip, so it counts.
    """
    return (
        lexeme.kind is Kind.WORD
        and _SIGNS_ONLY.fullmatch(lexeme.text) is not None
        and (lexeme.text != "-" or typed[lexeme.column - 1] != "-")
    )


def _lexeme(match: re.Match[str], column: int) -> Lexeme:
    start, end = match.span()
    if match["unclosed"] is not None:
        raise Unparsable(
            "This quotation mark is never closed.", column, 'Close the phrase: "reward model".'
        )
    if match["PHRASE"] is not None:
        quoted = match[0].removesuffix(match["tail"] or "")
        exact = quoted.startswith("=")
        inside = quoted[2:-1] if exact else quoted[1:-1]
        return Lexeme(Kind.PHRASE, inside, column, start, end, exact, match["tail"] or "")
    if match["WORD"] is not None:
        return Lexeme(Kind.WORD, match[0], column, start, end)
    kind = Kind[match.lastgroup or "WORD"]
    # A field's colon belongs to it.
    return Lexeme(kind, match[0], column, start, end + (kind is Kind.FIELD))


def _check_length(typed: str, most: int) -> None:
    if len(typed) > most:
        raise Unparsable(
            f"A filter has at most {most} characters; this one has {len(typed):,}.",
            most + 1,
            "Split it into several subscriptions.",
        )


def _cleaned(typed: str) -> tuple[str, range | list[int]]:
    """`typed` without invisible characters, and the 1-based column of each one that is left."""
    bad = _FORBIDDEN.search(typed)
    if bad:
        raise Unparsable(
            f"A filter cannot hold the character U+{ord(bad[0]):04X}.",
            bad.start() + 1,
            "It may have come along with copied text; type this place anew.",
        )
    if typed.isascii():
        return typed, range(1, len(typed) + 2)
    text = typed.translate(_SIGNS)
    columns = [column for column, sign in enumerate(text, 1) if not _INVISIBLE.match(sign)]
    return _INVISIBLE.sub("", text), [*columns, len(typed) + 1]
