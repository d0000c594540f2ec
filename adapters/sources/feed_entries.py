"""Entries of any feed as papers: what they are the same as, when they came, what they say."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from adapters.sources.arxiv_text import authors_of, categories_of, mail_day_of
from adapters.sources.feed_reader import Entry
from adapters.sources.records import (
    LONGEST_ABSTRACT,
    LONGEST_NAME,
    BadRecord,
    Sifted,
    day_of,
    line,
    lines_of,
    names_of,
)
from bot.model.paper import Event, Paper, PaperKey, Sighting
from bot.rules.identity import (
    doi,
    doi_in_address,
    page_of,
    paper_key,
    strongest,
    text_key,
    web_url,
)
from bot.rules.text import cut

TITLE_FROM_TEXT = 120
MOST_TAGS = 20


def read_entries(entries: Sequence[Entry], home: str, today: date) -> Sifted:
    """All entries of a feed.

    home: the feed's own address, which makes its guids unique. today: for entries without a date.
    """
    links = Counter(entry["link"] for entry in entries)
    sifted = Sifted()
    for number, entry in enumerate(entries, start=1):
        name = line(entry["guid"] or entry["link"], 80)
        if links[entry["link"]] > 1:  # the site's front page, say: it tells no entry from another
            entry = entry | {"shared_link": True}  # noqa: PLW2901 - the caller's stays as it is
        sifted.take(
            entry,
            f"entry {number} ({name})" if name else f"entry {number}",
            lambda one: _sighting(one, home, today),
        )
    return sifted


def _sighting(entry: Entry, home: str, today: date) -> Sighting:
    text = line(entry["text"], LONGEST_ABSTRACT, entities=True)
    title = line(entry["title"], entities=True) or cut(text, TITLE_FROM_TEXT)
    if not title:
        msg = "has neither title nor text"
        raise BadRecord(msg)
    ids = _ids(entry, home)
    if not ids:
        msg = "has neither a link nor a guid"
        raise BadRecord(msg)
    key = strongest(ids)
    published, updated = _day(entry["published"]), _day(entry["updated"])
    categories = categories_of(entry["tags"])
    paper = Paper(
        key=key,
        url=page_of(key) or web_url(entry["link"]),
        ids=tuple(dict.fromkeys((key, *ids))),
        title=title,
        abstract=text,
        authors=_authors(entry["authors"]),
        categories=categories,
        published_on=published,
        updated_on=updated if updated != published else None,
        keywords=() if categories else lines_of(entry["tags"], MOST_TAGS),
    )
    on = min(published or updated or today, _tomorrow(today))
    guid = line(entry["guid"] or entry["link"], LONGEST_NAME)
    return Sighting(paper=paper, event=Event.NEW, on=on, source_key=guid)


def _ids(entry: Entry, home: str) -> list[PaperKey]:
    """Everything the entry can be recognised by; a guid only where the link does not do.

    Guids are meant to stay and do not always; links are what people pass on.
    """
    link, guid = web_url(entry["link"]), entry["guid"].strip()
    found = [paper_key(link), paper_key(guid)] if link else [paper_key(guid)]
    named = doi(entry["doi"]) or doi_in_address(link)
    if named:
        found.append(paper_key(named))
    ids = [key for key in found if key]
    strong = [key for key in ids if not key.startswith("url:")]
    if strong:
        return strong
    if ids and not entry.get("shared_link"):
        return ids[:1]
    return [text_key(f"{home} {guid}")] if guid else ids[:1]


def _authors(names: list[str]) -> tuple[str, ...]:
    if len(names) == 1 and (names[0].count(",") > 1 or " and " in names[0]):
        return authors_of(names[0])
    return names_of(names)


def _day(written: str) -> date | None:
    """The date in the zone it is written in, ISO or RFC 822."""
    return day_of(written) or mail_day_of(written)


def _tomorrow(today: date) -> date:
    return date.fromordinal(today.toordinal() + 1)
