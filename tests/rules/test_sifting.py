"""Many papers asked at once give the answers of one asked after the other."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.paper import Event
from bot.rules.alerts import alerts
from bot.rules.document import document
from bot.rules.matching import expand, holds, matches
from bot.rules.ranking import Sought, positive_texts, standing
from bot.rules.replay import loosened
from bot.rules.sifting import Sieve, worth_telling
from tests.rules.filters import TODAY
from tests.rules.made import a_made_paper, a_tree

seeds = st.integers(0, 1 << 32)


def told_of(trees, papers):
    """What an index would tell of these papers, exactly."""
    return {
        term: frozenset(
            one.key
            for one in papers
            if holds(term, document(one), event=Event.NEW, today=TODAY)
        )
        for term in worth_telling(trees)
    }  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(seeds, st.lists(seeds, min_size=1, max_size=8), st.sampled_from(Event), st.integers(0, 2))
def test_a_sieve_finds_what_each_paper_alone_is_found_by(tree_seed, paper_seeds, event, knowing):
    tree = expand(a_tree(tree_seed))
    papers = {
        str(number): replace(a_made_paper(seed)[0], key=str(number))
        for number, seed in enumerate(paper_seeds)
    }
    told = told_of([tree], papers.values())
    if knowing == 1:  # the index knows some of it only
        told = {term: keys for term, keys in told.items() if Random(str(term)).random() < 0.5}
    sieve = Sieve(papers, told if knowing else {})
    expected = {key for key, paper in papers.items() if alerts(tree, document(paper), event, TODAY)}
    assert sieve.alerted(tree, frozenset(papers), event, TODAY) == expected

    texts = tuple(positive_texts(tree))
    sought = sieve.sought(texts)
    assert sought.counted or knowing < 2
    for paper in papers.values():
        here = standing(paper, document(paper), TODAY, event, counted=sought.counted)
        alone = standing(paper, document(paper), TODAY, event)
        assert sought.found_in(here) == Sought(texts).found_in(alone)


@settings(max_examples=300, deadline=None)
@given(seeds, seeds, st.sampled_from(Event))
def test_a_loosened_tree_finds_whatever_the_tree_ever_finds(tree_seed, paper_seed, event):
    root = a_tree(tree_seed)
    paper = document(a_made_paper(paper_seed)[0])
    loose = loosened(root)
    if loose is not None and matches(expand(root), paper, event=event, today=TODAY):
        assert matches(expand(loose), paper, event=None, today=TODAY)
