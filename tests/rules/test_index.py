"""The match index gives the answers of the reference, whatever comes and goes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.paper import Event, Paper
from bot.model.topic import And, Node, Not, Or, Text
from bot.rules.canonical import simplified
from bot.rules.document import document
from bot.rules.index import MatchIndex
from bot.rules.index_clauses import TooMany, clauses
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from tests.rules.filters import TODAY, events, papers, trees

expanded = trees.map(simplified).map(expand)


def expected(roots, paper, event):
    folded = document(paper)
    return {
        number for number, root in roots.items() if matches(root, folded, event=event, today=TODAY)
    }


@settings(max_examples=300)
@given(st.lists(expanded, max_size=12), st.lists(papers, min_size=1, max_size=3), events)
def test_the_index_matches_what_the_reference_matches(roots, several, event):
    index = MatchIndex()
    numbered = dict(enumerate(roots))
    for number, root in numbered.items():
        index.add(number, root)
    for paper in several:
        found = index.match(document(paper), event=event, today=TODAY)
        assert len(found) == len(set(found))
        assert set(found) == expected(numbered, paper, event)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.none() | expanded), max_size=20),
    papers,
    events,
)
def test_filters_come_and_go_in_place(changes, paper, event):
    index = MatchIndex({"model": 0.3, "survey": 0.1})
    kept: dict[int, Node] = {}
    for number, root in changes:
        if root is None:
            index.remove(number)
            kept.pop(number, None)
        else:
            index.add(number, root)
            kept[number] = root
    assert len(index) == len(kept)
    assert set(index.match(document(paper), event=event, today=TODAY)) == expected(
        kept, paper, event
    )


@given(st.lists(expanded, max_size=10))
def test_an_emptied_index_keeps_nothing(roots):
    index = MatchIndex()
    for number, root in enumerate(roots):
        index.add(number, root)
    for number in range(len(roots)):
        index.remove(number)
    assert len(index) == 0
    atoms = index._atoms
    assert not atoms._numbers
    assert not any(atoms._words.values())
    assert not atoms._special
    assert not atoms._facts
    assert not atoms._limits
    assert not atoms._authors._first
    assert not atoms._authors
    assert not index._covered
    assert not index._hard


def test_a_filter_with_very_many_alternatives_is_still_found():
    groups = [Or(tuple(Text((f"{letter}{n}",)) for n in range(4))) for letter in "abcd"]
    root = And(tuple(groups))
    with pytest.raises(TooMany):
        clauses(root)
    index = MatchIndex()
    index.add(7, root)
    paper = Paper(key="k", url="u", title="a0 b1", abstract="c2 d3")
    other = Paper(key="k", url="u", title="a0 b1", abstract="c2")
    assert index.match(document(paper), event=None, today=TODAY) == [7]
    assert index.match(document(other), event=None, today=TODAY) == []


def test_a_filter_that_only_excludes_is_decided_by_the_reference():
    index = MatchIndex()
    index.add(1, Not(Text(("survey",))))
    paper = Paper(key="k", url="u", title="Rings")
    assert index.match(document(paper), event=Event.NEW, today=TODAY) == [1]


def test_the_same_filter_added_again_replaces_the_first():
    index = MatchIndex()
    index.add(1, parse_filter("rings").root)
    index.add(1, parse_filter("graphs").root)
    assert (
        index.match(document(Paper(key="k", url="u", title="Rings")), event=None, today=TODAY) == []
    )


def test_a_word_with_other_forms_is_one_alternative():
    root = expand(parse_filter("rlhf survey | fine-tuning").root)
    assert len(clauses(root)) == 2
