"""Files that are read whole: JSON documents and XML of every kind we know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

from adapters.sources import atom_entries, feed_entries, oai_records, rss_items
from adapters.sources.feed_reader import NoFeed, is_json_feed
from adapters.sources.feed_worker import read_apart
from adapters.sources.file_records import is_known, name_of, shape_of, sighting_of
from adapters.sources.records import Sifted
from adapters.sources.strict_json import BadJson, decode
from adapters.sources.xml_tree import BadXml, parse, text_of
from bot.model.errors import SourceError, UnreadableFile
from bot.model.paper import Rejection, Sighting

PATIENCE = 20
"""Records that may be no papers before the file is taken for no list of papers."""

_WRAPPERS = ("papers", "daily_papers", "rows", "records", "data", "results", "items")
_OAI = frozenset({"OAI-PMH", "ListRecords", "GetRecord", "record", "records"})
_BLANKS = b"\xef\xbb\xbf \t\r\n\x00"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_document(body: bytes, name: str, seen_on: date) -> Iterator[Sighting | Rejection]:
    """All records in a file. Raises UnreadableFile, saying what was seen instead of papers.

    seen_on: stands in for dates that entries do not give.
    """
    start = body.removeprefix(_UTF16[0]).removeprefix(_UTF16[1])[:200].lstrip(_BLANKS)
    if not start:
        msg = f"{name}: is empty"
        raise UnreadableFile(msg)
    if start.startswith((b"{", b"[")):
        yield from _json(body, name, seen_on)
    elif start.startswith(b"<"):
        yield from _both(_xml(body, name, seen_on))
    else:
        seen = start[:30].decode("utf-8", "replace")
        msg = f"{name}: is neither JSON nor XML; it begins with {seen!r}"
        raise UnreadableFile(msg)


def _json(body: bytes, name: str, seen_on: date) -> Iterator[Sighting | Rejection]:
    try:
        value = decode(body)
    except BadJson as error:
        msg = f"{name}: {error}"
        raise UnreadableFile(msg) from None
    if is_json_feed(value):
        yield from _both(_feed(body, name, seen_on))
        return
    records = _records_in(value)
    if records is None:
        msg = f"{name}: holds no papers, but {shape_of(value)}"
        raise UnreadableFile(msg)
    strange = [record for record in records[:PATIENCE] if not is_known(record)]
    if records and len(strange) == len(records[:PATIENCE]):
        msg = f"{name}: is a list, but not of papers: it begins with {shape_of(strange[0])}"
        raise UnreadableFile(msg)
    sifted = Sifted()
    for number, record in enumerate(records, start=1):
        own = name_of(record)
        where = f"record {number} ({own})" if own else f"record {number}"
        sifted.take(record, where, lambda one: sighting_of(one, seen_on))
    yield from _both(sifted)


def _records_in(value: object) -> list[object] | None:
    """The list of records in a JSON document, if there is one."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    for wrapper in _WRAPPERS:
        rows = value.get(wrapper)
        if isinstance(rows, list):
            return rows
    return [value] if is_known(value) else None


def _xml(body: bytes, name: str, seen_on: date) -> Sifted:
    try:
        root = parse(body)
    except BadXml as error:
        if body[:500].lstrip(_BLANKS).lower().startswith((b"<!doctype html", b"<html")):
            msg = f"{name}: is a web page, not data"
            raise UnreadableFile(msg) from None
        if b"<rss" in body[:2_000] or b"<feed" in body[:2_000] or b"<rdf" in body[:2_000].lower():
            return _feed(body, name, seen_on)  # feeds are often a little broken
        msg = f"{name}: {error}"
        raise UnreadableFile(msg) from None
    try:
        return _known_xml(root, name, body, seen_on)
    except SourceError as error:  # an error of the service, saved to a file
        raise UnreadableFile(str(error)) from None


def _known_xml(root: Element, name: str, body: bytes, seen_on: date) -> Sifted:
    if root.tag in _OAI:
        error = root.find("error")
        if error is not None and error.get("code") != oai_records.NOTHING_NEW:
            msg = (
                f"{name}: is an error of the service: {error.get('code')}, {text_of(root, 'error')}"
            )
            raise UnreadableFile(msg)
        return _seen_in("arxiv_oai", oai_records.read_records(root))
    if rss_items.is_announcement(root):
        on = rss_items.announced_on(root, name)
        return _seen_in("arxiv_rss", rss_items.read_items(root, on))
    if root.tag == "feed" and atom_entries.is_query_reply(root):
        return _seen_in("arxiv_api", atom_entries.read_entries(root, name))
    if root.tag.lower() in {"rss", "feed", "rdf"}:
        return _feed(body, name, seen_on)
    msg = f"{name}: is XML we do not know (<{root.tag[:60]}>)"
    raise UnreadableFile(msg)


def _seen_in(source: str, sifted: Sifted) -> Sifted:
    """The same, with papers that `source:arxiv_rss` finds although they came from a file."""
    sources = frozenset({source})
    sifted.sightings = [
        replace(one, paper=replace(one.paper, sources=sources)) for one in sifted.sightings
    ]
    return sifted


def _feed(body: bytes, name: str, seen_on: date) -> Sifted:
    try:
        feed = read_apart(body, "")
    except NoFeed as error:
        msg = f"{name}: {error}"
        raise UnreadableFile(msg) from None
    return feed_entries.read_entries(feed["entries"], feed["link"], seen_on)


def _both(sifted: Sifted) -> Iterator[Sighting | Rejection]:
    yield from sifted.sightings
    yield from sifted.rejected
