"""What a digest left out, and what sources said in some days."""

from dataclasses import replace
from datetime import timedelta

from bot.model.paper import Event
from bot.model.record import SearchRequest
from bot.rules.parse import parse_filter
from tests.adapters.store.given import (
    NOON,
    TODAY,
    a_message,
    a_subscription,
    again,
    announce,
    candidates_of,
    compose_one,
    plan_all,
    seen,
)
from tests.builders import a_paper

LATER = NOON + timedelta(hours=1)


async def compose(store, subscription, papers, *, period, now=NOON):
    found = await candidates_of(store, subscription, 100)
    assert await compose_one(
        store,
        subscription,
        period=period,
        next_due_at=now + timedelta(days=1),
        hit_cursor=max((one.hit_id for one in found), default=subscription.hit_cursor),
        deliveries=[a_message(f"{subscription.id}/{period}/digest/1", *papers)] if papers else [],
        now=now,
    )
    return await again(store, subscription)


async def left_out(store, subscription, period=None):
    chosen = await store.ledger.chosen(subscription, period)
    return [one.paper.title for one in chosen.left_out.papers]


async def shown(store, subscription, period=None):
    chosen = await store.ledger.chosen(subscription, period)
    return [one.paper.title for one in chosen.shown]


async def test_a_digest_remembers_exactly_what_it_left_out(store):
    subscription = await store.subscriptions.add(a_subscription())
    papers = [a_paper(f"Paper {number}") for number in range(5)]
    await announce(store, *papers[:3])
    await plan_all(store)
    subscription = await compose(store, subscription, papers[:1], period="2026-11-23")
    await announce(store, *papers[3:])
    await plan_all(store)
    subscription = await compose(store, subscription, papers[3:4], period="2026-11-24", now=LATER)
    assert await left_out(store, subscription, "2026-11-23") == ["Paper 1", "Paper 2"]
    assert await left_out(store, subscription) == ["Paper 4"], "the last one when none is named"
    assert await shown(store, subscription, "2026-11-23") == ["Paper 0"]
    assert await shown(store, subscription) == ["Paper 3"]
    assert await store.ledger.chosen(subscription, "2026-11-25") is None


async def test_what_another_digest_shows_later_is_still_part_of_the_answer(store):
    daily = await store.subscriptions.add(a_subscription(name="daily"))
    weekly = await store.subscriptions.add(a_subscription(name="weekly"))
    papers = [a_paper(f"Paper {number}") for number in range(3)]
    await announce(store, *papers)
    await plan_all(store)
    daily = await compose(store, daily, papers[:1], period="2026-11-23")
    weekly = await compose(store, weekly, papers[1:], period="2026-11-24", now=LATER)
    assert await left_out(store, daily) == ["Paper 1", "Paper 2"]
    assert await left_out(store, weekly) == []


async def test_a_weekly_digest_gathers_what_the_daily_ones_cut(store):
    daily = await store.subscriptions.add(a_subscription(name="daily"))
    weekly = await store.subscriptions.add(a_subscription(name="weekly"))
    papers = [a_paper(f"Paper {number}") for number in range(4)]
    await announce(store, *papers)
    await plan_all(store)
    await compose(store, daily, papers[:2], period="2026-11-23")
    gathered = await candidates_of(store, weekly, 100)
    assert [one.paper.title for one in gathered] == ["Paper 2", "Paper 3"]


async def test_arrivals_are_what_sources_said_on_these_days_in_order(store):
    old = a_paper("Alignment of Old")
    paper = a_paper("Alignment of New")
    await announce(store, seen(old, on=TODAY - timedelta(days=40)), source="arxiv_oai")
    await announce(store, seen(old, Event.LISTED), paper, a_paper("On Rings"), source="hf_daily")
    request = SearchRequest(
        root=parse_filter("alignment").root,
        today=TODAY,
        limit=10,
        since=TODAY - timedelta(days=2),
        until=TODAY,
    )
    found = await store.papers.arrivals(request)
    assert [(one.paper.title, one.event, one.on) for one in found] == [
        ("Alignment of Old", Event.LISTED, TODAY),
        ("Alignment of New", Event.NEW, TODAY),
    ]
    assert all(one.first_seen_at == NOON for one in found)
    everything = await store.papers.arrivals(replace(request, root=None, since=None))
    assert len(everything) == 4
