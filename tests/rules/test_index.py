"""The match index gives the answers of the reference, whatever comes and goes."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.paper import Event, Paper
from bot.model.topic import And, Node, Not, Or, Text
from bot.rules import index as rules_index
from bot.rules.document import document
from bot.rules.index import MatchIndex
from bot.rules.index_clauses import TooMany, clauses
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from tests.rules.filters import TODAY
from tests.rules.made import a_made_paper, a_tree

seeds = st.integers(0, 1 << 32)
written = seeds.map(a_tree)
asked = st.lists(seeds.map(a_made_paper), min_size=1, max_size=12)
SHARES = {"model": 0.3, "survey": 0.1}


ENGINES = ["plain Python", "arrays", "both"]


@pytest.fixture(params=ENGINES)
def build(request):
    """How an index is built of given filters, in either engine whatever their number."""
    return partial(build_with, request.param)


def build_with(engine, filters):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules_index, "BULK_FROM", 1 << 30 if engine == "plain Python" else 0)
        patch.setattr(rules_index, "BOTH_UPTO", 10_000 if engine == "both" else 0)
        return MatchIndex.build(filters, SHARES)


def expected(roots, paper, event):
    folded = document(paper)
    return {
        number
        for number, root in roots.items()
        if matches(expand(root), folded, event=event, today=TODAY)
    }


def check(index, kept, several):
    """Every paper, alone and among the others, gets what the reference says, each id once."""
    assert len(index) == len(kept)
    wanted = [expected(kept, paper, event) for paper, event in several]
    together = index.match_all([(document(one), event) for one, event in several], today=TODAY)
    for (paper, event), found, right in zip(several, together, wanted, strict=True):
        assert len(found) == len(set(found))
        assert set(found) == right
        assert set(index.match(document(paper), event=event, today=TODAY)) == right


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(ENGINES), st.lists(written, max_size=12), asked)
def test_the_index_matches_what_the_reference_matches(engine, roots, several):
    numbered = dict(enumerate(roots))
    check(build_with(engine, numbered.items()), numbered, several)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ENGINES),
    st.lists(written, max_size=6),
    st.lists(st.tuples(st.integers(0, 8), st.none() | written), max_size=20),
    asked,
)
def test_filters_come_and_go_in_place_and_answers_are_those_of_a_fresh_index(
    engine, first, changes, several
):
    kept: dict[int, Node] = dict(enumerate(first))
    index = build_with(engine, kept.items())
    for number, (filter_id, root) in enumerate(changes):
        if root is None:
            index.remove(filter_id)
            kept.pop(filter_id, None)
        else:
            index.add(filter_id, root)
            kept[filter_id] = root
        if number % 5 == 0:
            check(index, kept, several[:1])
    check(index, kept, several)
    fresh = build_with(engine, kept.items())
    folded = [(document(one), event) for one, event in several]
    assert [*map(sorted, index.match_all(folded, today=TODAY))] == [
        *map(sorted, fresh.match_all(folded, today=TODAY))
    ]


@given(st.lists(written, max_size=10))
def test_an_emptied_index_keeps_nothing(roots):
    index = MatchIndex()
    for number, root in enumerate(roots):
        index.add(number, root)
    for number in range(len(roots)):
        index.remove(number)
    assert len(index) == 0
    small = index._small
    assert not small._atoms._numbers
    assert not small._atoms._finder
    assert not small._covered
    assert not small._hard


def paper(title, abstract=""):
    return Paper(key="k", url="u", title=title, abstract=abstract)


def found(index, one):
    return index.match(document(one), event=Event.NEW, today=TODAY)


def test_a_filter_with_very_many_alternatives_is_still_found(build):
    groups = [Or(tuple(Text((f"{letter}{n}",)) for n in range(4))) for letter in "abcd"]
    root = And(tuple(groups))
    with pytest.raises(TooMany):
        clauses(root)
    index = build([(7, root)])
    assert found(index, paper("a0 b1", "c2 d3")) == [7]
    assert found(index, paper("a0 b1", "c2")) == []


def test_a_filter_that_only_excludes_is_decided_by_the_reference(build):
    index = build([(1, Not(Text(("survey",))))])
    assert found(index, paper("Rings")) == [1]


def test_the_same_filter_added_again_replaces_the_first(build):
    index = build([(1, parse_filter("rings").root)])
    index.add(1, parse_filter("graphs").root)
    assert found(index, paper("Rings")) == []
    assert found(index, paper("Graphs")) == [1]
    assert len(index) == 1


def test_a_word_with_other_forms_is_one_alternative():
    assert len(clauses(parse_filter("rlhf survey | fine-tuning").root)) == 2


@pytest.mark.parametrize("number", [1, 8, 9, 63, 64, 65, 130])
def test_any_number_of_papers_can_be_asked_about_at_once(build, number):
    index = build([(n, parse_filter(f"x{n}").root) for n in range(200)])
    asked = [
        (document(paper(f"x{n} x{n + 1}")), Event.REPLACE if n % 7 == 3 else Event.NEW)
        for n in range(number)
    ]
    answers = index.match_all(asked, today=TODAY)
    assert [sorted(one) for one in answers] == [
        [] if n % 7 == 3 else [n, n + 1] for n in range(number)
    ]


def test_long_phrases_are_found_word_for_word_and_never_across_texts(build):
    phrases = ['"deep neural network pruning method"', '"deep neural"', '"neural network"']
    index = build([(n, parse_filter(text).root) for n, text in enumerate(phrases)])
    assert sorted(found(index, paper("Deep neural network pruning methods"))) == [0, 1, 2]
    assert sorted(found(index, paper("Deep neural network pruning"))) == [1, 2]
    assert found(index, paper("On neural", "network pruning method")) == []


def test_an_index_says_when_building_it_anew_pays(build):
    index = build([(n, Text((f"x{n}",))) for n in range(100)])
    for n in range(rules_index.WORN_FROM):
        assert not index.worn
        index.add(200 + n, Text((f"y{n}",)))
    assert index.worn
