"""What digests may show is true whenever it is read, however much of it is kept between readings."""

from dataclasses import replace
from datetime import timedelta

from adapters.store import open_store
from bot.model.paper import Event
from bot.model.record import Hits
from tests.adapters.store.given import (
    NOON,
    a_subscription,
    announce,
    candidates_of,
    choice_of,
    plan_all,
    seen,
)
from tests.builders import a_paper

HOUR = timedelta(hours=1)


async def test_a_candidate_is_the_paper_as_it_is_now_though_it_was_read_before(store, url):
    subscription = await store.subscriptions.add(a_subscription())
    paper = a_paper("On Alignment")
    await announce(store, paper)
    await plan_all(store)
    (before,) = await candidates_of(store, subscription)
    (again_read,) = await candidates_of(store, subscription)
    assert again_read is before, "it is not read twice"
    async with open_store(url) as another:
        await announce(another, replace(paper, title="On Alignment, revised"))
    (after,) = await candidates_of(store, subscription)
    assert after.paper.title == "On Alignment, revised"


async def test_what_else_matches_a_paper_is_told_though_it_matched_after_the_paper_was_read(store):
    one = await store.subscriptions.add(a_subscription(name="one"))
    paper = a_paper()
    await announce(store, paper)
    await plan_all(store)
    assert len((await choice_of(store, one)).papers) == 1
    await store.subscriptions.add(a_subscription("rings", name="two"))
    await announce(store, seen(paper, Event.REPLACE))
    await plan_all(store)
    choice = await choice_of(store, one)
    (candidate,) = choice.papers
    assert choice.also(candidate) == ("two",)


async def test_a_digest_need_not_look_where_another_subscription_looked_in_vain(store):
    rings = await store.subscriptions.add(a_subscription("rings"))
    await announce(store, a_paper("Graphs"), a_paper("Groups"))
    graphs = await store.subscriptions.add(a_subscription("graphs"))
    filters = await store.subscriptions.filters()
    (theirs,) = (one.id for one in filters.filters if one.canonical == "graph")
    waiting = await store.papers.unplanned(10)
    hits = [
        Hits(paper_id=one.paper_id, sighting_id=one.id, event=one.event, filter_ids=[theirs])
        for one in waiting
    ]
    planned = [one.id for one in waiting]
    await store.ledger.plan(planned, hits, revision=filters.revision, now=NOON)
    choice = await choice_of(store, rings)
    (_, last) = await candidates_of(store, graphs)
    assert (list(choice.papers), choice.upto) == ([], last.hit_id)


async def test_more_than_may_be_read_at_once_is_read_on_from_there(store):
    subscription = await store.subscriptions.add(a_subscription())
    papers = [a_paper(f"Paper {number}") for number in range(3)]
    await announce(store, *papers)
    await plan_all(store)
    choice = await choice_of(store, subscription, 2)
    assert [one.paper.key for one in choice.papers] == [one.key for one in papers[:2]]
    rest = await choice_of(store, replace(subscription, hit_cursor=choice.upto), 2)
    assert [one.paper.key for one in rest.papers] == [papers[2].key]


async def test_what_was_matched_before_a_subscription_began_is_told_it_when_it_is_said_anew(store):
    old = await store.subscriptions.add(a_subscription(name="old"))
    paper, later = (
        a_paper("On Alignment"),
        replace(a_subscription(name="young"), created_at=NOON + HOUR),
    )
    await announce(store, paper)
    await plan_all(store)
    young = await store.subscriptions.add(later)
    assert await candidates_of(store, young) == []
    for hours, event in ((2, Event.LISTED), (3, Event.CROSS)):
        now = NOON + hours * HOUR
        await announce(store, seen(paper, event), now=now)
        await plan_all(store, now=now)
        (first,), (again,) = await candidates_of(store, old), await candidates_of(store, young)
        assert (first.event, again.event) == (Event.NEW, Event.LISTED)
