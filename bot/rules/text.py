"""Text from papers and people, made safe and even once, at the border; and cut for display.

Order of tidying: entities → drop what is invisible → NFC → cap marks → collapse white space.
Escaping comes last and elsewhere, in the renderers. NFKC stays out of here: it turns a full-width
`everyone` into a live one.
"""

import html
import re
import unicodedata
from collections.abc import Callable

from bot.rules.tex import plain_name, readable

__all__ = ["cut", "decode_entities", "graphemes", "plain_name", "readable", "tidy"]

MOST_MARKS = 4
"""Combining marks one letter may carry; no language needs more."""

ELLIPSIS = "…"

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ZWJ = "\u200d"
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_LOOSE_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f]){_ZWJ}|{_ZWJ}(?![{_EMOJI}])")
_FOREIGN_RUN = re.compile(f"[^\\x00-\u02ff]{{{MOST_MARKS + 1},}}")
# Letters and marks that print nothing: Hangul fillers, Khmer inherent vowels, the grapheme joiner.
_BLANK = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
_SILENT = dict.fromkeys(map(ord, "\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f"))
_ASCII_CONTROLS = {
    code: " " if chr(code).isspace() else None for code in (*range(32), 127)
}  # fmt: skip


class _Border(dict[int, str | int | None]):
    """Translation table that decides by Unicode category; filled with what is met."""

    def __missing__(self, code: int) -> str | int | None:
        kept = self._decide(code)
        if len(self) < 5_000:  # a text made of every character there is must not fill memory
            self[code] = kept
        return kept

    @staticmethod
    def _decide(code: int) -> str | int | None:
        if 0xE0000 <= code <= 0xE0FFF:  # tag characters and supplementary variation selectors
            return None
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] == "Z" or char.isspace():
            return " "
        return None if category in {"Cc", "Cf", "Cs"} else code


_EVEN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2015\u2018-\u201f\u2026\u2264\u2265]*")
"""Text of these alone has no other form; it holds what our own sentences are made of."""

_TABLE = _Border({**_BLANK, **_SILENT, ord(_ZWJ): _ZWJ})


def tidy(text: str, *, entities: bool = False) -> str:
    """`text` on one line: NFC, visible characters only, single blanks, no blanks at the ends.

    entities: decode HTML entities once; for sources that encode twice.
    """
    if entities and "&" in text:
        text = decode_entities(text)
    plain = text.isascii()
    if text.isprintable() if plain else _EVEN.fullmatch(text):
        return text if "  " not in text and text.strip() == text else " ".join(text.split())
    if plain:
        return " ".join(text.translate(_ASCII_CONTROLS).split())
    text = " ".join(text.split())
    # Composed last: what was dropped may have stood between a letter and its mark.
    text = unicodedata.normalize("NFC", text.translate(_TABLE))
    if _ZWJ in text:
        text = _LOOSE_JOINER.sub("", text)
    text = _FOREIGN_RUN.sub(_cap_marks, text)
    return " ".join(text.split())


def decode_entities(text: str) -> str:
    """`text` with `&name;` and `&#…;` decoded once; a bare ampersand stays what it is."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def _cap_marks(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def graphemes(text: str) -> list[str]:
    """`text` as what a reader sees as single characters: letters with marks, whole emoji, flags."""
    if text.isascii():
        return list(text)
    clusters: list[str] = []
    for char in text:
        if clusters and _joins(clusters[-1], char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def _joins(cluster: str, char: str) -> bool:
    if char.isascii():
        return cluster == "\r" and char == "\n"
    if "\U0001f1e6" <= char <= "\U0001f1ff":  # two regional indicators are one flag
        return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    return (
        char == _ZWJ
        or cluster[-1] == _ZWJ
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\U000e0020" <= char <= "\U000e007f"
        or unicodedata.category(char)[0] == "M"
    )


def _head(text: str, limit: int, room: int, measure: Callable[[str], int]) -> str:
    """As many whole graphemes as fit."""
    kept, size = [], 0
    for cluster in graphemes(text[: limit + 1]):
        size += measure(cluster)
        if size > room:
            break
        kept.append(cluster)
    return "".join(kept)


def cut(text: str, limit: int, *, measure: Callable[[str], int] = len) -> str:
    """`text`, or as much of it as fits with an ellipsis: whole words, at least whole graphemes.

    limit: in the unit of `measure` (characters unless told), which gives every character 1 or more.
    """
    if len(text) <= limit and measure(text) <= limit:
        return text
    room = limit - measure(ELLIPSIS)
    if room < 0:
        return ""
    begin = text[: limit + 1]
    if measure is len and (begin.isascii() or _EVEN.fullmatch(begin)):
        head = text[:room]  # every letter is one to its reader
    else:
        head = _head(text, limit, room, measure)
    if not text[len(head) : len(head) + 1].isspace():
        word_end = head.rfind(" ")
        if word_end > len(head) // 3:  # else one endless word: better half of it than nothing
            head = head[:word_end]
    return head.rstrip(" ,;:–—-(") + ELLIPSIS
