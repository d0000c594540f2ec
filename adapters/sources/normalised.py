"""Papers as one flat JSON object each: id, title, abstract, authors, categories, dates and more.

The form trackers and archives exchange. Absent and null mean unknown; unknown fields are ignored.
"""

from datetime import date

from adapters.sources import hf_rows
from adapters.sources.records import (
    LONGEST_ABSTRACT,
    BadRecord,
    Record,
    count_of,
    day_of,
    line,
    lines_of,
    link_of,
    names_of,
    title_of,
)
from bot.model.paper import Event, Metrics, Paper, PaperKey, Sighting, Status
from bot.rules.identity import page_of, paper_key, schemed_id

MOST_CATEGORIES = 30
NO_METRICS = Metrics()
NO_SOURCES: frozenset[str] = frozenset()


def is_paper(record: Record) -> bool:
    """Whether this is meant to be a paper: it has a title, or an id and something else we know."""
    return "title" in record or (
        "id" in record and any(name in record for name in ("abstract", "authors", "published"))
    )


def sighting_of(record: Record, seen_on: date) -> Sighting:
    """What a record says: LISTED on its `hf_day` if it has one, else NEW. Raises BadRecord.

    seen_on: for records that neither have a date nor an id that tells one.
    """
    get = record.get
    key = _key(get("id"))
    url, ids = _address(key, get("url"))
    published, updated, listed = (
        day_of(get("published")),
        day_of(get("updated")),
        day_of(get("hf_day")),
    )
    on = listed or published or updated or _month_of(key) or seen_on
    paper = Paper(
        key=key,
        url=url,
        ids=ids,
        title=title_of(get("title")),
        abstract=line(get("abstract"), LONGEST_ABSTRACT),
        authors=_authors(get("authors")),
        categories=lines_of(get("categories"), MOST_CATEGORIES),
        published_on=published,
        updated_on=updated,
        organization=line(get("org")),
        comment=line(get("note")),
        keywords=lines_of(get("keywords")),
        code_url=link_of(get("code")),
        status=_status(get("status")),
        metrics=_metrics(record),
        sources=NO_SOURCES if listed is None else hf_rows.SOURCES,
    )
    event = Event.NEW if listed is None else Event.LISTED
    return Sighting(paper=paper, event=event, on=on, source_key=key.removeprefix("arxiv:"))


def _key(written: object) -> PaperKey:
    if written is None:
        msg = "has no id"
        raise BadRecord(msg)
    key = schemed_id(written) if isinstance(written, str) else None
    if key is None:
        msg = f"id {written!r:.80} is neither an arXiv id nor written as scheme:value"
        raise BadRecord(msg)
    return key


def _address(key: PaperKey, url: object) -> tuple[str, tuple[str, ...]]:
    """The paper's page, built from its id where that can be, and all ids it has."""
    if key.startswith("arxiv:"):
        return page_of(key), (key,)
    address = link_of(url)
    found = paper_key(address) if address else None
    strong = found is not None and found != key and not found.startswith("url:")
    return page_of(key) or address, (key, found) if found and strong else (key,)


def _metrics(record: Record) -> Metrics:
    upvotes, comments = record.get("upvotes"), record.get("comments")
    stars = record.get("stars")
    if upvotes is None and comments is None and stars is None:
        return NO_METRICS
    return Metrics(upvotes=count_of(upvotes), comments=count_of(comments), stars=count_of(stars))


def _authors(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        msg = "has authors that are no list"
        raise BadRecord(msg)
    return names_of(value)


def _status(value: object) -> Status:
    """Conferences write Poster, Oral, Reject, Withdraw…; a rejected paper still stands."""
    if not isinstance(value, str):
        return Status.ACTIVE
    word = value.lower()
    if word.startswith("withdr"):
        return Status.WITHDRAWN
    return Status.RETRACTED if word.startswith("retract") else Status.ACTIVE


def _month_of(key: PaperKey) -> date | None:
    """The month in an arXiv id, which is that of its announcement."""
    scheme, _, value = key.partition(":")
    number = value.rpartition("/")[2]
    if scheme != "arxiv":
        return None
    year = int(number[:2])
    return date(year + (1900 if year > 90 else 2000), int(number[2:4]), 1)
