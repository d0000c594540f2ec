"""Judge what filters find: `python -m tests.quality [--papers F --profiles F --judgements F …]`.

JSON lines: per profile precision, recall and volume against its judgements; per weekly topic the
same and what a digest of ten shows; the order of digests; the topics' volume. What the figures can
tell: docs/quality.md.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median

from bot.model.paper import Event, Paper
from bot.rules.document import Document, document
from bot.rules.index import MatchIndex
from bot.rules.matching import expand, matches
from tests.bench.workload import paper as paper_of
from tests.quality.reading import PROFILE_FIELDS, filter_of, lines
from tests.quality.weekly import daily_papers, most_upvoted, put_under_topics

RELEVANT = 7
"""The judge's mark, of 10, from which a paper counts as wanted."""

MOST_PAPERS = 20_000
"""The newest papers that topics are counted on."""

RANKED = ("source:hf_daily", "language model", "reasoning | agent")
"""Filters whose weekly digests are compared with the weeks' most upvoted papers."""

_WANTED = re.compile(r"^\s*-?\s*Relevant:\s*(.+)$", re.MULTILINE)
_BETWEEN = re.compile(
    r"[,;.()/]|\b(?:and|or|of|the|in|on|with|for|that|such as|like|focusing on)\b"
)


def terms_of(text: str) -> list[str]:
    """The phrases of at least two words a profile calls relevant, in its own words."""
    parts = (part for wanted in _WANTED.findall(text) for part in _BETWEEN.split(wanted))
    return [part.strip() for part in parts if 2 <= len(part.split()) <= 4]


def judged(papers: dict[str, Paper], profiles: Path, judgements: Path) -> Iterator[dict]:
    """For each profile: what a filter of its own words finds of what its judge marked."""
    texts = defaultdict(list)
    for one in lines(profiles, *PROFILE_FIELDS):
        texts[one["profile"]].append((one["valid_from"], one["text"]))
    marks: dict[str, list[dict]] = defaultdict(list)
    for one in lines(judgements, "profile", "day", "id", "relevance"):
        marks[one["profile"]].append(one)
    for profile, marked in marks.items():
        yield {"profile": profile, **_judged(papers, sorted(texts[profile]), marked)}


def _judged(papers: dict[str, Paper], texts: list[tuple[str, str]], marked: list[dict]) -> dict:
    filters = {text: filter_of(terms_of(text)) for _, text in texts}
    found = wanted = both = known = 0
    for one in marked:
        paper = papers.get(f"arxiv:{one['id']}")
        in_force = [text for start, text in texts if start <= one["day"]]
        topic = filters[in_force[-1]] if in_force else None
        if paper is None or topic is None:
            continue
        known += 1
        day = date.fromisoformat(one["day"])
        hit = matches(expand(topic.root), document(paper), event=Event.NEW, today=day)
        good = one["relevance"] >= RELEVANT
        found += hit
        wanted += good
        both += hit and good
    return {
        "judgements": len(marked),
        "with_paper_and_filter": known,
        "wanted": wanted,
        "found": found,
        "precision": round(both / found, 3) if found else None,
        "recall": round(both / wanted, 3) if wanted else None,
        "precision_of_everything": round(wanted / known, 3) if known else None,
    }


def counted(papers: list[Paper], topics: Path) -> dict:
    """How much filters of the topics' own terms would bring."""
    filters, unusable = [], 0
    for one in lines(topics):
        terms = one.get("terms") or ([one["name"]] if one.get("kind") == "name" else [])
        topic = filter_of(terms)
        if topic is None:
            unusable += 1
        else:
            filters.append(topic)
    index = MatchIndex.build(enumerate(one.root for one in filters))
    several: list[tuple[Document, Event]] = [(document(one), Event.NEW) for one in papers]
    hits = [0] * len(filters)
    for numbers in index.match_all(several, today=date.max):
        for number in numbers:
            hits[number] += 1
    return {
        "topics": len(filters),
        "without_usable_terms": unusable,
        "papers": len(papers),
        "median_matches": median(hits) if hits else None,
        "match_nothing": _share(hits.count(0), hits),
        "match_over_1_percent": _share(sum(one > len(papers) / 100 for one in hits), hits),
    }


def _share(some: int, every: list[int]) -> float | None:
    return round(some / len(every), 3) if every else None


def main() -> None:
    data = Path("../shared/data")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=Path, default=data / "papers.jsonl.gz")
    parser.add_argument("--profiles", type=Path, default=data / "alerts/profiles.jsonl")
    parser.add_argument("--judgements", type=Path, default=data / "alerts/judgements.jsonl.gz")
    parser.add_argument("--topics", type=Path, default=data / "topics.jsonl")
    parser.add_argument("--weekly", type=Path, default=data / "alerts/hf_weekly.jsonl.gz")
    parser.add_argument("--daily", type=Path, default=data / "hf_daily")
    given = parser.parse_args()
    for file in vars(given).values():
        if not file.exists():
            sys.exit(f"{file} is not there; name another file, see --help.")
    papers = {one.key: one for number, row in enumerate(lines(given.papers, "id", "title", "url"))
              for one in [paper_of(row, number)]}  # fmt: skip
    newest = sorted(papers.values(), key=lambda one: (one.announced_on or date.min, one.key))
    for figure in judged(papers, given.profiles, given.judgements):
        tell("alerts", figure)
    daily = daily_papers(given.daily)
    for figure in put_under_topics(daily, given.profiles, given.weekly):
        tell("hf_weekly", figure)
    for text in RANKED:
        tell("ranking", most_upvoted(daily, text))
    tell("topics", counted(newest[-MOST_PAPERS:], given.topics))


def tell(what: str, figure: dict) -> None:
    sys.stdout.write(json.dumps({"eval": what, **figure}) + "\n")


if __name__ == "__main__":
    main()
