"""Papers against very many standing filters, beside every other way worth trying, in one run.

`papers_per_s` starts from the paper as stored, folding its text included. Every engine answers for
the same papers and filters; `differs` counts the pairs of paper and filter on which it disagrees
with ours, `hash` is of all pairs. All times are CPU time of one core, the best of some rounds that
the engines take in turn.
"""

import gc
import hashlib
import json
import pickle
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.model.errors import BadFilter
from bot.model.paper import Event
from bot.model.topic import Node
from bot.rules.document import Document, document
from bot.rules.index import MatchIndex
from bot.rules.index_small import SmallIndex
from bot.rules.parse import parse_filter
from tests.bench.rivals.automata import AhoCorasick, Hyperscan
from tests.bench.rivals.naive import Naive
from tests.bench.rivals.searching import Fts5, Tantivy
from tests.bench.rivals.sparse import Sparse
from tests.bench.workload import Filters, Workload, topics, workload

SUBSCRIPTIONS = (1_000, 10_000, 100_000, 1_000_000)
DISTINCT = 1_000_000
ROUNDS = 3
STALLING = 500  # papers that meet all filters while the event loop is watched
SLOW = 20.0
"""Seconds for all papers from which one round is enough."""
NAIVE_CHECKS = 2_000_000
"""Pairs of paper and subscription the naive loop is given; the rest is in proportion."""
RIVALS: tuple[Callable, ...] = (AhoCorasick, Hyperscan, Sparse, Fts5, Tantivy)


class Ours:
    name = "ours"

    def __init__(self, roots: Mapping[int, Node], shares: Mapping[str, float]) -> None:
        self.index = MatchIndex.build(roots.items(), shares)

    def match_all(self, documents: Sequence[Document], today: date) -> list[Sequence[int]]:
        return self.index.match_all([(one, Event.NEW) for one in documents], today=today)


class OursOneByOne(Ours):
    name = "ours, papers one by one"

    def match_all(self, documents: Sequence[Document], today: date) -> list[Sequence[int]]:
        return [self.index.match(one, event=Event.NEW, today=today) for one in documents]


class PlainPython:
    name = "ours, plain Python"

    def __init__(self, roots: Mapping[int, Node], shares: Mapping[str, float]) -> None:
        self.index = SmallIndex(shares)
        for number, root in roots.items():
            self.index.add(number, root)

    def match_all(self, documents: Sequence[Document], today: date) -> list[Sequence[int]]:
        return [self.index.match(one, event=Event.NEW, today=today) for one in documents]


def run(corpus: Path) -> Iterator[dict]:
    load = workload(corpus)
    supply = Filters(load, topics(corpus))
    for number in SUBSCRIPTIONS:
        texts = supply.subscriptions(number)
        yield from _size(load, texts, {"subscriptions": number})
    texts = []
    canonical: set[str] = set()
    for text in supply:
        key = _canonical(text)
        if key and key not in canonical:
            canonical.add(key)
            texts.append(text)
        if len(texts) == DISTINCT:
            break
    about = {"subscriptions": DISTINCT, "all_distinct": True}
    yield from _size(load, texts, about, rivals=())


def _canonical(text: str) -> str:
    try:
        return parse_filter(text).canonical
    except BadFilter:
        return ""  # a name or title the generator cut badly


def _size(
    load: Workload,
    texts: list[str],
    about: dict,
    rivals: Sequence[Callable] = RIVALS,
) -> Iterator[dict]:
    canonical = {text: _canonical(text) for text in dict.fromkeys(texts)}
    distinct = {one: number for number, one in enumerate(dict.fromkeys(canonical.values()))}
    distinct.pop("", None)
    about = about | {"distinct_filters": len(distinct)}
    yield about | {"engine": "ours, started cold"} | _cold(load, list(distinct))
    roots = {number: parse_filter(one).root for one, number in distinct.items()}
    engines: list[Callable] = [Ours]
    if rivals:
        engines += [OursOneByOne, PlainPython, *rivals]
    figures = compared(load, roots, engines)
    if rivals:
        listening = [distinct[one] for text in texts if (one := canonical[text])]
        figures.append(_naive(load, roots, listening, figures[0]))
        naive = figures[-1]["papers_per_s"]
        best = max(one["papers_per_s"] for one in figures if not one["engine"].startswith("ours"))
        figures[0] |= {
            "times_naive": round(figures[0]["papers_per_s"] / naive),
            "times_best_rival": round(figures[0]["papers_per_s"] / best, 2),
        }
    yield from (about | one for one in figures)


def compared(load: Workload, roots: Mapping[int, Node], kinds: Sequence[Callable]) -> list[dict]:
    """One figure per engine, ours first; they take turns, so that none has the quiet minute."""
    engines, figures = [], []
    for kind in kinds:
        started = time.process_time()
        engines.append(kind(roots, load.shares))
        built = time.process_time() - started
        figures.append({"engine": engines[-1].name, "build_s": round(built, 2)})
    gc.collect()
    gc.freeze()
    today = _today(load)
    best: list[tuple[float, float]] = [(float("inf"), float("inf"))] * len(engines)
    answers: list[list[Sequence[int]]] = [[]] * len(engines)
    for _ in range(ROUNDS + 1):  # the first one warms up
        for place, engine in enumerate(engines):
            if best[place][0] < SLOW or not answers[place]:
                spent, answers[place] = _round(engine, load, today)
                best[place] = min(best[place], spent)
    gc.unfreeze()
    for engine, figure, (whole, matching), answer in zip(
        engines, figures, best, answers, strict=True
    ):
        part = getattr(engine, "part", 1.0)
        figure.update(_speeds(len(load.incoming), whole / part, matching / part))
        figure.update(_agreement(answers[0], answer, getattr(engine, "trees", roots)))
        if part < 1:
            figure["sampled_filters"] = round(part, 4)
    return figures


def _round(engine: Any, load: Workload, today: date) -> tuple[tuple[float, float], list]:
    """Seconds with folding and without, and the answers."""
    started = time.process_time()
    documents = [document(paper) for paper in load.incoming]
    for one in documents:  # a document is folded when it is asked
        _ = one.title_words, one.abstract_words
    folded = time.process_time()
    answers = engine.match_all(documents, today)
    done = time.process_time()
    return (done - started, done - folded), answers


def _speeds(papers: int, whole: float, matching: float) -> dict:
    return {
        "papers_per_s": _rounded(papers / whole),
        "papers_per_s_without_folding": _rounded(papers / matching),
    }


def _rounded(number: float) -> float:
    return round(number) if number >= 100 else round(number, 2)


def _agreement(ours: list, theirs: list, asked: Mapping[int, Node]) -> dict:
    digest, pairs, differs = hashlib.blake2b(digest_size=8), 0, 0
    for mine, found in zip(ours, theirs, strict=True):
        same = {one for one in mine if one in asked}
        differs += len(same ^ {*found})
        pairs += len(found)
        digest.update(array("q", sorted(found)).tobytes() + b"|")
    return {"pairs": pairs, "differs": differs, "hash": digest.hexdigest()}


def _naive(load: Workload, roots: dict[int, Node], listening: list[int], ours: dict) -> dict:
    """The loop over subscriptions, for as many papers as it can be given."""
    papers = load.incoming[: max(NAIVE_CHECKS // len(listening), 1)]
    some = Workload(papers, [], load.shares)
    engine = Naive(roots, listening)
    index = Ours(roots, load.shares)
    (whole, matching), answers = _round(engine, some, _today(load))
    right = index.match_all([document(paper) for paper in papers], _today(load))
    return (
        {"engine": engine.name, "papers": len(papers)}
        | _speeds(len(papers), whole, matching)
        | _agreement(right, answers, roots)
    )


def _today(load: Workload) -> date:
    return max(paper.announced_on for paper in load.incoming if paper.announced_on)


def _cold(load: Workload, canonical: list[str]) -> dict:
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        pickle.dump((canonical, load.shares, load.incoming[:STALLING]), file)
        file.flush()
        command = [sys.executable, "-m", "tests.bench.cold", file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
