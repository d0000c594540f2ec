"""Entries of arXiv's query API (Atom), before and after its new service of November 2025."""

from xml.etree.ElementTree import Element

from adapters.sources.arxiv_text import authors_of, categories_of, dois_of, is_withdrawn
from adapters.sources.records import (
    LONGEST_ABSTRACT,
    BadRecord,
    Sifted,
    day_of,
    line,
    names_of,
    title_of,
)
from adapters.sources.xml_tree import text_of
from bot.model.errors import SourceRefused
from bot.model.paper import Event, Paper, Sighting, Status
from bot.rules.identity import arxiv_id, page_of

ERROR_MARK = "/api/errors"


def is_query_reply(feed: Element) -> bool:
    """Whether this Atom feed is an answer of the query API."""
    if feed.find("totalResults") is not None or "arxiv.org/api/" in text_of(feed, "id"):
        return True
    return any("arxiv.org/abs/" in text_of(entry, "id") for entry in feed.findall("entry"))


def read_entries(feed: Element, source: str) -> Sifted:
    """All papers of a reply; entries without an id stand for unknown ids and are left out.

    Raises SourceRefused when the reply is an error in a feed's clothing.
    """
    sifted = Sifted()
    for number, entry in enumerate(feed.findall("entry"), start=1):
        name = text_of(entry, "id").strip()
        if ERROR_MARK in name:
            msg = f"{source}: arXiv refuses the request: {line(text_of(entry, 'summary'))}"
            raise SourceRefused(msg)
        if name:
            sifted.take(entry, f"entry {number} ({line(name, 80)})", sighting_of)
    return sifted


def sighting_of(entry: Element) -> Sighting:
    """What an entry says, dated by its first version. Raises BadRecord."""
    found = arxiv_id(text_of(entry, "id"))
    if found is None:
        msg = "has an id that is no arXiv id"
        raise BadRecord(msg)
    published, updated = day_of(text_of(entry, "published")), day_of(text_of(entry, "updated"))
    on = published or updated
    if on is None:
        msg = "has no date"
        raise BadRecord(msg)
    abstract = line(text_of(entry, "summary"), LONGEST_ABSTRACT)
    comment = line(text_of(entry, "comment"))
    withdrawn = is_withdrawn(comment, abstract)
    primary = entry.find("primary_category")
    paper = Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key, *dois_of(text_of(entry, "doi"))),
        title=title_of(text_of(entry, "title")),
        abstract=abstract,
        authors=_authors(entry),
        categories=categories_of(
            (category.get("term", "") for category in entry.findall("category")),
            "" if primary is None else primary.get("term", ""),
        ),
        published_on=published,
        updated_on=updated if updated != published else None,
        version=found.version,
        comment=comment,
        journal_ref=line(text_of(entry, "journal_ref")),
        status=Status.WITHDRAWN if withdrawn else Status.ACTIVE,
    )
    event = Event.WITHDRAWN if withdrawn else Event.NEW
    return Sighting(paper=paper, event=event, on=on, source_key=line(text_of(entry, "id"), 200))


def _authors(entry: Element) -> tuple[str, ...]:
    names = names_of(text_of(author, "name") for author in entry.findall("author"))
    if len(names) == 1 and ("," in names[0] or " and " in names[0]):
        return authors_of(names[0])  # one element for all of them
    return names
