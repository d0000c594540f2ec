"""The fast engines say about real papers and real people's filters what the reference says."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from adapters.sources import hf_rows, normalised
from bot.model.paper import Event, Paper
from bot.model.topic import Node, Term, Text
from bot.rules import index as rules_index
from bot.rules import matching
from bot.rules.document import Document, document
from bot.rules.index import MatchIndex
from bot.rules.matching import expand
from bot.rules.parse import parse_filter
from tests.replay.orders import EXAMPLES
from tests.topics import topic_filters

pytestmark = pytest.mark.corpus

TODAY = date(2025, 8, 31)
TOGETHER = 500
HAPPENED = (Event.NEW, Event.LISTED, Event.CROSS, Event.REPLACE, Event.HOT)


def batches(papers: Iterator[Paper]) -> Iterator[list[Paper]]:
    while some := list(islice(papers, TOGETHER)):
        yield some


def lines(files: list[Path], every: int) -> Iterator[dict]:
    """Every so-manieth record of these files."""
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as read:
            yield from map(json.loads, islice(read, 0, None, every))


def all_papers(data: Path, every: int) -> Iterator[Paper]:
    """Papers, Daily Papers with their counters, and the documents of judged collections."""
    for row in lines([data / "papers.jsonl.gz"], every):
        yield normalised.sighting_of(row, TODAY).paper
    for row in lines(sorted((data / "hf_daily").glob("hf_daily_*.jsonl.gz")), every):
        yield hf_rows.sighting_of(row["record"], date.fromisoformat(row["day"])).paper
    for row in lines(sorted((data / "ir").glob("*/docs.jsonl.gz")), every):
        yield Paper(
            key=f"url:{row['id']}", url="", title=row.get("title", ""), abstract=row.get("text", "")
        )


def built(roots: dict[int, Node], bulk_from: int) -> MatchIndex:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules_index, "BULK_FROM", bulk_from)
        return MatchIndex.build(roots.items())


class Reference:
    """The reference evaluator, spared what is plain: a term is asked once about a paper, whoever
    has it, and a word or phrase not at all where the paper lacks its first word.
    """

    def __init__(self, roots: dict[int, Node]) -> None:
        self._trees = {number: expand(root) for number, root in roots.items()}

    def matching(self, one: Document, event: Event) -> list[int]:
        """The numbers of all filters that match."""
        known: dict[Term, bool] = {}
        words = {*one.title, *one.abstract}
        ask = matching.holds

        def once(term: Term, document: Document, **more: Any) -> bool:
            plain = isinstance(term, Text) and not (term.exact or term.prefix)
            if plain and term.tokens[0] not in words:
                return False
            if term not in known:
                known[term] = ask(term, document, **more)
            return known[term]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(matching, "holds", once)
            return [
                number
                for number, tree in self._trees.items()
                if matching.matches(tree, one, event=event, today=TODAY)
            ]


@pytest.mark.parametrize(
    "every",
    [
        pytest.param(509, id="a sample"),
        pytest.param(1, id="all", marks=[pytest.mark.long, pytest.mark.timeout(4 * 3600)]),
    ],
)
def test_both_engines_agree_with_the_reference_on_recorded_papers_and_topics(corpus, every):
    data = corpus / "data"
    topics = {one.key: one for one in topic_filters(data / "topics.jsonl")}
    topics |= {one.key: one for one in map(parse_filter, EXAMPLES)}
    roots = {number: one.root for number, one in enumerate(topics.values())}
    assert len(roots) > 2_500
    reference = Reference(roots)
    engines = [built(roots, 0), built(roots, 1 << 30)]
    papers = found = 0
    for some in batches(all_papers(data, every)):
        happened = list(zip(map(document, some), cycle(HAPPENED), strict=False))
        right = [reference.matching(one, event) for one, event in happened]
        for engine in engines:
            said = engine.match_all(happened, today=TODAY)
            wrong = [
                (paper.key, sorted(set(those) ^ set(these)))
                for paper, those, these in zip(some, said, right, strict=True)
                if sorted(those) != sorted(these)
            ]
            assert wrong == []
        papers += len(some)
        found += sum(map(len, right))
    assert papers > 80_000 / every
    assert found > 2 * papers
