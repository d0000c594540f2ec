"""Plain text → text that Slack shows literally; addresses that are safe to link.

Slack's mrkdwn knows three characters to escape; `* _ ~` and the backtick cannot be escaped there, so
renderers put text from papers into rich_text or plain_text only, and use `escaped` for the one
place that is always mrkdwn: the top-level text.
Source: Slack's page on formatting text, "Escaping text".
"""

from urllib.parse import quote, urlsplit

from adapters.slack.limits import URL
from bot.rules.text import cut, tidy

# What RFC 3986 allows unescaped, minus characters that mean something to Slack's mrkdwn.
_SAFE_IN_URL = "/:?#[]@!$&'()*+,;=%-._~"


def units(text: str) -> int:
    """Length in UTF-16 units: what lies outside the basic plane counts twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def line(text: str, most: int) -> str:
    """`text` on one line without anything invisible, at most `most` units long."""
    # Nothing beyond a few times the limit can survive the cut; tidying a megabyte helps nobody.
    return cut(tidy(text[: most * 8]), most, measure=units)


def chunks(text: str, size: int, *, most: int) -> list[str]:
    """The same, keeping line breaks and indents, in pieces of at most `size` units.

    Pieces end with a line where they can. most: so many pieces; the last one says what is missing.
    """
    pieces: list[str] = []
    rows = [_indent(one) + tidy(one) for one in text[: size * most * 4].rstrip().splitlines()]
    for number, row in enumerate(rows):
        for start in range(0, max(len(row), 1), size // 2):
            part = row[start : start + size // 2]
            joined = f"{pieces[-1]}\n{part}" if pieces and not start else part
            if pieces and not start and units(joined) <= size:
                pieces[-1] = joined
            elif len(pieces) == most:
                left = f"… and {len(rows) - number} more lines"
                return [*pieces[:-1], f"{cut(pieces[-1], size - 40, measure=units)}\n{left}"]
            else:
                pieces.append(part)
    return [piece for piece in pieces if piece.strip()]


def escaped(text: str) -> str:
    """`text` for mrkdwn: mentions and links in it stay text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped_units(text: str) -> int:
    """Length of `text` once escaped."""
    return units(escaped(text))


def web_address(url: str) -> str | None:
    """`url` rebuilt from its parts if it is a plain web address, else None.

    No other scheme, no user name in it, international host names in their ASCII form.
    """
    url = tidy(url[: URL * 2])
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or ":" in host or "@" in parts.netloc:
        return None
    rest = quote(url[url.index(parts.netloc) + len(parts.netloc) :], safe=_SAFE_IN_URL)
    rebuilt = f"{parts.scheme}://{host}{port}{rest}"
    return rebuilt if len(rebuilt) <= URL else None


def _indent(one: str) -> str:
    return " " * min(len(one) - len(one.lstrip(" ")), 200)
