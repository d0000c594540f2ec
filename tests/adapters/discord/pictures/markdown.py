"""Discord's markup as HTML, as far as the bot uses it: what is escaped is shown as it stands."""

import html
import re

_BLOCK = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"""
      \\(?P<escaped>[^0-9A-Za-z\s])
    | \*\*(?P<bold>(?:\\.|[^*\\])+)\*\*
    | \*(?P<italic>(?:\\.|[^*\\])+)\*
    | `(?P<code>[^`]+)`
    | \[(?P<label>(?:\\.|[^\]\\])+)\]\(<?(?P<url>https?://[^\s>)]+)>?\)
    | (?P<bare>https?://[^\s<>]+)
    | <@!?(?P<user>\d+)>
    | <\#(?P<channel>\d+)>
    """,
    re.VERBOSE,
)
_HEADS = (("### ", "h3"), ("## ", "h2"), ("# ", "h1"), ("-# ", "small"), ("> ", "blockquote"))


def as_html(text: str) -> str:
    """The text of a message part."""
    parts = _BLOCK.split(text)
    shown = []
    for at, part in enumerate(parts):
        if at % 2:
            shown.append(f"<pre>{html.escape(part)}</pre>")
        elif part:
            shown += [_line(line) for line in part.strip("\n").split("\n")]
    return "".join(shown)


def _line(line: str) -> str:
    for mark, tag in _HEADS:
        if line.startswith(mark):
            return f'<div class="{tag}">{_inline(line.removeprefix(mark))}</div>'
    return f"<div>{_inline(line) or '&nbsp;'}</div>"


def _inline(text: str) -> str:
    shown, at = [], 0
    for found in _INLINE.finditer(text):
        shown += [html.escape(text[at : found.start()]), _piece(found)]
        at = found.end()
    return "".join([*shown, html.escape(text[at:])])


def _piece(found: re.Match[str]) -> str:
    kind = found.lastgroup or ""
    if kind == "url":
        return f'<a href="{html.escape(found["url"])}">{_inline(found["label"])}</a>'
    inside = found[kind]
    shown = {
        "bold": lambda: f"<b>{_inline(inside)}</b>",
        "italic": lambda: f"<i>{_inline(inside)}</i>",
        "code": lambda: f"<code>{html.escape(inside)}</code>",
        "bare": lambda: f'<a href="{html.escape(inside)}">{html.escape(inside)}</a>',
        "user": lambda: '<span class="mention">@ada</span>',
        "channel": lambda: '<span class="mention">#papers</span>',
        "escaped": lambda: html.escape(inside),
    }
    return shown[kind]()
