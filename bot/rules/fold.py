"""Text as folded tokens: the one way every part of the program compares words.

Matching, the match index and the search index all work on these tokens. What is folded: Unicode
form, case, accents, invisible characters, simple LaTeX, possessives, every kind of hyphen, plural
and British spelling. What is not: suffixes that change the meaning. See
docs/decisions/light-folding.md.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.rules.spelling import american, singular
from bot.rules.texwords import plain

_CJK = (
    "\u1100-\u11ff\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_ASCII = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_ASCII_LINES = f"{_ASCII[:10]}\n{_ASCII[11:]}"  # the same, line by line
_NUL = "\0"
_ASCII_BLOTTED = f"{_NUL}{_ASCII[1:]}"
_BLOT_ALONE = re.compile(r" \0+(?: |\Z)")
_MOVING = ("\\", "$", "{", "}", "#", "++", _NUL)
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")
_ACCENTS = re.compile(r"[\u0300-\u036f\u20d0-\u20ff]+")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
_POSSESSIVE = re.compile(r"'(?:[sS](?![^\W_]))?")
_C_PLUS_PLUS = re.compile(r"(?<![^\W_])c\+\+")
_C_SHARP = re.compile(r"(?<![^\W_])c#")

# Letters that stand alone in Unicode, without a mark that could be taken off.
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i", "ȷ": "j",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ɨ": "i", "ɫ": "l", "ƒ": "f",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "＇": "'", "´": "'", "‛": "'",
})  # fmt: skip
_GREEK_LETTERS = "αβγδεζηθικλμνξοπρσςτυφχψω"
_GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
    "rho sigma sigma tau upsilon phi chi psi omega"
)
GREEK = dict(zip(_GREEK_LETTERS, _GREEK_NAMES.split(), strict=True))
LONGEST_TOKEN = 200
"""Characters; what is longer is no word. PostgreSQL's index refuses 2,047 bytes."""

_MOST_STEMS = 1 << 18  # the words of some 200,000 papers; about 30 MB when full


def fold(text: str) -> list[str]:
    """The tokens of `text`, ready to compare."""
    return list(map(stem, fold_exact(text)))


def fold_exact(text: str) -> list[str]:
    """The tokens of `text` as written: without plural and spelling folding (`=word`).

    Token for token as long as `fold(text)`. Also how names are compared, where a final s counts.
    """
    if text.isascii():
        return _without_signs(text).translate(_ASCII).split()
    text = _NON_ASCII.sub(_folded_run, text)
    if text.isascii():
        return _without_signs(text).translate(_ASCII).split()
    return [GREEK.get(token, token) for token in TOKEN.findall(_without_signs(text).lower())]


def folded_in_place(text: str) -> tuple[str, bool]:
    """The beginning of `text` folded so that every token stands where its word does in `text`.

    It reaches to the first sign of LaTeX, or other than ASCII; whether that is all of `text`. Blanks
    stand between tokens; an apostrophe, with the s it takes away, is NUL in or beside its token.
    """
    found = None if text.isascii() else _NON_ASCII.search(text)
    upto = found.start() if found else len(text)
    for sign in _MOVING:
        at = text.find(sign, 0, upto)
        upto = upto if at < 0 else at
    whole, text = upto == len(text), text[:upto]
    if "'" not in text:
        return text.translate(_ASCII), whole
    folded = _POSSESSIVE.sub(_blotted, text).translate(_ASCII_BLOTTED)
    return ("", False) if _BLOT_ALONE.search(f" {folded}") else (folded, whole)


def _blotted(found: re.Match[str]) -> str:
    return _NUL * len(found[0])


def fold_names(names: Sequence[str]) -> list[list[str]]:
    """`fold_exact` of each name; all at once where they are plain, for papers have very many."""
    together = _NON_ASCII.sub(_folded_run, "\n".join(names))
    if not together.isascii() or together.count("\n") != len(names) - 1 or _has_tex(together):
        return list(map(fold_exact, names))
    return [line.split() for line in _without_signs(together).translate(_ASCII_LINES).split("\n")]


class _Stems(dict[str, str]):
    """Stems by token, worked out once. A bare dict look-up is half the price of an lru_cache."""

    def __missing__(self, token: str) -> str:
        if len(self) >= _MOST_STEMS:
            self.clear()
        stemmed = token[:LONGEST_TOKEN]
        if token.isascii() and not token.isdigit() and len(token) < LONGEST_TOKEN:
            stemmed = american(singular(token))
        self[token] = stemmed
        return stemmed


stem: Callable[[str], str] = _Stems().__getitem__
"""One token of `fold_exact` as a token of `fold`; never empty, and stemming it again is idle.

At most LONGEST_TOKEN long.
"""


def _without_signs(text: str) -> str:
    """`text` with LaTeX, apostrophes and the signs of C++ and C# turned into plain letters."""
    if _has_tex(text):
        text = plain(text)
    if "'" in text:
        text = _POSSESSIVE.sub("", text)
    if "#" in text or "++" in text:
        text = _C_SHARP.sub("csharp", _C_PLUS_PLUS.sub("cplusplus", text.lower()))
    return text


def _has_tex(text: str) -> bool:
    return "\\" in text or "$" in text or "{" in text


def _folded_run(found: re.Match[str]) -> str:
    return _fold_run(found[0])


@lru_cache(maxsize=1 << 14)
def _fold_run(run: str) -> str:
    """A run of non-ASCII characters in NFKC, lower case, without accents and invisible ones."""
    run = _INVISIBLE.sub("", run).translate(_LETTERS)
    run = unicodedata.normalize("NFKD", run).casefold()
    run = _ACCENTS.sub("", unicodedata.normalize("NFKD", run))
    return unicodedata.normalize("NFC", run).translate(_LETTERS)
