"""SQLite's full-text search, turned round, says the same as the index; it shares none of its code."""

from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.paper import Event
from bot.model.topic import And, FromSource, Language, Node, Not, Or, Text, Version
from bot.rules import index as rules_index
from bot.rules.canonical import simplified
from bot.rules.document import document
from bot.rules.index import MatchIndex
from bot.rules.matching import expand
from bot.rules.parse import parse_filter
from tests.bench.workload import Filters, topics, workload
from tests.oracle.fts5 import Reversed
from tests.rules.filters import TODAY, papers, trees


def is_asked(node: Node) -> bool:
    """Whether the oracle knows these terms."""
    match node:
        case And(parts) | Or(parts):
            return all(map(is_asked, parts))
        case Not(part):
            return is_asked(part)
        case Text(near=near):
            return not near
        case Version() | FromSource() | Language():
            return False
        case _:
            return True


def both(roots, several, today):
    """Pairs of paper and filter that match: by the oracle, and by either engine of the index."""
    documents = [document(paper) for paper in several]
    oracle = Reversed(documents, today)
    said = {(row, number) for number, root in roots.items() for row in oracle.rows(expand(root))}
    for bulk_from in (0, 1 << 30):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(rules_index, "BULK_FROM", bulk_from)
            index = MatchIndex.build(roots.items())
        found = index.match_all([(one, Event.NEW) for one in documents], today=today)
        yield said, {(row, number) for row, numbers in enumerate(found) for number in numbers}


@settings(max_examples=100)
@given(
    st.lists(trees.map(simplified).filter(is_asked), max_size=8),
    st.lists(papers, min_size=1, max_size=6),
)
def test_full_text_search_turned_round_finds_the_same_papers(roots, several):
    for said, found in both(dict(enumerate(roots)), several, TODAY):
        assert found == said


@pytest.mark.corpus
def test_full_text_search_turned_round_finds_the_same_real_papers(corpus):
    load = workload(corpus)
    supply = Filters(load, topics(corpus))
    trees_made = (parse_filter(text).root for text in islice(supply, 800))
    roots = {number: root for number, root in enumerate(trees_made) if is_asked(root)}
    today = max(one.announced_on for one in load.incoming if one.announced_on)
    for said, found in both(roots, load.incoming[:300], today):
        assert len(found) > 1_000
        assert found == said
