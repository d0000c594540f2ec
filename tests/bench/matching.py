"""Papers against very many standing filters: papers a second, memory, cost of one change."""

import gc
import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psutil

from bot.model.errors import BadFilter
from bot.model.paper import Event
from bot.model.topic import Node
from bot.rules.document import document
from bot.rules.index import MatchIndex
from bot.rules.parse import parse_filter
from tests.bench.workload import Filters, Workload, topics, workload

SUBSCRIPTIONS = (1_000, 100_000, 1_000_000)
DISTINCT = (1_000, 100_000)
WARM_UP = 300
CHANGES = 1_000


def run(corpus: Path) -> Iterator[dict]:
    load = workload(corpus)
    supply = Filters(load, topics(corpus))
    for number in SUBSCRIPTIONS:
        roots = distinct(supply.subscriptions(number))
        yield {"subscriptions": number, **measure(load, roots)}
    for number in DISTINCT:
        roots = {}
        for text in supply:
            roots.update(distinct([text]))
            if len(roots) >= number:
                break
        yield {"subscriptions": number, "all_distinct": True, **measure(load, roots)}


def distinct(texts: list[str]) -> dict[str, Node]:
    """Trees by key."""
    trees: dict[str, Node] = {}
    for text in dict.fromkeys(texts):
        try:
            topic = parse_filter(text)
        except BadFilter:
            continue  # a name or title the generator cut badly
        trees[topic.key] = topic.root
    return trees


def measure(load: Workload, roots: dict[str, Node]) -> dict:
    gc.collect()
    before = psutil.Process().memory_info().rss
    started = time.process_time()
    index = MatchIndex.build(enumerate(roots.values()), load.shares)
    built = time.process_time() - started
    gc.collect()
    memory = psutil.Process().memory_info().rss - before
    gc.freeze()
    figures = {
        "distinct_filters": len(index),
        "build_s": round(built, 2),
        "memory_mb": round(memory / 1e6, 1),
        **_speed(index, load),
        "change_us": round(_change(index, list(roots.values())), 1),
    }
    gc.unfreeze()
    return figures


def _speed(index: MatchIndex, load: Workload) -> dict:
    """Papers a second, folding included, and the part of it that is matching alone."""
    for paper in load.incoming[:WARM_UP]:
        index.match(document(paper), event=Event.NEW, today=date.max)
    started = time.process_time()
    documents = [document(paper) for paper in load.incoming]
    folded = time.process_time() - started
    today = max(paper.announced_on for paper in load.incoming if paper.announced_on)
    longest, hits = 0.0, 0
    started = time.process_time()
    for one in documents:
        begun = time.process_time()
        hits += len(index.match(one, event=Event.NEW, today=today))
        longest = max(longest, time.process_time() - begun)
    matched = time.process_time() - started
    return {
        "papers_per_s": round(len(documents) / (folded + matched)),
        "papers_per_s_without_folding": round(len(documents) / matched),
        "fold_us": round(folded / len(documents) * 1e6),
        "match_us": round(matched / len(documents) * 1e6),
        "longest_match_ms": round(longest * 1e3, 2),
        "filters_hit_per_paper": round(hits / len(documents), 1),
    }


def _change(index: MatchIndex, roots: list[Node]) -> float:
    """Microseconds to take a filter out and put it back, halved."""
    chance = random.Random(1)
    numbers = [chance.randrange(len(roots)) for _ in range(CHANGES)]
    started = time.process_time()
    for number in numbers:
        index.remove(number)
        index.add(number, roots[number])
    return (time.process_time() - started) / len(numbers) / 2 * 1e6
