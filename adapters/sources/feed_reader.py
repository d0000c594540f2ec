"""RSS, Atom and JSON Feed from anywhere, boiled down to plain entries.

Runs in a process of its own (feed_worker), because feedparser forgives everything and takes its
time over hostile feeds; so does taking HTML apart. Nothing here touches network or clock.
"""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from adapters.sources.strict_json import BadJson, decode

Entry = dict[str, Any]
"""title, text, link, guid, published, updated, doi: texts ("" if absent); authors, tags: lists."""

LONGEST_HTML = 200_000
DEEPEST = 1_000
"""Open tags; feedparser takes time with the square of it. HTML of careless writers counts in."""

JSON_FEED = "https://jsonfeed.org/version/"

_BLOCKS = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "hr"})
_HIDDEN = frozenset({"script", "style", "template", "iframe", "object", "noscript"})
_ENDINGS = (b"</rss>", b"</feed>", b":feed>", b"</rdf:rdf>", b":rdf>", b"</channel>")
_TAG = re.compile(rb"<(/?)([A-Za-z][^\s/>]{0,80})[^<>]{0,2000}?(/?)>")
_NEVER_CLOSED = frozenset({b"br", b"img", b"hr", b"p", b"li", b"input", b"meta", b"link", b"td"})
_ENTITIES = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)


class NoFeed(ValueError):
    """These bytes are no feed, or not a whole one; the text says what they are."""


def read_feed(body: bytes, url: str, charset: str = "") -> dict[str, Any]:
    """`{"entries": [Entry, …], "link": …, "ttl": minutes or 0}`. Raises NoFeed.

    url: where it came from, for links that are relative. charset: what HTTP said, if anything.
    """
    start = body[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return _read_json(body, url)
    lowered = start.lower()
    if lowered.startswith((b"<!doctype html", b"<html")):
        msg = "is a web page, not a feed"
        raise NoFeed(msg)
    if _ENTITIES.search(body):
        msg = "declares entities, which is refused"
        raise NoFeed(msg)
    if _depth(body) > DEEPEST:
        msg = "is nested too deeply"
        raise NoFeed(msg)
    return _read_xml(body, url, charset)


def _depth(body: bytes) -> int:
    """How many tags are open at most, by a quick look."""
    depth = deepest = 0
    for closing, name, empty in _TAG.findall(body):
        if closing:
            depth = max(depth - 1, 0)
        elif not empty and name.lower() not in _NEVER_CLOSED:
            depth += 1
            deepest = max(deepest, depth)
    return deepest


def plain_text(html: str) -> str:
    """What a reader of this HTML sees; scripts, styles and comments are gone."""
    if "<" not in html and "&" not in html:
        return html
    reader = _TextReader()
    reader.feed(html[:LONGEST_HTML])
    reader.close()
    return "".join(reader.parts)


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _HIDDEN:
            self.hidden += 1
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self.hidden:
            self.hidden -= 1
        if tag in _BLOCKS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _read_xml(body: bytes, url: str, charset: str) -> dict[str, Any]:
    kind = "application/xml" + (f"; charset={charset}" if charset else "")
    headers = {"content-type": kind, "content-location": url}
    parsed = feedparser.parse(BytesIO(body), response_headers=headers)
    if not parsed.version and not parsed.entries:
        msg = "is neither RSS nor Atom"
        raise NoFeed(msg)
    if parsed.bozo and not body.rstrip()[-200:].rstrip().lower().endswith(_ENDINGS):
        msg = "is cut short"
        raise NoFeed(msg)
    feed = parsed.feed
    ttl = str(feed.get("ttl", ""))
    return {
        "entries": [_xml_entry(one) for one in parsed.entries],
        "link": str(feed.get("link", "")),
        "ttl": int(ttl) if ttl.isascii() and ttl.isdigit() and len(ttl) < 7 else 0,
    }


def _xml_entry(one: Mapping[str, Any]) -> Entry:
    contents = [each.get("value", "") for each in one.get("content", ())]
    names = (each.get("name", "") for each in one.get("authors", ()))
    return {
        "title": plain_text(one.get("title", "")),
        "text": plain_text(one.get("summary", "") or "".join(contents[:1])),
        "link": one.get("link", ""),
        "guid": one.get("id", ""),
        "published": one.get("published", ""),
        # Not one.get(): feedparser's own falls back to `published`, with a warning.
        "updated": dict(one).get("updated", ""),
        "doi": one.get("prism_doi", "") or one.get("dc_identifier", ""),
        "authors": [name for name in names if name and "@" not in name],
        "tags": [each.get("term") or "" for each in one.get("tags", ())],
    }


def _read_json(body: bytes, url: str) -> dict[str, Any]:
    try:
        feed = decode(body)
    except BadJson as error:
        raise NoFeed(str(error)) from None
    if not is_json_feed(feed):
        msg = "is JSON, but not a JSON Feed"
        raise NoFeed(msg)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(items, list):
        msg = "is a JSON Feed without a list of items"
        raise NoFeed(msg)
    home = _text(feed.get("home_page_url"))
    base = url or _text(feed.get("feed_url")) or home
    entries = [_json_entry(one, base) for one in items if isinstance(one, dict)]
    return {"entries": entries, "link": home, "ttl": 0}


def is_json_feed(value: object) -> bool:
    """Whether this JSON calls itself a JSON Feed."""
    return isinstance(value, dict) and _text(value.get("version")).startswith(JSON_FEED)


def _json_entry(item: Mapping[str, Any], base: str) -> Entry:
    link = _text(item.get("url")) or _text(item.get("external_url"))
    guid = item.get("id")
    people = item.get("authors")
    if not isinstance(people, list):
        people = [item.get("author")]
    tags = item.get("tags")
    text = _text(item.get("summary")) or _text(item.get("content_text"))
    return {
        "title": _text(item.get("title")),
        "text": text or plain_text(_text(item.get("content_html"))),
        "link": _joined(base, link),
        "guid": str(guid) if isinstance(guid, str | int | float) else "",
        "published": _text(item.get("date_published")),
        "updated": _text(item.get("date_modified")),
        "doi": "",
        "authors": list(_json_names(people)),
        "tags": [each for each in tags if isinstance(each, str)] if isinstance(tags, list) else [],
    }


def _json_names(people: Iterable[object]) -> Iterable[str]:
    for one in people:
        if isinstance(one, dict) and isinstance(one.get("name"), str):
            yield one["name"]


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:  # a broken IPv6 address
        return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
