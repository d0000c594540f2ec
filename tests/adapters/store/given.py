"""Words for the tests of the store: what is announced, subscribed and owed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.store import SqlStore
from bot.model.delivery import NewDelivery
from bot.model.paper import Announcements, Event, Paper, Saved, Sighting
from bot.model.record import Candidate, Choice, Decision, Hits
from bot.model.subscription import Cadence, Channel, Every, Subscription
from bot.rules.parse import parse_filter
from tests.builders import LAB

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOON.date()
EVERYWHERE = frozenset(type(LAB.platform))


def seen(paper: Paper, event: Event = Event.NEW, on: date = TODAY) -> Sighting:
    return Sighting(paper=paper, event=event, on=on)


async def announce(
    store: SqlStore,
    *what: Paper | Sighting,
    source: str = "arxiv_rss:cs.CL",
    now: datetime = NOON,
    cursor: str | None = None,
    late_before: date | None = None,
) -> Saved:
    sightings = tuple(seen(one) if isinstance(one, Paper) else one for one in what)
    return await store.papers.save(
        source, Announcements(sightings=sightings, cursor=cursor), now=now, late_before=late_before
    )


def a_subscription(
    text: str = "alignment",
    *,
    channel: Channel = LAB,
    name: str = "",
    every: Every = Every.DAILY,
    **more: Any,
) -> Subscription:
    return Subscription(
        channel=channel,
        name=name or text,
        filter=parse_filter(text),
        typed=text,
        cadence=Cadence(every, None if every is Every.INSTANT else Cadence().at),
        created_at=NOON,
        next_due_at=None if every is Every.INSTANT else NOON + timedelta(hours=1),
        **more,
    )


def a_message(key: str, *papers: Paper, channel: Channel = LAB, **more: Any) -> NewDelivery:
    facts: dict[str, Any] = {
        "channel": channel,
        "dedupe_key": key,
        "payload": {"text": key},
        "papers": tuple(paper.key for paper in papers),
        "not_before": NOON,
        "expires_at": NOON + timedelta(days=1),
    }
    return NewDelivery(**{**facts, **more})


async def plan_all(store: SqlStore, now: datetime = NOON) -> int:
    """Let every filter in use match every unplanned sighting."""
    filters = await store.subscriptions.filters()
    waiting = await store.papers.unplanned(1000)
    hits = [
        Hits(
            paper_id=one.paper_id,
            sighting_id=one.id,
            event=one.event,
            filter_ids=[used.id for used in filters.filters],
        )
        for one in waiting
    ]
    return await store.ledger.plan(
        [one.id for one in waiting], hits, revision=filters.revision, now=now
    )


async def candidates_of(
    store: SqlStore, subscription: Subscription, limit: int = 100
) -> list[Candidate]:
    """What one subscription may be shown."""
    return list((await choice_of(store, subscription, limit)).papers)


async def choice_of(store: SqlStore, subscription: Subscription, limit: int = 100) -> Choice:
    """The same with what else matches them."""
    return (await store.ledger.candidates([subscription], limit)).get(subscription.id, Choice())


async def compose_one(store: SqlStore, subscription: Subscription, **facts: Any) -> bool:
    """Commit one occurrence."""
    now = facts.pop("now")
    decision = Decision(subscription=subscription, **facts)
    (committed,) = await store.ledger.compose([decision], now=now)
    return committed


async def again(store: SqlStore, subscription: Subscription) -> Subscription:
    """The subscription as it is stored now."""
    stored = await store.subscriptions.of(subscription.channel)
    return next(one for one in stored if one.id == subscription.id)


def raised_to(paper: Paper, upvotes: int) -> Paper:
    return replace(paper, metrics=replace(paper.metrics, upvotes=upvotes))
