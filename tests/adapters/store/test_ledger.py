import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model.errors import Conflict
from bot.model.paper import Event
from bot.model.record import Decision, Hits
from bot.model.subscription import Every
from tests.adapters.store.given import (
    NOON,
    a_message,
    a_subscription,
    again,
    announce,
    candidates_of,
    choice_of,
    compose_one,
    plan_all,
)
from tests.builders import LAB, READING_CLUB, a_paper

LATER = NOON + timedelta(hours=1)


async def compose(store, subscription, *papers, period="2026-11-23", **more):
    candidates = await candidates_of(store, subscription, 100)
    cursor = max((one.hit_id for one in candidates), default=subscription.hit_cursor)
    facts = {
        "period": period,
        "next_due_at": LATER,
        "hit_cursor": cursor,
        "deliveries": [a_message(f"{subscription.id}/{period}", *papers)] if papers else [],
        "now": NOON,
    }
    return await compose_one(store, subscription, **{**facts, **more})


async def test_a_match_becomes_a_candidate_until_it_is_promised(store):
    subscription = await store.subscriptions.add(a_subscription())
    paper = a_paper("On Alignment")
    await announce(store, paper)
    assert await plan_all(store) == 1
    (candidate,) = await candidates_of(store, subscription, 10)
    assert (candidate.paper.title, candidate.event) == ("On Alignment", Event.NEW)
    assert await compose(store, subscription, paper)
    after = await again(store, subscription)
    assert (after.hit_cursor, after.next_due_at) == (candidate.hit_id, LATER)
    assert await candidates_of(store, after, 10) == []
    (shown,) = await store.ledger.shown(LAB, 10)
    assert (shown.paper, shown.subscription, shown.state) == (paper.key, "alignment", "queued")


async def test_planning_twice_stores_a_hit_once(store):
    await store.subscriptions.add(a_subscription())
    await announce(store, a_paper())
    (one,) = await store.papers.unplanned(10)
    filters = await store.subscriptions.filters()
    hit = Hits(
        paper_id=one.paper_id,
        filter_ids=[filters.filters[0].id],
        sighting_id=one.id,
        event=one.event,
    )
    assert await store.ledger.plan([one.id], [hit], revision=filters.revision, now=NOON) == 1
    assert await store.ledger.plan([one.id], [hit], revision=filters.revision, now=NOON) == 0
    assert await store.papers.unplanned(10) == []


async def test_a_plan_made_with_other_filters_is_refused_and_changes_nothing(store):
    await announce(store, a_paper())
    (one,) = await store.papers.unplanned(10)
    before = await store.subscriptions.filters()
    await store.subscriptions.add(a_subscription())
    with pytest.raises(Conflict):
        await store.ledger.plan([one.id], [], revision=before.revision, now=NOON)
    assert len(await store.papers.unplanned(10)) == 1


async def test_hits_of_a_paper_that_was_united_meanwhile_go_to_the_one_that_is_left(store):
    subscription = await store.subscriptions.add(a_subscription())
    journal = a_paper(key="doi:10.1000/y", ids=("doi:10.1000/y",))
    preprint = a_paper(key="arxiv:2611.00004", ids=("arxiv:2611.00004",))
    await announce(store, journal, source="feed:journal")
    await announce(store, preprint, now=LATER)
    waiting = await store.papers.unplanned(10)
    filters = await store.subscriptions.filters()
    both = replace(preprint, ids=("arxiv:2611.00004", "doi:10.1000/y"))
    await announce(store, both, source="arxiv_oai")
    hits = [
        Hits(paper_id=one.paper_id, filter_ids=[filters.filters[0].id], sighting_id=one.id,
            event=one.event)
        for one in waiting
    ]  # fmt: skip
    planned = [one.id for one in waiting]
    await store.ledger.plan(planned, hits, revision=filters.revision, now=NOON)
    candidates = await candidates_of(store, subscription, 10)
    assert [one.paper.key for one in candidates] == ["doi:10.1000/y"]


async def test_a_paper_shown_under_one_id_is_not_shown_again_after_it_was_united(store):
    subscription = await store.subscriptions.add(a_subscription())
    journal = a_paper(key="doi:10.1000/z", ids=("doi:10.1000/z",))
    preprint = a_paper(key="arxiv:2611.00005", ids=("arxiv:2611.00005",))
    await announce(store, journal, source="feed:journal")
    await plan_all(store)
    assert await compose(store, subscription, journal)
    await announce(store, preprint, now=LATER)
    await plan_all(store)
    after = await again(store, subscription)
    assert len(await candidates_of(store, after, 10)) == 1
    both = replace(preprint, ids=("arxiv:2611.00005", "doi:10.1000/z"))
    await announce(store, both, source="arxiv_oai")
    assert await candidates_of(store, after, 10) == []
    history = await store.papers.history(LAB, "arxiv:2611.00005")
    assert (len(history.shown), list(history.hits)) == (1, [subscription.id])


async def test_an_instant_subscription_is_woken_by_its_match(store):
    instant = await store.subscriptions.add(a_subscription(every=Every.INSTANT, name="instant"))
    paused = await store.subscriptions.add(
        a_subscription(every=Every.INSTANT, name="paused", paused_until=LATER)
    )
    await store.subscriptions.add(a_subscription(name="daily"))
    await announce(store, a_paper())
    await plan_all(store)
    assert [one.name for one in await store.subscriptions.due(NOON, 10)] == ["instant"]
    assert (await again(store, instant)).next_due_at == NOON
    assert (await again(store, paused)).next_due_at is None


async def test_an_instant_subscription_stays_due_when_more_matched_meanwhile(store):
    subscription = await store.subscriptions.add(a_subscription(every=Every.INSTANT))
    first, second = a_paper("First"), a_paper("Second")
    await announce(store, first)
    await plan_all(store)
    (due,) = await store.subscriptions.due(NOON, 10)
    (candidate,) = await candidates_of(store, due, 10)
    await announce(store, second)
    await plan_all(store)
    composed = await compose_one(
        store,
        due,
        period="a",
        next_due_at=None,
        hit_cursor=candidate.hit_id,
        deliveries=[a_message("a", first)],
        now=NOON,
    )
    assert composed
    after = await again(store, subscription)
    assert after.next_due_at == NOON
    assert await compose(store, after, second, period="b", next_due_at=None)
    assert (await again(store, subscription)).next_due_at is None


async def test_a_period_is_composed_once(store):
    subscription = await store.subscriptions.add(a_subscription())
    assert await compose(store, subscription)
    assert not await compose(store, await again(store, subscription))
    assert await compose(store, await again(store, subscription), period="2026-11-24")


async def test_two_composers_of_one_subscription_post_once(store):
    subscription = await store.subscriptions.add(a_subscription())
    paper = a_paper()
    await announce(store, paper)
    await plan_all(store)
    answers = []

    async def compose_once(key):
        message = [a_message(key, paper)]
        answers.append(await compose(store, subscription, period=key, deliveries=message))

    async with asyncio.TaskGroup() as tasks:
        for key in "abcd":
            tasks.create_task(compose_once(key))
    assert sorted(answers) == [False, False, False, True]
    (lane,) = await store.outbox.lanes(LAB, now=NOON)
    assert lane.waiting == 1


async def test_two_subscriptions_of_a_channel_never_promise_the_same_paper(store):
    one = await store.subscriptions.add(a_subscription(name="one"))
    two = await store.subscriptions.add(a_subscription(name="two"))
    other = await store.subscriptions.add(a_subscription(channel=READING_CLUB, name="club"))
    paper = a_paper()
    await announce(store, paper)
    await plan_all(store)
    choice = await choice_of(store, one, 10)
    (candidate,) = choice.papers
    assert choice.also(candidate) == ("two",)
    assert await compose(store, one, paper)
    assert not await compose(store, two, paper)
    assert (await again(store, two)).hit_cursor == two.hit_cursor
    assert len(await candidates_of(store, other, 10)) == 1
    assert (await store.upkeep.status()).deliveries == {"queued": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"top": 3},
        {"paused_until": LATER},
        {"next_due_at": LATER + timedelta(days=1)},
    ],
)
async def test_a_subscription_that_changed_meanwhile_is_not_composed(store, change):
    subscription = await store.subscriptions.add(a_subscription())
    await store.subscriptions.change(replace(subscription, **change))
    assert not await compose(store, subscription)


async def test_a_removed_subscription_is_not_composed(store):
    subscription = await store.subscriptions.add(a_subscription())
    await store.subscriptions.remove(LAB, subscription.name)
    assert not await compose(store, subscription)


async def test_a_delivery_that_was_owed_before_undoes_the_whole_occurrence(store):
    subscription = await store.subscriptions.add(a_subscription())
    await store.outbox.enqueue(a_message("same"), now=NOON)
    twice = [a_message("new"), a_message("same")]
    assert not await compose(store, subscription, deliveries=twice)
    assert await again(store, subscription) == subscription
    assert (await store.upkeep.status()).deliveries == {"queued": 1}


async def test_a_paper_that_is_not_stored_cannot_be_promised(store):
    subscription = await store.subscriptions.add(a_subscription())
    with pytest.raises(Conflict, match="is not stored"):
        await compose(store, subscription, a_paper())


async def test_history_tells_what_a_channel_had_to_do_with_a_paper(store):
    subscription = await store.subscriptions.add(a_subscription())
    paper = a_paper()
    await announce(store, paper)
    await plan_all(store)
    (candidate,) = await candidates_of(store, subscription, 10)
    await compose(store, subscription, paper)
    history = await store.papers.history(LAB, paper.key)
    assert history.hits == {subscription.id: candidate.hit_id}
    assert history.paper_id == candidate.paper_id
    assert [one.name for one in history.subscriptions] == ["alignment"]
    assert [one.paper for one in history.shown] == [paper.key]
    stranger = await store.papers.history(READING_CLUB, paper.key)
    assert (stranger.subscriptions, stranger.hits, stranger.shown) == ((), {}, ())
    assert await store.papers.history(LAB, "arxiv:2611.99999") is None


def deciding(subscription, *papers, period="2026-11-23", **more):
    facts = {
        "subscription": subscription,
        "period": period,
        "next_due_at": LATER,
        "hit_cursor": subscription.hit_cursor,
        "deliveries": [
            a_message(f"{subscription.id}/{period}", *papers, channel=subscription.channel)
        ],
    }
    return Decision(**{**facts, **more})


async def test_many_occurrences_are_committed_together_each_in_its_own_lane(store):
    lab = await store.subscriptions.add(a_subscription(name="one"))
    other = await store.subscriptions.add(a_subscription(name="two"))
    club = await store.subscriptions.add(a_subscription(channel=READING_CLUB))
    first, second = a_paper("First"), a_paper("Second")
    await announce(store, first, second)
    decisions = [deciding(lab, first), deciding(other, second), deciding(club, first, second)]
    assert await store.ledger.compose(decisions, now=NOON) == [True, True, True]
    assert [one.paper for one in await store.ledger.shown(LAB, 9)] == [second.key, first.key]
    assert {one.paper for one in await store.ledger.shown(READING_CLUB, 9)} == {
        first.key,
        second.key,
    }
    assert [(one.channel, one.waiting) for one in await store.outbox.lanes(None, now=NOON)] == [
        (LAB, 2),
        (READING_CLUB, 1),
    ]
    assert (await again(store, other)).next_due_at == LATER


async def test_what_was_decided_knowing_of_an_occurrence_falls_with_it(store):
    """The second left a paper out because the first would show it; the first does not."""
    one = await store.subscriptions.add(a_subscription(name="one"))
    two = await store.subscriptions.add(a_subscription(name="two"))
    club = await store.subscriptions.add(a_subscription(channel=READING_CLUB))
    first, second = a_paper("First"), a_paper("Second")
    await announce(store, first, second)
    decisions = [deciding(one, first), deciding(two, second), deciding(club, first)]
    await store.subscriptions.change(replace(one, top=3))
    assert await store.ledger.compose(decisions, now=NOON) == [False, False, True]
    assert await store.ledger.shown(LAB, 9) == []
    assert await again(store, two) == two


async def test_two_decisions_of_a_channel_about_one_paper_are_not_both_committed(store):
    one = await store.subscriptions.add(a_subscription(name="one"))
    two = await store.subscriptions.add(a_subscription(name="two"))
    paper = a_paper()
    await announce(store, paper)
    decisions = [deciding(one, paper), deciding(two, paper)]
    assert await store.ledger.compose(decisions, now=NOON) == [True, False]


async def test_a_period_dealt_with_before_moves_on_and_is_not_composed(store):
    one = await store.subscriptions.add(a_subscription(name="one"))
    club = await store.subscriptions.add(a_subscription(channel=READING_CLUB))
    assert await store.ledger.compose([deciding(one, deliveries=[])], now=NOON) == [True]
    one = await again(store, one)
    later = LATER + timedelta(days=1)
    decisions = [deciding(one, next_due_at=later, deliveries=[]), deciding(club, deliveries=[])]
    assert await store.ledger.compose(decisions, now=NOON) == [False, True]
    assert (await again(store, one)).next_due_at == later
