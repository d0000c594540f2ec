"""LaTeX as sources leave it in names and titles, in letters people can read.

Only what is simple is turned; everything else stays literally as it was written. Linear in the
length of the text: every token is looked at a bounded number of times.
"""

import re
import unicodedata

from bot.rules.formula import LONGEST_FORMULA, TooHard, formula
from bot.rules.tex_tables import ACCENTS, LETTERS, SUBSCRIPT, SUPERSCRIPT, SYMBOLS, WRAPPERS

DEEPEST_WRAPPING = 3

_ACCENT = re.compile(
    r"""(?P<open>\{?)\\(?:(?P<mark>["'`^~=.])|(?P<named>[uvHcdbkrt])(?=[{\s\\]))\s*"""
    r"""(?:\{\s*(?P<group>\\[ij]|[A-Za-z])\s*\}|(?P<plain>\\[ij](?![A-Za-z])\s?|[A-Za-z]))"""
    r"""(?P<close>\}?)"""
)
_LETTER = re.compile(
    rf"(?P<open>\{{?)\\(?P<name>{'|'.join(LETTERS)})(?![A-Za-z])(?P<gap>\{{\}}|\s)?(?P<close>\}}?)"
)
_BRACED = re.compile(r"\{([^{}\\$]*)\}")
_FORMULA = re.compile(rf"(?<!\\)\$(?=[^\s$])([^$]{{1,{LONGEST_FORMULA}}})(?<![\s\\])\$")
_LOOKS_LIKE_MATHS = re.compile(r"[\\^_={}<>]|^(?!\d\S*[^\w)]$)\S+$|^\([^()]*\)$")
_WRAPPED = re.compile(
    rf"\\({'|'.join(sorted(WRAPPERS | {'textsubscript', 'textsuperscript'}))})\s*\{{([^{{}}]*)\}}"
)
_SWITCHED = re.compile(r"\{\\(?:em|it|bf|sc|tt|rm|sf|sl|cal)\s+([^{}]*)\}")
_WORD = re.compile(r"(?P<open>\{?)\\(?P<name>[A-Za-z]+)(?P<gap>\{\})?(?![A-Za-z{\[])(?P<close>\}?)")
_ESCAPED = re.compile(r"\\([&%$#_{} ])")
_QUOTED = re.compile(r"``([^`']{0,400})''")


def plain_name(name: str) -> str:
    r"""A person's name without TeX: `Paulo Andr\'e` is Paulo André."""
    if "\\" not in name and "{" not in name:
        return name
    name = _ESCAPED.sub(r"\1", _BRACED.sub(r"\1", _accented(name)))
    return unicodedata.normalize("NFC", " ".join(name.replace("~", " ").split()))


def readable(text: str) -> str:
    r"""`text` with simple LaTeX turned into letters and signs: `$L_2$` is L₂, `\alpha` is α.

    What is not simple (own macros, links, nested formulas) stays literally as written.
    """
    if "\\" not in text and "$" not in text and "``" not in text:
        return text
    parts = _FORMULA.split(_accented(text) if "\\" in text else text)
    # Every second part is the inside of a formula.
    parts[0::2] = [_prose(part) for part in parts[0::2]]
    parts[1::2] = [_maths(part) for part in parts[1::2]]
    return unicodedata.normalize("NFC", " ".join("".join(parts).split()))


def _accented(text: str) -> str:
    text = _ACCENT.sub(_accent, text)
    return _LETTER.sub(_letter, text)


def _accent(found: re.Match[str]) -> str:
    base = (found["group"] or found["plain"]).strip().lstrip("\\")
    mark = ACCENTS[found["mark"] or found["named"]]
    return _without_braces(found, unicodedata.normalize("NFC", base + mark))


def _letter(found: re.Match[str]) -> str:
    return _without_braces(found, LETTERS[found["name"]])


def _without_braces(found: re.Match[str], letter: str) -> str:
    if found["open"] and found["close"]:
        return letter
    return found["open"] + letter + found["close"]


def _maths(inside: str) -> str:
    if not _LOOKS_LIKE_MATHS.search(inside):
        return f"${inside}$"  # two prices with words in between
    try:
        return formula(inside)
    except TooHard:
        return f"${inside}$"


def _prose(text: str) -> str:
    if "\\" in text:
        for _ in range(DEEPEST_WRAPPING):
            text = _WRAPPED.sub(_unwrap, text)
        text = _SWITCHED.sub(r"\1", text).replace("\\,", " ")
        text = _WORD.sub(_symbol, text)
        text = _ESCAPED.sub(r"\1", text)
    return _QUOTED.sub(r"“\1”", text)


def _symbol(found: re.Match[str]) -> str:
    sign = SYMBOLS.get(found["name"])
    return found[0] if sign is None else _without_braces(found, sign)


def _unwrap(found: re.Match[str]) -> str:
    name, inside = found.groups()
    if name in {"textsubscript", "textsuperscript"}:
        table = SUBSCRIPT if name == "textsubscript" else SUPERSCRIPT
        if all(char in table for char in inside):
            return "".join(table[char] for char in inside)
    return str(inside)
