"""Many papers asked at once give the answers of one asked after the other."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.looking_back import Glimpse
from bot.model.paper import Event
from bot.rules.alerts import alerts
from bot.rules.document import document
from bot.rules.matching import expand, holds, matches
from bot.rules.ranking import Sought, positive_texts, standing
from bot.rules.replay import loosened
from bot.rules.sifting import Sieve, standing_terms, told_terms
from tests.rules.filters import TODAY
from tests.rules.made import a_made_paper, a_tree

seeds = st.integers(0, 1 << 32)


def told_of(tree, papers):
    """What an index would tell of these papers, exactly."""
    terms = [*told_terms([tree]), *standing_terms(positive_texts(tree))]
    return {
        term: frozenset(
            number
            for number, one in papers.items()
            if holds(term, document(one), event=None, today=TODAY)
        )
        for term in terms
    }


def figures_of(paper):
    return Glimpse(
        number=0,
        key=paper.key,
        day=paper.announced_on,
        upvotes=paper.metrics.upvotes,
        comments=paper.metrics.comments,
        stars=paper.metrics.stars,
        events=paper.events,
        event=Event.NEW,
        source="import",
        on=TODAY,
        first_seen_at=datetime.min.replace(tzinfo=UTC),
    )


@settings(max_examples=300, deadline=None)
@given(seeds, st.lists(seeds, min_size=1, max_size=8), st.sampled_from([None, *Event]))
def test_a_sieve_finds_what_each_paper_alone_is_found_by(tree_seed, paper_seeds, event):
    tree = expand(a_tree(tree_seed))
    papers = {number: a_made_paper(seed)[0] for number, seed in enumerate(paper_seeds)}
    told = told_of(tree, papers)
    figures = {number: figures_of(paper) for number, paper in papers.items()}
    sieve = Sieve(figures, told)
    documents = {number: document(paper) for number, paper in papers.items()}
    here = frozenset(papers)
    if event is None:
        found = sieve.matching(tree, here, None, TODAY)
        expected = {
            n for n, one in documents.items() if matches(tree, one, event=None, today=TODAY)
        }
    else:
        found = sieve.alerted(tree, here, event, TODAY)
        expected = {n for n, one in documents.items() if alerts(tree, one, event, TODAY)}
    assert found == expected

    texts = tuple(positive_texts(tree))
    spread = sieve.spread(texts)
    for number, paper in papers.items():
        alone = standing(paper, documents[number], TODAY, Event.NEW)
        assert spread.of(number) == Sought(texts).found_in(alone)


@settings(max_examples=300, deadline=None)
@given(seeds, seeds, st.sampled_from(Event))
def test_a_loosened_tree_finds_whatever_the_tree_ever_finds(tree_seed, paper_seed, event):
    root = a_tree(tree_seed)
    paper = document(a_made_paper(paper_seed)[0])
    loose = loosened(root)
    if loose is not None and matches(expand(root), paper, event=event, today=TODAY):
        assert matches(expand(loose), paper, event=None, today=TODAY)
