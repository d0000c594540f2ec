"""Records of arXiv's OAI-PMH service: arXivRaw (what we ask for), arXiv and oai_dc (in files)."""

from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree.ElementTree import Element

from adapters.sources.arxiv_text import (
    authors_of,
    categories_of,
    dois_of,
    is_withdrawn,
    mail_day_of,
)
from adapters.sources.oai_dublin import dublin_core_paper
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
from bot.model.paper import Event, Paper, Sighting, Status
from bot.rules.identity import ArxivId, arxiv_id, page_of

SUBMITTED_BEFORE = timedelta(days=7)
"""From submission to the record's datestamp: weekends, holidays and moderation lie between."""

NOTHING_NEW = "noRecordsMatch"
"""The error code that is none: a day without changes."""

NO_FILES = "I"
"""Source type of a withdrawn version: ignore, there is nothing to process."""


@dataclass(frozen=True, slots=True)
class _Version:
    number: int
    on: date | None
    empty: bool


def read_records(root: Element, since: date | None = None) -> Sifted:
    """All papers under `root`; deleted records are left out.

    since: the first day asked for. A paper whose first version is older than that is told as
    replaced, or, if nothing but its metadata moved, under its old date. None: all are new.
    """
    sifted = Sifted()
    for record in root.iter("record"):
        header = record.find("header")
        if header is None:
            header = Element("header")
        if header.get("status") == "deleted":
            continue
        name = line(text_of(header, "identifier"), 80)
        sifted.take(record, f"record {name}", lambda one: _sighting(one, since))
    return sifted


def _sighting(record: Element, since: date | None) -> Sighting:
    header = record.find("header")
    stamp = None if header is None else day_of(text_of(header, "datestamp"))
    body = next(iter(record.find("metadata") or ()), None)
    if body is None or header is None:
        msg = "has no metadata"
        raise BadRecord(msg)
    found = arxiv_id(text_of(body, "id")) or arxiv_id(text_of(header, "identifier"))
    if found is None:
        msg = "has no arXiv id"
        raise BadRecord(msg)
    if stamp is None:
        msg = "has no datestamp"
        raise BadRecord(msg)
    key = line(text_of(header, "identifier"), 200)
    if body.tag == "arXivRaw":
        return _raw(body, found, stamp, since, key)
    if body.tag == "arXiv":
        paper = _arxiv(body, found, stamp)
    elif body.tag == "dc":
        paper = dublin_core_paper(body, found, [spec.text or "" for spec in header.iter("setSpec")])
    else:
        msg = f"is in a form we do not know ({line(body.tag, 40)})"
        raise BadRecord(msg)
    withdrawn = paper.status is Status.WITHDRAWN
    event = Event.WITHDRAWN if withdrawn else Event.NEW
    return Sighting(paper=paper, event=event, on=stamp, source_key=key)


def _raw(
    body: Element, found: ArxivId, stamp: date, since: date | None, source_key: str
) -> Sighting:
    versions = [_version(one) for one in body.findall("version")]
    if not versions:
        msg = "has no version"
        raise BadRecord(msg)
    first, last = versions[0], versions[-1]
    abstract = line(text_of(body, "abstract"), LONGEST_ABSTRACT)
    comment = line(text_of(body, "comments"))
    withdrawn = last.empty or is_withdrawn(comment, abstract)
    paper = Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key, *dois_of(text_of(body, "doi"))),
        title=title_of(text_of(body, "title")),
        abstract=abstract,
        authors=authors_of(text_of(body, "authors")),
        categories=categories_of(text_of(body, "categories").split()),
        published_on=first.on,
        updated_on=last.on if last.number > 1 else None,
        version=last.number,
        comment=comment,
        journal_ref=line(text_of(body, "journal-ref")),
        license=line(text_of(body, "license")),
        status=Status.WITHDRAWN if withdrawn else Status.ACTIVE,
    )
    event, on = _happened(first, last, stamp, since)
    if withdrawn:
        event = Event.WITHDRAWN
    return Sighting(paper=paper, event=event, on=on, source_key=source_key)


def _happened(
    first: _Version, last: _Version, stamp: date, since: date | None
) -> tuple[Event, date]:
    """New or replaced, and when. Source: design page on sources, 2.4.

    A datestamp moves with every change of metadata, in bulk at times; what is not backed by a
    version of that time keeps its version's date, and so is too old to alert.
    """
    earliest = None if since is None else since - SUBMITTED_BEFORE
    if earliest is None or first.on is None or first.on >= earliest:
        return Event.NEW, stamp
    if last.number == 1:
        return Event.NEW, first.on
    return Event.REPLACE, stamp if last.on is None or last.on >= earliest else last.on


def _version(element: Element) -> _Version:
    number = element.get("version", "").removeprefix("v")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        msg = "has a version without a number"
        raise BadRecord(msg)
    size = text_of(element, "size").strip().lower()
    empty = text_of(element, "source_type").strip() == NO_FILES and size in {"", "0", "0kb"}
    return _Version(int(number), mail_day_of(text_of(element, "date")), empty)


def _arxiv(body: Element, found: ArxivId, stamp: date) -> Paper:
    created, updated = day_of(text_of(body, "created")), day_of(text_of(body, "updated"))
    abstract = line(text_of(body, "abstract"), LONGEST_ABSTRACT)
    comment = line(text_of(body, "comments"))
    if updated == stamp and created and not _in_month_of(found.id, created):
        # The service of 2025 gives the date of the latest version as `created`.
        published, updated = None, created
    else:
        published, updated = created, None if updated == stamp else updated
    return Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key, *dois_of(text_of(body, "doi"))),
        title=title_of(text_of(body, "title")),
        abstract=abstract,
        authors=names_of(_name(author) for author in body.iterfind("authors/author")),
        categories=categories_of(text_of(body, "categories").split()),
        published_on=published,
        updated_on=updated,
        comment=comment,
        journal_ref=line(text_of(body, "journal-ref")),
        license=line(text_of(body, "license")),
        status=Status.WITHDRAWN if is_withdrawn(comment, abstract) else Status.ACTIVE,
    )


def _name(author: Element) -> str:
    parts = (text_of(author, part) for part in ("forenames", "keyname", "suffix"))
    return " ".join(part.strip() for part in parts if part.strip())


def _in_month_of(id_: str, day: date) -> bool:
    """Whether a paper with this id may have been submitted that day: its month or the one before."""
    number = id_.rpartition("/")[2]
    year, month = int(number[:2]), int(number[2:4])
    year += 1900 if year > 90 else 2000
    return 0 <= (year * 12 + month) - (day.year * 12 + day.month) <= 1
