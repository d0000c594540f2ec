"""Files people bring: YAML, OPML and word lists, read within bounds."""

import json
from pathlib import Path
from typing import Any

import yaml
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bot.model.errors import UnreadableFile

MOST_BYTES = 4_000_000
MOST_LISTS = 5_000
MOST_FEEDS = 500
DEEPEST = 20


def text_of(path: Path) -> str:
    """A file's text. Raises UnreadableFile, also for more than 4 MB."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(
                f"{path} is larger than {MOST_BYTES // 1_000_000} MB; no list of subscriptions is."
            )
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path} cannot be read ({error}).") from error


class _PlainLoader(yaml.BaseLoader):
    """Every scalar is text (so that 10:30 stays a time), nothing refers to anything else."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, never an alias: those can make small files endless."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*) are not read")
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > DEEPEST:
            raise yaml.YAMLError(f"it is nested more than {DEEPEST} deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(text: str) -> object:
    """Plain values. Raises UnreadableFile with the line."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - it makes plain text only
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadableFile(
            f"This is no YAML we can read: {' '.join(str(error).split())}"
        ) from None


def write_yaml(values: object) -> str:
    """Plain values as YAML, in their own order."""
    return str(yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=100))


class YamlDocuments:
    """See `bot.ports.documents.Documents`."""

    def read(self, text: str) -> object:
        """Plain values. Raises UnreadableFile with the line."""
        return read_yaml(text)

    def write(self, values: object) -> str:
        """Plain values as YAML, in their own order."""
        return write_yaml(values)


def word_lists(text: str) -> list[dict[str, Any]] | None:
    """The entries of a word list, or None if this file is none.

    Known are JSON Lines with `terms` or `query`, and YAML with `keywords:` as arXiv-daily has it:
    a name, then `filters:` with a list. Raises UnreadableFile for too many entries.
    """
    entries = _json_lines(text)
    if entries is None:
        document = read_yaml(text)
        keywords = document.get("keywords") if isinstance(document, dict) else None
        if not isinstance(keywords, dict):
            return None
        entries = [
            {"name": str(name), "terms": one.get("filters") if isinstance(one, dict) else one}
            for name, one in keywords.items()
        ]
    if len(entries) > MOST_LISTS:
        raise UnreadableFile(f"This lists {len(entries)} topics; at most {MOST_LISTS} are read.")
    return entries


def _json_lines(text: str) -> list[dict[str, Any]] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None
    return lines if all(isinstance(one, dict) for one in lines) else None


def feeds_of(text: str) -> list[tuple[str, str]]:
    """Title and address of each feed of an OPML file, once. Raises UnreadableFile."""
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "replace"))
    except (ElementTree.ParseError, DefusedXmlException, RecursionError) as error:
        raise UnreadableFile(f"This is no OPML we can read ({error}).") from None
    found: dict[str, str] = {}
    for outline in root.iter("outline"):
        address = (outline.get("xmlUrl") or "").strip()
        if address.startswith(("http://", "https://")):
            found.setdefault(address, outline.get("title") or outline.get("text") or address)
        if len(found) > MOST_FEEDS:
            raise UnreadableFile(f"This lists more than {MOST_FEEDS} feeds.")
    return [(title, address) for address, title in found.items()]


def opml_of(feeds: list[str]) -> str:
    """These feed addresses as OPML 2.0."""
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 - writes only

    outlines = "\n".join(
        f'    <outline type="rss" text={quoteattr(one)} xmlUrl={quoteattr(one)}/>' for one in feeds
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        f"  <head><title>Paperwire</title></head>\n  <body>\n{outlines}\n  </body>\n</opml>"
    )
