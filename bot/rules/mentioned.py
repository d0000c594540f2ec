"""Papers that a text speaks of: arXiv ids, DOIs and addresses of paper pages."""

import re

from bot.model.paper import PaperKey
from bot.rules.identity import paper_key

LONGEST_TEXT = 20_000

_CANDIDATE = re.compile(
    r"""
      https?://[^\s<>"'\]|]+
    | (?<![\w./@-])(?:www\.)?(?:arxiv\.org|huggingface\.co|doi\.org)/[^\s<>"'\]|]+
    | (?:arxiv|doi):\s?[^\s<>"'\])|,;]+
    | (?<![\w./-])(?:\d{4}\.\d{4,5}(?:v\d{1,3})?|[a-z-]{2,10}(?:\.[A-Z]{2})?/\d{7})(?![\w/])
    | (?<![\w./-])10\.\d{4,9}/[^\s<>"'\])|,;]+
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mentioned(text: str) -> list[PaperKey]:
    """Keys of the papers named in `text`, each once, in the order of the text."""
    found: dict[PaperKey, None] = {}
    for candidate in _CANDIDATE.findall(text[:LONGEST_TEXT]):
        written = candidate.rstrip(".,;:!?)>").replace(": ", ":")
        key = paper_key(written)
        if key is not None and not key.startswith("url:"):  # any page would be one
            found[key] = None
    return list(found)
