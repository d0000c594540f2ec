"""Text that Discord shows exactly as written: no markup, no mention, no link of its own.

A backslash before punctuation makes it literal in every Discord client. What the server itself
reads (mentions) or the client turns into links gets a zero-width space or a backslash inside, so
that it is inert even where a backslash is not looked at.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from adapters.discord.limits import ADDRESS, units
from bot.rules.text import cut, tidy

_GAP = "\u200b"
_MARKUP = re.compile(
    r"""
      (?P<mark>[\\*_~|`\[\]>]|(?<=\])\()               # emphasis, spoiler, code, masked link, quote
    | (?P<angle><)(?P<mention>(?=[@\#/:]|(?:t|id|a):))? # <@1> <#1> </cmd:1> <:emoji:1> <t:1:R>
    | (?P<ping>@)(?=everyone|here)                      # read by the server, not by the client
    | (?P<scheme>:)//                                   # a bare address
    | (?P<invite>\bdiscord(?:app)?)\.(?=\w)     # an invitation, also without a scheme
    | (?P<start>^(?:[#+-]|\d+(?=[.)])))                 # heading, list, small print
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PINGS = re.compile(r"@(?=everyone|here)|<(?=[@#/:]|(?:t|id|a):)", re.IGNORECASE)
_DEAREST = {"<": 3, ":": 3, ".": 2, "@": 2}
_SCHEMES = ("http", "https")
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)


def escape(text: str) -> str:
    """One line of `text` for places where Discord reads markup. Linear in its length."""
    return _MARKUP.sub(_inert, text)


def _inert(found: re.Match[str]) -> str:
    if found["angle"]:
        return "\\<" if found["mention"] is None else "\\<" + _GAP
    if found["ping"]:
        return "@" + _GAP
    if found["scheme"]:
        return ":\\//"
    if found["invite"]:
        return found["invite"] + "\\."
    if found["start"] and found["start"].isdigit():
        return found["start"] + "\\"  # the point after it is next, and is escaped by this
    return "\\" + found[0]


def plain(text: str) -> str:
    """One line of `text` for places that show no markup: footers, labels."""
    return _PINGS.sub(lambda found: found[0] + _GAP, text)


def _cost(text: str) -> int:
    """At most how long `text` is once escaped; adds up over its parts, as `cut` needs it."""
    return sum(
        _DEAREST.get(char, 2) if char.isascii() and not char.isalnum() and char != " "
        else units(char) + char.isdigit()
        for char in text
    )  # fmt: skip


def line(text: str, limit: int) -> str:
    """`text` tidied to one line, cut to at most `limit` units and escaped."""
    return _fitted(text, limit, escape, _cost)


def label(text: str, limit: int) -> str:
    """`text` tidied to one line and cut to at most `limit` units, for places without markup."""
    return _fitted(text, limit, plain, lambda part: units(part) + part.count("@") + part.count("<"))


def _fitted(text: str, limit: int, finish: Callable[[str], str], cost: Callable[[str], int]) -> str:
    # Nobody reads beyond this, and tidying 40,000 characters to show 256 takes its time.
    tidied = tidy(text[: 4 * limit + 100])
    finished = finish(tidied)
    if units(finished) <= limit and len(text) <= 4 * limit + 100:
        return finished
    return finish(cut(tidied, limit, measure=cost))


def fixed_width(text: str, limit: int) -> str:
    """`text` as a code block of at most `limit` units; columns stay where they are."""
    kept = "\n".join(
        "".join(char if char.isprintable() else " " for char in row) for row in text.split("\n")
    )
    inert = re.sub("`(?=`)", "`" + _GAP, plain(kept))
    room = limit - len("```\n\n```")
    if units(inert) > room:
        inert = cut(inert, room, measure=units)
    return f"```\n{inert}\n```"


def address(url: str) -> str | None:
    """`url` if it is a plain http(s) address that can be linked to, made safe to put in a link."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    host = parts.hostname or ""
    if parts.scheme not in _SCHEMES or "@" in parts.netloc or not _HOST.fullmatch(host):
        return None
    place = host if port is None else f"{host}:{port}"
    rest = quote(parts.path, safe="/%:@!$&'*+,;=~-._") or ""
    if parts.query:
        rest += "?" + quote(parts.query, safe="/%:@!$&'*+,;=~-._?")
    if parts.fragment:
        rest += "#" + quote(parts.fragment, safe="/%:@!$&'*+,;=~-._?")
    safe = f"{parts.scheme}://{place}{rest}"
    return safe if len(safe) <= ADDRESS else None
