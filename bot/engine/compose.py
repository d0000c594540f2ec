"""Stage 3: due subscriptions → messages in the outbox.

The occurrence, its messages, the papers now counted as shown and the next due time are one
transaction in the store; composing itself is pure and happens outside of it.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.engine.laying_out import Occurrence, lay_out, one_line
from bot.model.delivery import NewDelivery
from bot.model.member import member_of
from bot.model.record import Candidate, SearchRequest
from bot.model.steps import Step, passing
from bot.model.subscription import EmptyDay, Every, Platform, Subscription
from bot.ports import Clock, Renderer, Store
from bot.rules.digests import rank_candidates
from bot.rules.muting import hidden_by
from bot.rules.quiet_days import days_covered, outage, quiet_day
from bot.rules.schedule import due_date, next_due, period_of, zone_of
from bot.rules.taste import Taste

log = logging.getLogger(__name__)

BATCH = 100
MOST_CANDIDATES = 2_000
LATE = timedelta(hours=2)


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
    wanted = await _unmuted(store, subscription, candidates, now)
    if wanted:
        taste = await store.feedback.taste(subscription.channel)
        # Hundreds of matches take a while to rank, and people are answered beside it.
        deliveries = await asyncio.to_thread(_ranked, render, occurrence, wanted, taste)
    else:
        deliveries = await _quiet(store, render, occurrence)
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


def _ranked(
    render: Renderer, occurrence: Occurrence, wanted: list[Candidate], taste: Taste
) -> list[NewDelivery]:
    """The best of the matches as messages. Pure."""
    ranked = rank_candidates(occurrence.subscription, wanted, occurrence.day, taste)
    return lay_out(render, occurrence, ranked, _note(occurrence, len(ranked)))


def _occurrence(
    subscription: Subscription, candidates: list[Candidate], now: datetime
) -> Occurrence:
    zone = zone_of(subscription.zone)
    due_at = subscription.next_due_at or now
    last_hit = max((one.hit_id for one in candidates), default=subscription.hit_cursor)
    dated = subscription.cadence.every not in {Every.INSTANT, Every.HOURLY}
    period = period_of(subscription.cadence, zone, due_at, last_hit)
    if subscription.cadence.every is Every.INSTANT and not candidates:
        # Woken by a match the channel has seen already: the last match's label is taken.
        period = f"nothing new at {due_at.isoformat()}"
    return Occurrence(
        subscription,
        due_at,
        period,
        due_date(subscription.cadence, zone, due_at) if dated else now.astimezone(zone).date(),
        now,
    )


async def _unmuted(
    store: Store, subscription: Subscription, candidates: list[Candidate], now: datetime
) -> list[Candidate]:
    """A personal digest leaves out what its reader mutes; a channel's hides nothing."""
    reader = member_of(subscription.channel)
    if reader is None or not candidates:
        return candidates
    muted = await store.people.mutes(reader, now=now)
    hides = hidden_by((one.term for one in muted), now.date())
    return [one for one in candidates if not hides(one.paper)]


async def _quiet(store: Store, render: Renderer, occurrence: Occurrence) -> list[NewDelivery]:
    """What is said without papers: nothing, or a line."""
    subscription = occurrence.subscription
    if subscription.cadence.every in {Every.INSTANT, Every.HOURLY}:
        return []
    sources = await store.sources.all()
    if subscription.empty is EmptyDay.SILENT and not outage(sources):
        return []
    message = quiet_day(
        subscription,
        sources,
        occurrence.day,
        occurrence.now,
        scanned=await _scanned(store, occurrence),
    )
    if message is None:
        return []
    made = one_line(render, occurrence, message)
    if subscription.empty is EmptyDay.SILENT:
        key = f"{subscription.channel}/outage {outage(sources)}"
        if not await store.upkeep.first_time("outage", key, now=occurrence.now):
            return []
    return made


async def _scanned(store: Store, occurrence: Occurrence) -> int:
    """Papers announced on the days a digest covers."""
    back = days_covered(occurrence.subscription.cadence, occurrence.day)
    request = SearchRequest(
        root=None,
        today=occurrence.day,
        limit=0,
        since=occurrence.day - timedelta(days=back - 1),
        until=occurrence.day,
    )
    return (await store.papers.search(request)).total


def _note(occurrence: Occurrence, count: int) -> str:
    if occurrence.subscription.cadence.every is Every.INSTANT:
        return f"{count} papers came in at once, so here they are together."
    if occurrence.now - occurrence.due_at > LATE:
        return "This digest is late: the bot was not running when it was due."
    return ""
