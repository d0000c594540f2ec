"""The shipped demo papers: what they are and how they are read."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

PAPERS_FILE = "papers.jsonl"


@dataclass(frozen=True, slots=True)
class DemoPaper:
    """One real paper of the demo set; the summary is our own wording, not the abstract.

    arxiv_id: without version. categories: primary first; empty when we do not know them.
    published_on: date of the first version. listed_on: day of its Daily Papers list.
    upvotes, comments: as counted on that day.
    """

    arxiv_id: str
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published_on: date
    listed_on: date
    upvotes: int
    comments: int
    summary: str
    organization: str | None = None
    code: str | None = None


@cache
def load_papers() -> tuple[DemoPaper, ...]:
    """All shipped papers, by day of listing and then by upvotes, most first."""
    text = files("config.demo").joinpath(PAPERS_FILE).read_text(encoding="utf-8")
    papers = (_paper(json.loads(line)) for line in text.splitlines())
    return tuple(sorted(papers, key=lambda p: (p.listed_on, -p.upvotes, p.arxiv_id)))


def _paper(row: dict[str, Any]) -> DemoPaper:
    return DemoPaper(
        arxiv_id=row["id"],
        title=row["title"],
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
        published_on=date.fromisoformat(row["published_on"]),
        listed_on=date.fromisoformat(row["listed_on"]),
        upvotes=row["upvotes"],
        comments=row["comments"],
        summary=row["summary"],
        organization=row.get("organization"),
        code=row.get("code"),
    )
