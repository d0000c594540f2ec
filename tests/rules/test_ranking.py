"""Which papers come first, and that every point of it can be explained."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.paper import Event, Metrics
from bot.model.topic import Scope
from bot.rules.canonical import canonical_filter
from bot.rules.digests import rank
from bot.rules.document import document
from bot.rules.matching import expand, first_place, places, spans
from bot.rules.parse import parse_filter
from bot.rules.ranking import MOST_TASTE_POINTS, Sought, positive_texts, standing
from bot.rules.taste import Vote, taste_of
from tests.builders import a_paper
from tests.rules.filters import TODAY, papers, trees


def ranked(text, *some, **more):
    return rank(parse_filter(text), some, TODAY, **more)


def titles(*args, **more):
    return [one.paper.title for one in ranked(*args, **more)]


def parts(text, paper, **more):
    return dict(ranked(text, paper, **more)[0].score.parts)


def test_a_word_in_the_title_counts_more_than_one_in_the_abstract():
    assert titles("rings", a_paper("On Algebra", abstract="About rings."), a_paper("On Rings")) == [
        "On Rings",
        "On Algebra",
    ]


def test_upvotes_weigh_half_after_a_week():
    def points(days):
        paper = a_paper("On Rings", upvotes=15, announced_on=TODAY - timedelta(days=days))
        return next(
            value for words, value in parts("rings", paper).items() if words.startswith("15 up")
        )

    assert (points(0), points(7), points(14)) == (4.0, 2.0, 1.0)


def test_a_paper_that_has_just_become_popular_comes_before_a_new_version():
    old, hot = a_paper("Rings A"), a_paper("Rings B")
    events = {old.key: Event.REPLACE, hot.key: Event.HOT}
    assert titles("rings", old, hot, events=events) == ["Rings B", "Rings A"]
    assert parts("rings", hot, events=events)["has just become popular"] == 2.0


def test_a_followed_author_or_organisation_lifts_a_paper_and_says_so():
    taste = taste_of([], authors=["Emmy Noether"], organizations=["DeepMind"])
    by_person = a_paper("Rings A")
    by_lab = a_paper("Rings B", authors=("Someone Else",), organization="Google DeepMind")
    neither = a_paper("Rings C", authors=("Someone Else",))
    assert parts("rings", by_person, taste=taste)["you follow Emmy Noether"] == 4.0
    assert parts("rings", by_lab, taste=taste)["you follow Google DeepMind"] == 4.0
    assert titles("rings", neither, by_lab, by_person, taste=taste)[-1] == "Rings C"


def test_what_a_channel_likes_comes_first_and_what_it_does_not_want_last():
    votes = [
        *[Vote(a_paper(f"Quantum Widgets {number}"), up=True) for number in range(3)],
        *[Vote(a_paper(f"Medical Imaging {number}"), up=False) for number in range(3)],
    ]
    taste = taste_of(votes)
    some = [a_paper("Rings for Medical Imaging"), a_paper("Rings"), a_paper("Rings of Widgets")]
    assert titles("rings", *some, taste=taste) == [
        "Rings of Widgets",
        "Rings",
        "Rings for Medical Imaging",
    ]
    words = next(words for words in parts("rings", some[2], taste=taste) if "feedback" in words)
    assert "widget +1.2" in words  # log2(4) x (1 - 3 of 6 papers / 8)


def test_votes_that_disagree_teach_nothing():
    paper = a_paper("Quantum Widgets")
    assert taste_of([Vote(paper, up=True), Vote(paper, up=False)]).weights == {}


@given(st.lists(st.tuples(papers, st.booleans()), max_size=6), papers)
def test_feedback_is_bounded_and_the_order_of_votes_does_not_matter(votes, paper):
    given_votes = [
        Vote(replace(one, key=f"doi:10.1/{number}"), up=up)
        for number, (one, up) in enumerate(votes)
    ]
    taste = taste_of(given_votes)
    assert taste == taste_of(reversed(given_votes))
    for words, points in parts("alignment", paper, taste=taste).items():
        assert "feedback" not in words or abs(points) <= MOST_TASTE_POINTS


def test_ten_papers_of_a_kind_do_not_fill_a_digest():
    same = [
        a_paper(f"Team {name} at the Hallucination Detection Shared Task", upvotes=30 - number)
        for number, name in enumerate("ABCDEFGHIJ")
    ]
    others = [a_paper(f"Hallucination in {word}", upvotes=3) for word in ("Code", "Law", "Maths")]
    order = titles("hallucination", *same, *others)
    assert order[0] == same[0].title
    assert {other.title for other in others} <= set(order[:6])
    assert sorted(order) == sorted(paper.title for paper in (*same, *others)), "nobody is lost"


def test_what_a_near_equal_paper_lost_is_said_with_the_paper_it_lost_it_to():
    first, second = (
        a_paper(f"Team {name} at the Hallucination Detection Shared Task", upvotes=upvotes)
        for name, upvotes in (("A", 9), ("B", 8))
    )
    lost = ranked("hallucination", first, second)[1].score.parts[-1]
    assert lost == (f"near-equal to “{first.title}” above", -3.0)


@given(trees, st.lists(papers, max_size=8), st.randoms())
def test_the_order_depends_on_the_papers_alone_and_the_parts_add_up(tree, some, random):
    topic = canonical_filter(tree)
    keyed = [
        a_paper(paper.title, abstract=paper.abstract, metrics=Metrics(upvotes=number % 3))
        for number, paper in enumerate(some)
    ]
    shuffled = list(keyed)
    random.shuffle(shuffled)
    one, other = rank(topic, keyed, TODAY), rank(topic, shuffled, TODAY)
    assert [ranked.paper.key for ranked in one] == [ranked.paper.key for ranked in other]
    for ranked_ in one:
        assert ranked_.score.total == pytest.approx(sum(p for _, p in ranked_.score.parts))


@given(trees, papers)
def test_words_are_counted_as_if_each_were_looked_for_alone(tree, paper):
    texts = list(positive_texts(expand(tree)))
    folded = document(paper)
    in_title = [bool(spans(one, folded.tokens(Scope.TITLE, exact=one.exact))) for one in texts]
    in_abstract = [
        bool(spans(one, folded.tokens(Scope.ABSTRACT, exact=one.exact))) for one in texts
    ]
    found = Sought(texts).found_in(standing(paper, folded, TODAY, Event.NEW))
    only_there = sum(
        there and not above for above, there in zip(in_title, in_abstract, strict=True)
    )
    assert found == (sum(in_title), only_there)


@given(trees, papers)
def test_the_first_place_of_a_word_is_the_first_of_all_its_places(tree, paper):
    folded = document(paper)
    for one in positive_texts(expand(tree)):
        assert first_place(one, folded) == next(iter(places(one, folded)), None)
