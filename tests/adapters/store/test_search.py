import asyncio
import random
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.store import open_store
from bot.model.looking_back import LookBackRequest
from bot.model.paper import Event, Metrics
from bot.model.record import SearchRequest
from bot.model.topic import And, Author, Count, Metric, Not, Organization, Scope, Text
from bot.rules.alerts import alerts
from bot.rules.document import document
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from bot.rules.ranking import Sought, positive_texts, standing
from bot.rules.replay import loosened
from bot.rules.sifting import Sieve, standing_terms, told_terms
from tests.adapters.store.given import NOON, TODAY, announce, seen
from tests.builders import a_paper
from tests.rules.filters import NAMES, WRITTEN, trees

SOURCES = ("hf_daily", "arxiv_rss:cs.CL", "feed:x", "import")


def some_papers(count, seed=1):
    """Papers of few words, so that filters meet them often; some are monstrous."""
    dice = random.Random(seed)

    def words(most):
        return " ".join(dice.choices(WRITTEN, k=dice.randrange(most)))

    def sighting():
        paper = a_paper(
            words(7),
            abstract=words(12),
            authors=tuple(
                " ".join(dice.choices(NAMES, k=dice.randint(1, 4)))
                for _ in range(dice.randrange(4))
            ),
            categories=tuple(dice.sample(["cs.CL", "cs.LG", "stat.ML"], dice.randrange(3))),
            organization=dice.choice(["", "Google DeepMind", "Mind Deep"]),
            code_url=dice.choice(["", "https://example.org/code"]),
            version=dice.choice([None, 1, 2]),
            metrics=Metrics(upvotes=dice.choice([None, 0, 9, 25, 40]), stars=dice.randrange(30)),
        )
        on = TODAY - timedelta(days=dice.randrange(120))
        return dice.choice(SOURCES), seen(paper, dice.choice(list(Event)), on)

    return [sighting() for _ in range(count)] + [
        ("import", seen(a_paper(authors=("jan " + "x " * 9 + "leike", "ada m adams")))),
        ("import", seen(a_paper(abstract="filler " * 17_000 + "reward model survey"))),
        ("import", seen(a_paper(abstract="reward model " + "model " * 300 + "fine tuning model llm"))),
        ("import", seen(a_paper("z" * 5_000, abstract="强 alignment强化"))),
    ]  # fmt: skip


async def stocked(store, sightings):
    for source in SOURCES:
        await announce(store, *(one for name, one in sightings if name == source), source=source)
    return await found(store, None)


async def found(store, root, **more):
    request = SearchRequest(**{"root": root, "today": TODAY, "limit": 1_000, **more})
    results = await store.papers.search(request)
    assert len(results.found) == min(results.total, request.limit)
    return [one.paper for one in results.found]


@contextmanager
def a_stocked_store(url):
    """A store full of papers, with a runner for tests that are no coroutines."""
    with asyncio.Runner() as runner:
        opened = open_store(url)
        store = runner.run(opened.__aenter__())
        try:
            yield runner, store, runner.run(stocked(store, some_papers(150)))
        finally:
            runner.run(opened.__aexit__(None, None, None))


def test_search_answers_exactly_as_the_reference_evaluator(url):
    with a_stocked_store(url) as (runner, store, everything):
        documents = {paper.key: document(paper) for paper in everything}

        @settings(
            max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(trees, st.booleans(), st.sampled_from([None, TODAY - timedelta(days=60)]))
        def compare(root, newest, since):
            answer = runner.run(found(store, root, newest=newest, since=since))
            expanded = expand(root)
            expected = {
                paper.key
                for paper in everything
                if (since is None or paper.announced_on >= since)
                and matches(expanded, documents[paper.key], event=None, today=TODAY)
            }
            assert {paper.key for paper in answer} == expected

        compare()


def test_a_look_back_is_told_exactly_what_the_reference_evaluator_says(url):
    """With what the index tells, events alert the papers they would have alerted one by one."""
    with a_stocked_store(url) as (runner, store, everything):
        documents = {paper.key: document(paper) for paper in everything}
        days = (TODAY - timedelta(days=60), TODAY - timedelta(days=2))

        @settings(
            max_examples=80, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @given(trees, trees, st.sampled_from(Event))
        @example(And((Text(("survey",)), Not(Text(("reward",), Scope.TITLE)))), None, Event.NEW)
        @example(Count(Metric.UPVOTES, low=1), None, Event.NEW)  # no word to be unsure about
        @example(Not(Text(("reward", "model"), near=2)), None, Event.NEW)
        @example(Author(("jan", "m", "leike")), Text(("model",), exact=True), Event.NEW)
        def compare(root, other, event):
            tree = expand(root)
            texts = tuple(positive_texts(tree))
            request = LookBackRequest(
                arrivals=SearchRequest(root=loosened(root), today=TODAY, limit=1_000),
                terms=[*told_terms([tree]), *standing_terms(texts)],
                days=days,
                trees=(root, None, other),
                named=True,
            )
            past = runner.run(store.papers.look_back(request))
            numbers = {one.key: one.number for one in past.glimpses}
            sieve = Sieve({one.number: one for one in past.glimpses}, past.told)
            expected = {key for key, one in documents.items() if alerts(tree, one, event, TODAY)}
            here = sieve.alerted(tree, frozenset(numbers.values()), event, TODAY)
            assert here == {numbers[key] for key in expected}
            spread = sieve.spread(texts)
            for paper in everything:
                if paper.key in numbers:
                    alone = standing(paper, documents[paper.key], TODAY, event)
                    assert spread.of(numbers[paper.key]) == Sought(texts).found_in(alone)
                    assert_outlined(past.papers[numbers[paper.key]], paper)
            assert past.totals == [
                sum(
                    days[0] <= paper.announced_on <= days[1]
                    and (
                        one is None
                        or matches(expand(one), documents[paper.key], event=None, today=TODAY)
                    )
                    for paper in everything
                )
                for one in request.trees
            ]

        compare()


def assert_outlined(outline, paper):
    """What ranking asks of a paper is as it is stored."""
    for name in ("key", "title", "announced_on", "authors", "organization", "categories", "events"):
        assert getattr(outline, name) == getattr(paper, name)
    assert outline.metrics == paper.metrics


@pytest.mark.parametrize(
    "text",
    [
        "alignment",
        "reward model",
        '"reward model"',
        '"reward model survey"',
        '"fine tuning model"',
        '"reward llm"~3',
        "=models OR =model",
        "=model -=models",
        "title:=reward",
        '="reward models"',
        '-="reward model" model',
        '"model survey"~4 -"survey model"~4',
        "align*",
        'title:alignment OR abs:"reward model"',
        'author:"jan leike"',
        'author:"ada m adams"',
        "org:deepmind",
        "cat:cs.* -survey",
        "alignment OR -survey upvotes:>=20",
        "(alignment upvotes:>=20) OR (reward -code:yes)",
        "version:replace source:hf_daily",
        "llm lang:en since:30d stars:<=12",
        "-(alignment OR upvotes:>=20) model",
        "强化",
    ],
)
async def test_filters_people_write_find_what_they_mean(store, text):
    everything = await stocked(store, some_papers(80, seed=2))
    root = parse_filter(text).root
    answer = await found(store, root)
    expanded = expand(root)
    assert {paper.key for paper in answer} == {
        paper.key
        for paper in everything
        if matches(expanded, document(paper), event=None, today=TODAY)
    }


async def test_pages_are_slices_of_one_order(store):
    await stocked(store, some_papers(60, seed=3))
    for root in (None, Text(("model",)), Text(("model",), near=0, exact=True), Author(("jan",))):
        for newest in (True, False):
            whole = await found(store, root, newest=newest)
            pages = []
            for offset in range(0, len(whole) + 7, 7):
                request = SearchRequest(
                    root=root, today=TODAY, limit=7, offset=offset, newest=newest
                )
                results = await store.papers.search(request)
                assert results.total == len(whole)
                pages += [one.paper for one in results.found]
            assert pages == whole


async def test_the_better_match_comes_first_and_of_equals_the_newer_one(store):
    in_title = a_paper("Alignment of rings", published_on=TODAY - timedelta(days=9))
    in_abstract = a_paper(abstract="On the alignment of rings", published_on=TODAY)
    twin = a_paper("Alignment of rings", published_on=TODAY - timedelta(days=3))
    await announce(store, in_title, in_abstract, twin)
    request = SearchRequest(root=Text(("alignment",)), today=TODAY)
    results = await store.papers.search(request)
    assert [one.paper.key for one in results.found] == [twin.key, in_title.key, in_abstract.key]
    scores = [one.score for one in results.found]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1] > 0
    newest = await found(store, Text(("alignment",)), newest=True)
    assert [paper.key for paper in newest] == [in_abstract.key, twin.key, in_title.key]


async def test_no_limit_gives_the_total_alone(store):
    await announce(store, a_paper(), a_paper())
    results = await store.papers.search(SearchRequest(root=None, today=TODAY, limit=0))
    assert (results.total, results.found) == (2, ())


async def test_dates_bound_the_search_on_both_sides(store):
    days = [a_paper(f"Day {number}") for number in range(5)]
    await announce(
        store, *(seen(paper, on=TODAY - timedelta(days=n)) for n, paper in enumerate(days))
    )
    within = {"since": TODAY - timedelta(days=3), "until": TODAY - timedelta(days=1)}
    for root in (None, Text(("day",)), Organization(("nowhere",))):
        papers = await found(store, root, newest=True, **within)
        expected = [] if isinstance(root, Organization) else ["Day 1", "Day 2", "Day 3"]
        assert [paper.title for paper in papers] == expected


async def test_a_changed_paper_is_found_by_its_new_words_only(store):
    paper = a_paper("On rings", version=1)
    await announce(store, paper)
    later = a_paper("On fields", key=paper.key, ids=paper.ids, version=2)
    await announce(store, seen(later, Event.REPLACE), now=NOON + timedelta(days=1))
    assert await found(store, Text(("ring",)), since=TODAY) == []
    assert [one.title for one in await found(store, Text(("field",)))] == ["On fields"]


async def test_united_papers_are_found_once(store):
    journal = a_paper("On rings", key="doi:10.1000/r", ids=("doi:10.1000/r",))
    preprint = a_paper("On rings", key="arxiv:2611.00009", ids=("arxiv:2611.00009",))
    await announce(store, journal, preprint)
    both = a_paper("On rings", key="arxiv:2611.00009", ids=("arxiv:2611.00009", "doi:10.1000/r"))
    await announce(store, both)
    assert len(await found(store, Text(("ring",)))) == 1


async def test_more_answers_than_are_ranked_follow_by_date(store, monkeypatch):
    monkeypatch.setattr(type(store.papers._index), "window", 10)
    await announce(
        store,
        *(a_paper(f"model {n}", published_on=TODAY - timedelta(days=n)) for n in range(25)),
        a_paper("model model model", published_on=TODAY - timedelta(days=40)),
    )
    whole = [paper.title for paper in await found(store, Text(("model",)))]
    assert sorted(whole[:10]) == sorted(f"model {n}" for n in range(10))
    assert whole[10:] == [*(f"model {n}" for n in range(10, 25)), "model model model"]
    request = SearchRequest(root=Text(("model",)), today=TODAY, limit=8, offset=6)
    results = await store.papers.search(request)
    assert [one.paper.title for one in results.found] == whole[6:14]
    looked_at = await found(store, Text(("model",), exact=True))
    assert [paper.title for paper in looked_at] == whole
