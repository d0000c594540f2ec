"""Rows of Hugging Face's `/api/daily_papers` in every form they have had since 2024.

The row wraps the paper: outer fields tell of the listing, inner ones of the work. Everything but
id and title is optional. Source: design page on sources, 1.2 and 1.3.
"""

from datetime import UTC, date, datetime, timedelta

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
from bot.model.paper import BlurbOrigin, Event, Metrics, Paper, Sighting, Status
from bot.rules.identity import arxiv_id, page_of

NAME = "hf_daily"
SOURCES = frozenset({NAME})
"""Where these papers were seen, whether fetched or read from a file: `source:hf_daily` finds both."""

DAY_BEGINS_BEFORE_MIDNIGHT = timedelta(hours=3)


def is_row(record: Record) -> bool:
    """Whether this looks like a row of the list, or like a single paper's details."""
    return isinstance(record.get("paper"), dict) or (
        "publishedAt" in record and "summary" in record and "authors" in record
    )


def sighting_of(row: object, day: date | None = None) -> Sighting:
    """What a row says. Raises BadRecord.

    day: the day whose list it stood in; None when that has to be read from the row.
    """
    if not isinstance(row, dict):
        msg = "is no object"
        raise BadRecord(msg)
    inner = row.get("paper", row)
    if not isinstance(inner, dict):
        msg = "has no `paper` object"
        raise BadRecord(msg)
    paper = _paper(row, inner)
    # Answers of the search have the same form, but their papers need never have been listed.
    found_by_search = inner is row or "highlightedTitle" in row
    listed = day is not None or "submittedOnDailyAt" in inner or not found_by_search
    on = day or _listed_on(row, inner) or paper.published_on
    if on is None:
        msg = "has no date"
        raise BadRecord(msg)
    event = Event.LISTED if listed else Event.NEW
    if paper.status is Status.WITHDRAWN:
        event = Event.WITHDRAWN
    key = paper.key.partition(":")[2]
    return Sighting(paper=paper, event=event, on=on, at=_listed_at(inner, on), source_key=key)


def _paper(row: Record, inner: Record) -> Paper:
    written = inner.get("id")
    found = arxiv_id(written) if isinstance(written, str) else None
    if found is None:
        msg = f"id {written!r:.80} is no arXiv id"
        raise BadRecord(msg)
    return Paper(
        key=found.key,
        url=page_of(found.key),
        ids=(found.key,),
        # The outer title keeps the LaTeX that the inner one has lost ("LLMtimesMapReduce").
        title=_title(row, inner),
        abstract=line(inner.get("summary"), LONGEST_ABSTRACT, entities=True),
        authors=_authors(inner.get("authors")),
        published_on=day_of(inner.get("publishedAt")),
        organization=_organization(row, inner),
        blurb=line(inner.get("ai_summary"), entities=True),
        blurb_origin=BlurbOrigin.MACHINE,
        keywords=lines_of(inner.get("ai_keywords")),
        code_url=link_of(inner.get("githubRepo")),
        project_url=link_of(inner.get("projectPage")),
        thumbnail_url=link_of(row.get("thumbnail")),
        status=Status.WITHDRAWN if inner.get("withdrawnAt") else Status.ACTIVE,
        sources=SOURCES,
        metrics=Metrics(
            upvotes=count_of(inner.get("upvotes")),
            comments=count_of(row.get("numComments")),
            stars=count_of(inner.get("githubStars")),
        ),
    )


def _title(row: Record, inner: Record) -> str:
    outer = line(row.get("title"), entities=True)
    return outer or title_of(inner.get("title"), entities=True)


def _authors(people: object) -> tuple[str, ...]:
    if not isinstance(people, list):
        return ()
    shown = (one for one in people if isinstance(one, dict) and one.get("hidden") is not True)
    return names_of(one.get("name") for one in shown)


def _organization(row: Record, inner: Record) -> str:
    for found in (
        inner.get("organization"),
        row.get("organization"),
        row.get("submitterOrganization"),
    ):
        if isinstance(found, dict):
            return line(found.get("fullname")) or line(found.get("name"))
    return ""


def _listed_at(inner: Record, on: date) -> datetime | None:
    """The moment of the listing, if the row tells one of that day."""
    try:
        at = datetime.fromisoformat(str(inner.get("submittedOnDailyAt")))
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.date() == on else None


def _listed_on(row: Record, inner: Record) -> date | None:
    """The day of the listing.

    Before March 2025 only the outer `publishedAt` told it, and a day began at 21:00 UTC on the
    evening before (2,716 of 2,719 recorded rows). Since then the outer one is hours before the
    inner one and tells nothing.
    """
    listed = day_of(inner.get("submittedOnDailyAt"))
    outer, published = row.get("publishedAt"), inner.get("publishedAt")
    if listed or not isinstance(outer, str) or not isinstance(published, str) or outer < published:
        return listed
    try:
        evening = datetime.fromisoformat(outer) + DAY_BEGINS_BEFORE_MIDNIGHT
    except (ValueError, OverflowError):
        return None
    return day_of(evening.isoformat())
