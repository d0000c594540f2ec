"""Demo papers in the shape of Hugging Face's `/api/daily_papers` (as answered since 2026-06).

Left out because we ship facts about papers, not about people: who submitted a paper to the
list, avatars, and the machine-written `ai_summary`. The live service leaves them out at times too.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from config.demo.papers import DemoPaper

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
NEW_YORK = ZoneInfo("America/New_York")


class BadQuery(ValueError):
    """The query asks for something the service refuses; it answers with status 400."""


@dataclass(frozen=True, slots=True)
class Page:
    """What part of which list is wanted: `p` counts pages from 0; `day` None means all days."""

    day: date | None
    limit: int
    p: int


def page_of(query: Mapping[str, str], today: date) -> Page:
    """Read the query of a request; days after `today` and impossible dates raise BadQuery."""
    return Page(
        day=_day(query["date"], today) if "date" in query else None,
        limit=_number(query, "limit", default=DEFAULT_LIMIT, between=(1, MAX_LIMIT)),
        p=_number(query, "p", default=0, between=(0, 10_000)),
    )


def rows_of(
    papers: Sequence[DemoPaper], page: Page, today: date
) -> tuple[list[dict[str, Any]], bool]:
    """Rows of one page, and whether another page follows.

    A list of one day comes by upvotes, most first; without a day the newest day comes first.
    """
    listed = [
        paper
        for paper in papers
        if paper.listed_on <= today and page.day in (None, paper.listed_on)
    ]
    listed.sort(key=lambda paper: (-paper.listed_on.toordinal(), -paper.upvotes, paper.arxiv_id))
    first = page.p * page.limit
    after = first + page.limit
    return [row(paper) for paper in listed[first:after]], after < len(listed)


def row(paper: DemoPaper) -> dict[str, Any]:
    """One element of the list: the paper, and around it the facts of its listing."""
    organization = _organization(paper.organization)
    return {
        "paper": {
            "id": paper.arxiv_id,
            "authors": [
                {"_id": _object_id(paper.arxiv_id, name), "name": name, "hidden": False}
                for name in paper.authors
            ],
            "publishedAt": _midnight_utc(paper.published_on),
            "submittedOnDailyAt": _midnight_utc(paper.listed_on),
            "title": paper.title,
            "summary": paper.summary,
            "upvotes": paper.upvotes,
            "discussionId": _object_id(paper.arxiv_id, "discussion"),
            **({"githubRepo": paper.code} if paper.code else {}),
            **organization,
        },
        "publishedAt": _outer_published_at(paper.published_on),
        "title": paper.title,
        "summary": paper.summary,
        "thumbnail": "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/"
        f"{paper.arxiv_id}.png",
        "numComments": paper.comments,
        **organization,
    }


def _day(text: str, today: date) -> date:
    try:
        # fromisoformat alone would also take 20250602 and 2025-W23-1
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        day = None
    if day is None:
        raise BadQuery(f'Invalid date "{text}": expected YYYY-MM-DD')
    if day > today:
        raise BadQuery(f'Invalid date "{text}": must not be after {today}')
    return day


def _number(query: Mapping[str, str], name: str, *, default: int, between: tuple[int, int]) -> int:
    text = query.get(name, str(default))
    low, high = between
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        raise BadQuery(f'Invalid {name} "{text}": expected a number from {low} to {high}')
    return int(text)


def _organization(fullname: str | None) -> dict[str, dict[str, str]]:
    if fullname is None:
        return {}
    name = fullname.replace(" ", "-")
    return {
        "organization": {
            "_id": _object_id("organization", name),
            "name": name,
            "fullname": fullname,
        }
    }


def _object_id(*parts: str) -> str:
    """A made-up but stable id of 24 hex digits, the form of the service's own."""
    return hashlib.blake2b("/".join(parts).encode(), digest_size=12).hexdigest()


def _midnight_utc(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000Z"


def _outer_published_at(day: date) -> str:
    """The day before at 20:00 (winter: 19:00): New York's midnight offset, marked as UTC."""
    offset = datetime.combine(day, time(), NEW_YORK).utcoffset() or timedelta()
    return f"{(datetime.combine(day, time()) + offset).isoformat()}.000Z"
