"""Text on a terminal: made safe, cut, wrapped to columns."""

import unicodedata
from urllib.parse import quote, urlsplit

from bot.rules.text import cut, graphemes, tidy

COLUMNS = 88
"""Fits a window of 80 to 100 columns; longer lines are hard to read on any."""

ADDRESS = 2_000
CODE_LINE = 400
CODE_LINES = 40
# What RFC 3986 allows unescaped.
_SAFE_IN_ADDRESS = "/:?#[]@!$&'()*+,;=%-._~"


def line(text: str, most: int) -> str:
    """`text` on one line without control, escape and direction characters, at most `most` long."""
    # Nothing beyond a few times the limit can survive the cut; tidying a megabyte helps nobody.
    return cut(tidy(text[: most * 8]), most)


def code(text: str) -> list[str]:
    """Lines in fixed width: every character stays in its column, or a caret would point elsewhere."""
    return [
        "".join(tidy(char) or " " for char in one[:CODE_LINE]).rstrip()
        for one in text.split("\n")[:CODE_LINES]
    ]


def address(url: str) -> str:
    """`url` rebuilt from its parts if it is a plain web address, else nothing.

    No other scheme, no user name in it, international host names in their ASCII form.
    """
    url = tidy(url[: ADDRESS * 2])
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or ":" in host or "@" in parts.netloc:
        return ""
    rest = quote(url[url.index(parts.netloc) + len(parts.netloc) :], safe=_SAFE_IN_ADDRESS)
    rebuilt = f"{parts.scheme}://{host}{port}{rest}"
    return rebuilt if len(rebuilt) <= ADDRESS else ""


def columns(text: str) -> int:
    """How wide `text` is on a terminal: wide characters take two columns, marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    """`text` as lines of at most COLUMNS, the first after `first`, the others after `rest`.

    Addresses stay whole, so that they can be clicked and copied; other long words are broken.
    """
    lines, now = [], first
    empty = True
    for word in text.split():
        for piece in _pieces(word, COLUMNS - columns(rest)):
            if not empty and columns(now) + 1 + columns(piece) > COLUMNS:
                lines.append(now)
                now, empty = rest, True
            now += piece if empty else f" {piece}"
            empty = False
    if not empty:
        lines.append(now)
    return lines


def _pieces(word: str, most: int) -> list[str]:
    if columns(word) <= most or word.startswith(("https://", "http://")):
        return [word]
    pieces, now, width = [], "", 0
    for cluster in graphemes(word):
        wide = columns(cluster)
        if now and width + wide > most:
            pieces.append(now)
            now, width = "", 0
        now += cluster
        width += wide
    return [*pieces, now]
