"""Weeks of Daily Papers: what filters of a topic's own words find of what was put under the topic,
and what a digest of ten shows of it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

from adapters.sources import hf_rows
from bot.model.paper import Event, Paper
from bot.model.topic import TopicFilter
from bot.rules.digests import rank
from bot.rules.document import folded
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from tests.quality.reading import PROFILE_FIELDS, filter_of, lines

TOP = 10
PROFILE = "hf-weekly"
LEAST_LISTED = 2 * TOP
"""Papers of a week from which a choice of ten says something."""

SAYS_NOTHING = frozenset(
    [
        "machine",
        "learning",
        "techniques",
        "methods",
        "technique",
        "using",
        "model",
        "models",
        "with",
        "based",
        "from",
    ]
)

_TOPIC = re.compile(r"^- topic: (?P<name>.+)$", re.MULTILINE)
_POINT = re.compile(r"^\s+- (?P<head>[^:\n]{3,60}):", re.MULTILINE)
_BETWEEN = re.compile(r",|\band\b|\bfor\b|\bvs\.|\(|\)")

Order = Callable[[TopicFilter, Sequence[Paper], date], Sequence[Paper]]


def daily_papers(folder: Path) -> dict[str, Paper]:
    """Recorded Daily Papers by arXiv id, with the counters of the moment they were recorded."""
    found: dict[str, Paper] = {}
    for file in sorted(folder.glob("hf_daily_*.jsonl.gz")):
        for row in lines(file):
            day = date.fromisoformat(row["day"])
            one = hf_rows.sighting_of(row["record"], day)
            paper = replace(one.paper, announced_on=day, events=frozenset({Event.LISTED}))
            found[one.source_key] = paper
    return found


def topics_of(text: str) -> dict[tuple[str, str], TopicFilter]:
    """Two filters for each topic of a profile, of its name and the heads of its points.

    `phrases`: any phrase of two to four words. `any word`: any word, so that much is found and
    the order decides what is shown.
    """
    found = {}
    names = list(_TOPIC.finditer(text))
    ends = [one.start() for one in names[1:]] + [len(text)]
    for one, end in zip(names, ends, strict=True):
        points = _POINT.findall(text[one.end() : end])
        parts = [part.strip() for point in points for part in _BETWEEN.split(point)]
        phrases = [part for part in parts if 2 <= len(part.split()) <= 4]
        words = [word for part in (one["name"], *parts) for word in re.findall(r"[\w-]+", part)]
        known = [word for word in words if len(word) > 3 and word.lower() not in SAYS_NOTHING]
        for kind, terms in (("phrases", [one["name"], *phrases]), ("any word", known)):
            topic = filter_of(terms)
            if topic is not None:
                found[one["name"].strip(), kind] = topic
    return found


def by_score(topic: TopicFilter, papers: Sequence[Paper], today: date) -> Sequence[Paper]:
    """As a digest ranks them."""
    return [one.paper for one in rank(topic, papers, today, explained=0)]


def by_upvotes(_: TopicFilter, papers: Sequence[Paper], __: date) -> Sequence[Paper]:
    """As the community ranked them."""
    return sorted(papers, key=lambda one: (-(one.metrics.upvotes or 0), one.key))


ORDERS: dict[str, Order] = {"digest": by_score, "most_upvoted": by_upvotes}


@dataclass(slots=True)
class _Count:
    """Over all weeks of one topic. shown: of the chosen ones, in the first ten of each order.

    by_chance: how many would stand in ten of the found ones drawn blindly.
    """

    weeks: int = 0
    candidates: int = 0
    chosen: int = 0
    found: int = 0
    both: int = 0
    by_chance: float = 0.0
    shown: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ORDERS, 0))


def put_under_topics(papers: dict[str, Paper], profiles: Path, weekly: Path) -> Iterator[dict]:
    """For each topic: what its own words find of what was put under it, week by week."""
    texts = sorted(
        (one["valid_from"], one["text"])
        for one in lines(profiles, *PROFILE_FIELDS)
        if one["profile"] == PROFILE
    )
    filters: dict[tuple[str, str], TopicFilter] = {}
    for _, text in texts:
        filters |= topics_of(text)
    counts: dict[tuple[str, str], _Count] = defaultdict(_Count)
    for row in lines(weekly, "week", "candidates", "topics"):
        known = [papers[one["id"]] for one in row["candidates"] if one["id"] in papers]
        day = date.fromisoformat(row["week"])
        for (name, kind), topic in filters.items():
            if known and name in row["topics"]:
                chosen = {papers[one].key for one in row["topics"][name] if one in papers}
                _count(counts[name, kind], topic, known, chosen, day)
    for (name, kind), count in counts.items():
        yield {
            "topic": name,
            "filter": kind,
            "weeks": count.weeks,
            "candidates": count.candidates,
            "chosen": count.chosen,
            "found": count.found,
            "precision": _part(count.both, count.found),
            "recall": _part(count.both, count.chosen),
            "precision_of_everything": _part(count.chosen, count.candidates),
            **{
                f"recall_in_first_{TOP}_by_{order}": _part(shown, count.chosen)
                for order, shown in count.shown.items()
            },
            f"recall_in_any_{TOP}": round(count.by_chance / count.chosen, 3)
            if count.chosen
            else None,
        }


def _count(
    count: _Count, topic: TopicFilter, known: list[Paper], chosen: set[str], today: date
) -> None:
    root = expand(topic.root)
    found = [one for one in known if matches(root, folded(one), event=Event.LISTED, today=today)]
    count.weeks += 1
    count.candidates += len(known)
    count.chosen += len(chosen)
    count.found += len(found)
    both = len(chosen & {one.key for one in found})
    count.both += both
    count.by_chance += both * min(TOP / len(found), 1.0) if found else 0.0
    for name, order in ORDERS.items():
        first = order(topic, found, today)[:TOP]
        count.shown[name] += len(chosen & {one.key for one in first})


def most_upvoted(papers: dict[str, Paper], text: str) -> dict:
    """How many of a week's ten most upvoted papers that match stand in its digest of ten."""
    topic = parse_filter(text)
    root = expand(topic.root)
    weeks: dict[date, list[Paper]] = defaultdict(list)
    for one in papers.values():
        day = one.announced_on
        if day and matches(root, folded(one), event=Event.LISTED, today=day):
            weeks[day + timedelta(days=6 - day.weekday())].append(one)
    shares = []
    for sunday, listed in weeks.items():
        if len(listed) >= LEAST_LISTED:
            top = {one.key for one in by_upvotes(topic, listed, sunday)[:TOP]}
            digest = {one.key for one in by_score(topic, listed, sunday)[:TOP]}
            shares.append(len(top & digest) / TOP)
    return {
        "filter": topic.canonical,
        "weeks": len(shares),
        f"share_of_most_upvoted_{TOP}_in_digest": round(mean(shares), 3) if shares else None,
    }


def _part(some: int, whole: int) -> float | None:
    return round(some / whole, 3) if whole else None
