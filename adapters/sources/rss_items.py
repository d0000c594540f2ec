"""Items of arXiv's daily announcement feeds, RSS and Atom.

Source: arXiv/arxiv-feed; design page on sources, 2.3.
"""

import re
from datetime import date
from xml.etree.ElementTree import Element

from adapters.sources.arxiv_text import (
    authors_of,
    categories_of,
    dois_of,
    is_withdrawn,
    mail_day_of,
)
from adapters.sources.records import (
    LONGEST_ABSTRACT,
    BadRecord,
    Sifted,
    day_of,
    line,
    title_of,
)
from adapters.sources.xml_tree import text_of, texts_of
from bot.model.errors import SourceGarbled, SourceRefused
from bot.model.paper import Event, Paper, Sighting, Status
from bot.rules.identity import arxiv_id, page_of

_EVENTS = {
    "new": Event.NEW,
    "cross": Event.CROSS,
    "replace": Event.REPLACE,
    "replace-cross": Event.REPLACE_CROSS,
}
_HEADER = re.compile(r"\s*arXiv:\S+\s+Announce Type:\s*(?P<type>[a-z-]+)\s*(?:Abstract:)?\s*")
_GUID = "oai:arXiv.org:"
_TITLE = "updates on arXiv.org"
_ERROR_TITLE = "Feed error"


def is_announcement(root: Element) -> bool:
    """Whether this is one of arXiv's announcement feeds: with papers, without, or an error."""
    top = _top(root)
    if top is None:
        return False
    if any(_guid(item).startswith(_GUID) for item in _items(top)):
        return True
    title = text_of(top, "title").strip()
    return _TITLE in title or title.startswith(_ERROR_TITLE)


def announced_on(root: Element, source: str) -> date | None:
    """The date the whole feed is for, in arXiv's zone; None if it does not say.

    Raises SourceRefused when the feed is an error message, such as for an unknown category, and
    SourceGarbled when it is no announcement feed at all.
    """
    top = _top(root)
    if top is None:
        msg = f"{source}: the answer is XML, but not a feed (<{root.tag}>)"
        raise SourceGarbled(msg)
    if text_of(top, "title").strip().startswith(_ERROR_TITLE):
        reason = line(" ".join(texts_of(top, "description") + texts_of(top, "subtitle")), 300)
        inner = [line(text_of(item, "description"), 300) for item in _items(top)]
        msg = f"{source}: arXiv has no such feed: {reason or next(iter(inner), 'no reason given')}"
        raise SourceRefused(msg)
    return mail_day_of(text_of(top, "pubDate")) or day_of(text_of(top, "updated"))


def read_items(root: Element, on: date | None) -> Sifted:
    """All papers of a feed. on: the date for items that have none of their own."""
    sifted = Sifted()
    top = _top(root)
    for number, item in enumerate(_items(top) if top is not None else [], start=1):
        sifted.take(
            item,
            f"entry {number} ({line(_guid(item), 80)})",
            lambda one: _sighting(one, on),
        )
    return sifted


def _top(root: Element) -> Element | None:
    if root.tag == "rss":
        return root.find("channel")
    return root if root.tag == "feed" else None


def _items(top: Element) -> list[Element]:
    return top.findall("item") or top.findall("entry")


def _guid(item: Element) -> str:
    return (text_of(item, "guid") or text_of(item, "id")).strip()


def _sighting(item: Element, feed_day: date | None) -> Sighting:
    guid = _guid(item)
    found = arxiv_id(guid) or arxiv_id(text_of(item, "link"))
    if found is None:
        msg = "has neither an arXiv id nor a link to arXiv"
        raise BadRecord(msg)
    on = mail_day_of(text_of(item, "pubDate")) or day_of(text_of(item, "published")) or feed_day
    if on is None:
        msg = "has no date"
        raise BadRecord(msg)
    description = text_of(item, "description") or text_of(item, "summary")
    header = _HEADER.match(description)
    event = _event(text_of(item, "announce_type").strip() or (header["type"] if header else ""))
    abstract = line(description[header.end() :] if header else description, LONGEST_ABSTRACT)
    withdrawn = is_withdrawn(abstract)
    paper = Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key, *dois_of(text_of(item, "DOI"))),
        title=title_of(text_of(item, "title")),
        abstract=abstract,
        authors=authors_of(", ".join(texts_of(item, "creator"))),
        categories=categories_of(_categories(item)),
        version=found.version,
        journal_ref=line(text_of(item, "journal_reference")),
        license=line(text_of(item, "rights")),
        status=Status.WITHDRAWN if withdrawn else Status.ACTIVE,
    )
    return Sighting(
        paper=paper,
        event=Event.WITHDRAWN if withdrawn else event,
        on=on,
        source_key=line(guid, 200),
    )


def _event(announce_type: str) -> Event:
    event = _EVENTS.get(announce_type)
    if event is None:
        msg = f"has the announce type {announce_type!r:.40}, which we do not know"
        raise BadRecord(msg)
    return event


def _categories(item: Element) -> list[str]:
    return [each.get("term") or (each.text or "").strip() for each in item.findall("category")]
