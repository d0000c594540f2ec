"""Recorded days as the readings that sources gave: arXiv's listings and Daily Papers.

The listing says which papers stood on a day, once under each category, and on later days again;
it is told as it is, so that the bot has to see that they are the same.
"""

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from adapters.sources import hf_rows, normalised
from bot.model.paper import Announcements, Event, Metrics, Paper, Sighting

ARXIV, HF = "arxiv_rss:cs", "hf_daily"
LISTED_AT = time(4, 10)
"""arXiv's feeds change at midnight in New York."""

READ_WITHIN = timedelta(days=2)
"""What was read later says nothing of the days that are played."""

_ID = re.compile(r'\{"id": ?"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source said at one moment."""

    source: str
    at: datetime
    sightings: tuple[Sighting, ...]


def readings(data: Path, since: date, until: date) -> list[Reading]:
    """All readings of these days, both included, oldest first."""
    found = [*_arxiv(data, since, until), *_daily_papers(data, since, until)]
    return sorted(found, key=lambda one: (one.at, one.source))


def listing_days(data: Path) -> list[date]:
    """The days on which the recorded listing has papers."""
    return [date.fromisoformat(row["day"]) for row in _lines(data / "arxiv_feed.jsonl.gz")]


def _lines(file: Path) -> Iterator[Any]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _arxiv(data: Path, since: date, until: date) -> Iterator[Reading]:
    days = {
        date.fromisoformat(row["day"]): row["ids"] for row in _lines(data / "arxiv_feed.jsonl.gz")
    }
    days = {day: ids for day, ids in days.items() if since <= day <= until}
    papers = _papers(data, {one for ids in days.values() for one in ids})
    for day, ids in days.items():
        told = tuple(
            Sighting(paper=papers[one], event=Event.NEW, on=day, source_key=one)
            for one in ids
            if one in papers
        )
        yield Reading(ARXIV, datetime.combine(day, LISTED_AT, UTC), told)


def _papers(data: Path, wanted: set[str]) -> dict[str, Paper]:
    """The papers as a listing tells them: without what readers made of them later."""
    found: dict[str, Paper] = {}
    with gzip.open(data / "papers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            number = _ID.match(line)
            if number is not None and number[1] in wanted:
                paper = normalised.sighting_of(json.loads(line), date.min).paper
                found[number[1]] = replace(
                    paper, metrics=Metrics(), sources=frozenset(), organization="", version=1
                )
    return found


def _daily_papers(data: Path, since: date, until: date) -> Iterator[Reading]:
    """Each day's list when it was read, with the day before once more; and lists read again."""
    lists: dict[date, dict[str, Sighting]] = defaultdict(dict)
    read_at: dict[date, datetime] = {}
    for file in sorted((data / "hf_daily").glob("hf_daily_*.jsonl.gz")):
        for row in _lines(file):
            day = date.fromisoformat(row["day"])
            if since <= day <= until:
                one = hf_rows.sighting_of(row["record"], day)
                lists[day][one.source_key] = one
                at = datetime.fromisoformat(row["fetched_at"]).astimezone(UTC)
                soon = timedelta(0) <= at.date() - day <= READ_WITHIN
                read_at[day] = at if soon else datetime.combine(day, time(17), UTC)
    for day, told in lists.items():
        before = lists.get(day - timedelta(days=1), {})
        yield Reading(HF, read_at[day], (*told.values(), *before.values()))
    yield from _read_again(data, lists)


def _read_again(data: Path, lists: dict[date, dict[str, Sighting]]) -> Iterator[Reading]:
    """Later readings of a few days, as far as they fall within two days: counters have moved."""
    again: dict[tuple[date, datetime], list[Sighting]] = defaultdict(list)
    for row in _lines(data / "hf_daily" / "repolls.jsonl.gz"):
        day = date.fromisoformat(row["day"])
        at = datetime.fromisoformat(row["fetched_at"]).astimezone(UTC)
        one = lists.get(day, {}).get(row["id"])
        if one is not None and at.date() - day <= READ_WITHIN:
            metrics = replace(
                one.paper.metrics, upvotes=row["upvotes"], comments=row["numComments"]
            )
            again[day, at].append(replace(one, paper=replace(one.paper, metrics=metrics)))
    for (_, at), told in again.items():
        yield Reading(HF, at, tuple(told))


class Recorded:
    """A source that says again what it said then."""

    def __init__(self, name: str, past: list[Reading]) -> None:
        self.name = name
        self._past = [one for one in past if one.source == name]

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """All readings since the last time."""
        start = int(cursor or 0)
        new = [one for one in self._past[start:] if one.at <= now]
        told = tuple(said for one in new for said in one.sightings)
        return Announcements(sightings=told, cursor=str(start + len(new)))

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """When there is something to read next."""
        del cursor
        return next(
            (one.at for one in self._past if one.at > now), datetime.max.replace(tzinfo=UTC)
        )
