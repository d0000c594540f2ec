"""Which papers somebody's message speaks of: links and ids in its text.

Source of what links look like in a message: Slack's page on formatting text, "Links in retrieved
messages".
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.rules.identity import paper_key

DOMAINS = ("arxiv.org", "huggingface.co", "doi.org", "openreview.net")
"""Whose links get a card; at most `limits.UNFURL_DOMAINS` may stand in the manifest."""

LONGEST_TEXT = 12_000
_LINK = re.compile(r"<(https?://[^<>|\s]{1,2000})(?:\|[^<>]*)?>")
_BARE_ID = re.compile(
    r"(?<![\w./:-])(?:arXiv:)?\d{4}\.\d{4,5}(?:v\d{1,3})?(?![\w/-]|\.\d)", re.IGNORECASE
)
_SURE = ("arxiv:", "doi:", "openreview:", "pmid:", "acl:")


def papers_linked(urls: Iterable[str]) -> dict[str, str]:
    """Links that lead to a paper, with the paper's key, one link for each paper."""
    found: dict[str, str] = {}
    for url in urls:
        key = _key(url)
        if key and key not in found.values():
            found[url] = key
    return found


def papers_mentioned(text: str, *, most: int) -> list[str]:
    """Keys of the first papers a message links to or names by arXiv id, in order."""
    text = text[:LONGEST_TEXT]
    spans = [(match.start(), _unescaped(match[1])) for match in _LINK.finditer(text)]
    without = _LINK.sub(lambda match: " " * len(match[0]), text)
    spans += [(match.start(), match[0]) for match in _BARE_ID.finditer(without)]
    keys = (_key(words) for _, words in sorted(spans))
    return list(dict.fromkeys(key for key in keys if key))[:most]


def text_of(message: dict[str, object]) -> str:
    """A message's words, and the addresses in its attachments."""
    parts = [str(message.get("text") or "")]
    attachments = message.get("attachments")
    for one in attachments if isinstance(attachments, list) else []:
        if isinstance(one, dict):
            parts += [f"<{one[name]}>" for name in ("title_link", "from_url") if one.get(name)]
            parts.append(str(one.get("text") or ""))
    return "\n".join(parts)


def _unescaped(url: str) -> str:
    return url.replace("&amp;", "&")


def _key(words: str) -> str:
    """The key of the paper that an address or id names; empty for an address of anything else."""
    key = paper_key(words)
    if not key or not key.startswith(_SURE):
        return ""
    host = (urlsplit(words).hostname or "") if "://" in words else ""
    known = not host or any(host == one or host.endswith("." + one) for one in DOMAINS)
    return key if known or not key.startswith("doi:") else ""
