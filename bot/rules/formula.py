"""One short LaTeX formula as a line of text: x^2 is x², frac{a}{b} is a/b."""

import re
import unicodedata

from bot.rules.tex_tables import (
    COMBINING,
    DOUBLE_STRUCK,
    IGNORED,
    SUBSCRIPT,
    SUPERSCRIPT,
    SYMBOLS,
    WRAPPERS,
)

LONGEST_FORMULA = 160
DEEPEST_GROUP = 6
LONGEST_RAISED_WORD = 2
"""Longer words are no easier to read for being small."""

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_~]|[^\\{}^_~]+|\\", re.DOTALL)
_UNICODE = re.compile(r"x([0-9A-Fa-f]{2,5})|(\d{2,6})")
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "nicefrac"})


class TooHard(ValueError):
    """This formula has more in it than a line of text can show."""


def formula(inside: str) -> str:
    """What stands between two dollar signs, as text. Raises TooHard: show it as it was written."""
    return _Formula(inside).read().strip()


class _Formula:
    """Recursive descent over the tokens; `rest` is reversed, the next token is its last."""

    def __init__(self, inside: str) -> None:
        self.rest: list[str] = _TOKEN.findall(inside)[::-1]
        self.depth = 0

    def read(self) -> str:
        """Everything up to the end of the formula."""
        text = self._group()
        if self.rest:
            raise TooHard  # a closing brace too many
        return text

    def _group(self) -> str:
        """Everything up to a closing brace, which stays."""
        self.depth += 1
        if self.depth > DEEPEST_GROUP:
            raise TooHard
        parts = []
        while self.rest and self.rest[-1] != "}":
            parts.append(self._atom())
        self.depth -= 1
        return "".join(parts)

    def _atom(self) -> str:
        piece = self.rest.pop()
        if piece == "{":
            return self._closed_group()
        if piece in {"^", "_"}:
            return self._script(piece)
        if piece == "~":
            return " "
        return self._command(piece[1:]) if piece[0] == "\\" else piece

    def _closed_group(self) -> str:
        text = self._group()
        if not self.rest:
            raise TooHard  # no closing brace
        self.rest.pop()
        return text

    def _argument(self) -> str:
        """The group, command or single character that a command or script applies to."""
        while self.rest and self.rest[-1].isspace():
            self.rest.pop()
        if not self.rest or self.rest[-1] in {"}", "^", "_"}:
            raise TooHard
        if self.rest[-1][0] in "{\\~":
            return self._atom().strip()
        chunk = self.rest.pop().lstrip()
        if len(chunk) > 1:
            self.rest.append(chunk[1:])
        return chunk[0]

    def _command(self, name: str) -> str:
        for table in (SYMBOLS, IGNORED):
            if name in table:
                return table[name]
        if name in WRAPPERS:
            return self._argument()
        if name in {"mathbb", "Bbb"}:
            return "".join(DOUBLE_STRUCK.get(char, char) for char in self._argument())
        if name in _FRACTIONS:
            over, under = self._argument(), self._argument()
            return f"{_in_brackets(over)}/{_in_brackets(under)}"
        return self._rare(name)

    def _rare(self, name: str) -> str:
        if name == "sqrt":
            return "√" + _in_brackets(self._argument())
        if name in COMBINING:
            letter = self._argument()
            if len(letter) != 1:
                raise TooHard
            return unicodedata.normalize("NFC", letter + COMBINING[name])
        if name in {"textsubscript", "textsuperscript"}:
            return self._script("_" if name == "textsubscript" else "^")
        if name == "unicode":
            return _numbered(self._argument())
        if len(name) == 1 and name in "&%$#_{}":
            return name
        raise TooHard

    def _script(self, mark: str) -> str:
        text = self._argument()
        table = SUPERSCRIPT if mark == "^" else SUBSCRIPT
        a_word = len(text) > LONGEST_RAISED_WORD and text.isalpha()
        if not a_word and all(char in table for char in text):
            return "".join(table[char] for char in text)
        return mark + _in_brackets(text)


def _in_brackets(text: str) -> str:
    return text if len(text) == 1 or text.isalnum() else f"({text})"


def _numbered(written: str) -> str:
    found = _UNICODE.fullmatch(written)
    if found is None:
        raise TooHard
    code = int(found[1], 16) if found[1] else int(found[2])
    if code > 0x10FFFF or not chr(code).isprintable():
        raise TooHard
    return chr(code)
