"""What Slack made of the text a person typed → that text again.

Slack escapes `& < >` and wraps what it recognises in angle brackets; phones turn straight quotes
into curly ones. Everything else about the text is the command grammar's business.
Source: Slack's pages on slash commands ("Escaping") and on formatting text.
"""

import re

_WRAPPED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_QUOTES = str.maketrans("“”„‟«»″", '"""""""')


def typed(text: str) -> str:
    """`text` as the person typed it, mentions as `@name`, links as their address."""
    words = _WRAPPED.sub(_unwrapped, text).translate(_QUOTES)
    # The ampersand last: `&amp;lt;` stands for a typed `&lt;`.
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _unwrapped(match: re.Match[str]) -> str:
    target, label = match[1], match[2] or ""
    kind, rest = target[:1], target[1:]
    if kind in ("@", "#"):
        return kind + (label or rest).removeprefix(kind)
    if kind == "!":
        # <!subteam^S012|@name>, <!date^…|fallback>, <!here>
        return label or f"@{rest.split('^')[0]}"
    return label if target.startswith(("mailto:", "tel:")) and label else target
