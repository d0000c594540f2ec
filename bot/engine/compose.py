"""Stage 3: due subscriptions → messages in the outbox.

The occurrence, its messages, the papers now counted as shown and the next due time are one
transaction in the store; composing itself is pure and happens outside of it.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.model.delivery import NewDelivery, Payload
from bot.model.message import Digest
from bot.model.record import Candidate
from bot.model.steps import Step, passing
from bot.model.subscription import Every, Platform, Subscription
from bot.ports import Clock, Renderer, Store
from bot.rules.digests import Ranked, digest, posted_singly, rank_candidates, shown_of
from bot.rules.schedule import due_date, next_due, period_of, zone_of
from bot.rules.taste import Taste

log = logging.getLogger(__name__)

BATCH = 100
MOST_CANDIDATES = 2_000
DIGEST_EXPIRES = timedelta(hours=72)
ALERT_EXPIRES = timedelta(hours=24)
LATE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """One firing of a subscription: when, under which label, on which local date."""

    subscription: Subscription
    due_at: datetime
    period: str
    day: date
    now: datetime


async def compose(store: Store, renderers: Mapping[Platform, Renderer], clock: Clock) -> int:
    """Compose everything due; returns the number of occurrences that were committed."""
    composed = 0
    while due := await store.subscriptions.due(clock.now(), BATCH):
        committed = [await _compose(store, renderers, one, clock.now()) for one in due]
        composed += sum(committed)
        if not any(committed):
            break  # somebody else is at it; the next beat looks again
    return composed


async def _compose(
    store: Store,
    renderers: Mapping[Platform, Renderer],
    subscription: Subscription,
    now: datetime,
) -> bool:
    candidates = await store.ledger.candidates(subscription, MOST_CANDIDATES)
    occurrence = _occurrence(subscription, candidates, now)
    render = renderers[subscription.channel.platform]
    deliveries = []
    if candidates:
        taste = await store.feedback.taste(subscription.channel)
        deliveries = _deliveries(render, occurrence, candidates, taste)
    passing(Step.DECIDED)
    committed = await store.ledger.compose(
        subscription,
        period=occurrence.period,
        next_due_at=next_due(subscription.cadence, zone_of(subscription.zone), now),
        hit_cursor=max((one.hit_id for one in candidates), default=subscription.hit_cursor),
        deliveries=deliveries,
        now=now,
    )
    passing(Step.COMPOSED)
    log.info(
        "digest composed" if committed else "digest taken elsewhere",
        extra={
            "subscription": subscription.id,
            "period": occurrence.period,
            "matched": len(candidates),
            "messages": len(deliveries),
        },
    )
    return committed


def _occurrence(
    subscription: Subscription, candidates: list[Candidate], now: datetime
) -> _Occurrence:
    zone = zone_of(subscription.zone)
    due_at = subscription.next_due_at or now
    last_hit = max((one.hit_id for one in candidates), default=subscription.hit_cursor)
    dated = subscription.cadence.every not in {Every.INSTANT, Every.HOURLY}
    period = period_of(subscription.cadence, zone, due_at, last_hit)
    if subscription.cadence.every is Every.INSTANT and not candidates:
        # Woken by a match the channel has seen already: the last match's label is taken.
        period = f"nothing new at {due_at.isoformat()}"
    return _Occurrence(
        subscription,
        due_at,
        period,
        due_date(subscription.cadence, zone, due_at) if dated else now.astimezone(zone).date(),
        now,
    )


def _deliveries(
    render: Renderer, occurrence: _Occurrence, candidates: list[Candidate], taste: Taste
) -> list[NewDelivery]:
    subscription = occurrence.subscription
    ranked = rank_candidates(subscription, candidates, occurrence.day, taste)
    if posted_singly(subscription, len(ranked)):
        deliveries = []
        for one in ranked:
            alone = digest(subscription, [one], occurrence.day)
            deliveries += _pages(render, occurrence, alone, [one], one.paper.key)
        return deliveries
    message = digest(
        subscription,
        ranked,
        occurrence.day,
        note=_note(occurrence, len(ranked)),
        period=occurrence.period,
    )
    return _pages(render, occurrence, message, shown_of(subscription, ranked), "digest")


def _note(occurrence: _Occurrence, count: int) -> str:
    if occurrence.subscription.cadence.every is Every.INSTANT:
        return f"{count} papers came in at once, so here they are together."
    if occurrence.now - occurrence.due_at > LATE:
        return "This digest is late: the bot was not running when it was due."
    return ""


def _pages(
    render: Renderer,
    occurrence: _Occurrence,
    message: Digest,
    shown: Sequence[Ranked],
    label: str,
) -> list[NewDelivery]:
    """One delivery per page. The papers ride on the first, so that they count once."""
    subscription = occurrence.subscription
    expires = ALERT_EXPIRES if subscription.cadence.every is Every.INSTANT else DIGEST_EXPIRES
    pages: list[Payload] = render(message)
    return [
        NewDelivery(
            channel=subscription.channel,
            dedupe_key=f"{subscription.id}/{occurrence.period}/{label}/{number}",
            payload=page,
            papers=tuple(one.paper.key for one in shown) if number == 1 else (),
            not_before=occurrence.now,
            expires_at=occurrence.now + expires,
        )
        for number, page in enumerate(pages, start=1)
    ]
