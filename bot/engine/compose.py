"""Stage 3: due subscriptions → messages in the outbox.

The occurrence, its messages, the papers now counted as shown and the next due time are one
transaction in the store; composing itself is pure and happens outside of it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.engine.laying_out import Occurrence, lay_out
from bot.engine.quiet import Quiet
from bot.model import metrics
from bot.model.delivery import NewDelivery
from bot.model.member import member_of
from bot.model.paper import Paper
from bot.model.record import Candidate, Choice, Decision
from bot.model.steps import Step, passing
from bot.model.subscription import Channel, Every, Platform, Subscription
from bot.ports import Clock, Meter, Renderer, Store
from bot.rules.digests import MOST_SINGLE_POSTS, rank_candidates
from bot.rules.garbage import held_back
from bot.rules.muting import hidden_by
from bot.rules.schedule import due_date, next_due, period_of, zone_of
from bot.rules.studying import Studies
from bot.rules.taste import NO_TASTE, Taste

log = logging.getLogger(__name__)

BATCH = 250
"""Subscriptions composed in one transaction: under a tenth of a second for whoever else wants to write."""
ROUNDS = 16
"""Batches after which the collector of garbage has its turn: it looks at all that is new and kept."""
MOST_CANDIDATES = 2_000
LATE = timedelta(hours=2)

Hides = Callable[[Paper], bool]


async def compose(
    store: Store,
    renderers: Mapping[Platform, Renderer],
    clock: Clock,
    meter: Meter | None = None,
    studies: Studies | None = None,
) -> int:
    """Compose everything due; returns the number of occurrences that were committed.

    studies: kept by who composes again and again.
    """
    composed, studies = 0, studies or Studies()
    while done := await _rounds(store, renderers, studies, clock, meter):
        composed += done
    studies.forget_papers()
    return composed


async def _rounds(
    store: Store,
    renderers: Mapping[Platform, Renderer],
    studies: Studies,
    clock: Clock,
    meter: Meter | None,
) -> int:
    """Compose due subscriptions, `ROUNDS` times `BATCH` at most; how many were committed."""
    composed = 0
    with held_back():
        for _ in range(ROUNDS):
            due = await store.subscriptions.due(clock.now(), BATCH)
            if not due:
                break
            now = clock.now()
            committed = await _Round(store, renderers, studies, now).compose(due)
            for one, done in zip(due, committed, strict=True):
                if meter is not None and done and one.next_due_at is not None:
                    late = max(0.0, (now - one.next_due_at).total_seconds())
                    meter.observe(metrics.SCHEDULE_LAG, late)
            composed += sum(committed)
            if not any(committed):
                break  # somebody else is at it; the next beat looks again
    return composed


@dataclass(slots=True)
class _Draft:
    """An occurrence with what it chose from; deliveries None: there is nothing to show."""

    occurrence: Occurrence
    candidates: Sequence[Candidate]
    upto: int
    deliveries: list[NewDelivery] | None = None


@dataclass(frozen=True, slots=True)
class _Round:
    """Subscriptions that are due together: read together, committed together."""

    store: Store
    renderers: Mapping[Platform, Renderer]
    studies: Studies
    now: datetime

    async def compose(self, due: Sequence[Subscription]) -> list[bool]:
        """Which of them were committed."""
        choices = await self.store.ledger.candidates(due, MOST_CANDIDATES)
        channels = {one.channel for one in due if _papers(choices, one)}
        tastes = await self.store.feedback.tastes(channels)
        hides = {one: await self._hidden(one) for one in channels}
        # Hundreds of matches take a while to rank, and people are answered beside it.
        room = await self._room(due, choices)
        drafts = await asyncio.to_thread(self._drafts, due, choices, tastes, hides, room)
        quiet = Quiet(self.store, self.now)
        decisions = [await self._decided(draft, quiet) for draft in drafts]
        passing(Step.DECIDED)
        committed = await self.store.ledger.compose(decisions, now=self.now)
        passing(Step.COMPOSED)
        for draft, decision, done in zip(drafts, decisions, committed, strict=True):
            log.info(
                "digest composed" if done else "digest taken elsewhere",
                extra={
                    "subscription": decision.subscription.id,
                    "period": decision.period,
                    "matched": len(draft.candidates),
                    "messages": len(decision.deliveries),
                },
            )
        return committed

    async def _room(
        self, due: Sequence[Subscription], choices: Mapping[int, Choice]
    ) -> dict[Channel, int]:
        """How many more messages those that get papers one by one may get: what waits counts."""
        wanted = {
            one.channel
            for one in due
            if one.cadence.every is Every.INSTANT and _papers(choices, one)
        }
        if not wanted:
            return {}
        waiting = await self.store.outbox.waiting(wanted)
        return {one: MOST_SINGLE_POSTS - waiting.get(one, 0) for one in wanted}

    async def _hidden(self, channel: Channel) -> Hides | None:
        """A personal digest leaves out what its reader mutes; a channel's hides nothing."""
        reader = member_of(channel)
        if reader is None:
            return None
        muted = await self.store.people.mutes(reader, now=self.now)
        return hidden_by((one.term for one in muted), self.now.date())

    def _drafts(
        self,
        due: Sequence[Subscription],
        choices: Mapping[int, Choice],
        tastes: Mapping[Channel, Taste],
        hides: Mapping[Channel, Hides | None],
        room: dict[Channel, int],
    ) -> list[_Draft]:
        """The best of the matches as messages. Pure.

        What a channel is shown by one subscription the next one leaves out, as if the first were
        committed already; should it not be, neither is the next.
        """
        shown: dict[Channel, set[str]] = {}
        drafts = []
        for one in due:
            seen = shown.setdefault(one.channel, set())
            left = _papers(choices, one)
            if seen:
                left = [some for some in left if some.paper.key not in seen]
            occurrence = _occurrence(one, left, self.now)
            hidden = hides.get(one.channel)
            wanted = [some for some in left if not hidden(some.paper)] if hidden else left
            draft = _Draft(occurrence, left, _upto(choices, one))
            if wanted:
                render = self.renderers[one.channel.platform]
                taste = tastes.get(one.channel, NO_TASTE)
                papers = self.studies.papers(occurrence.day)
                choice = Choice(wanted, choices[one.id].also)
                studied = self.studies.of(one.filter)
                ranked = rank_candidates(one, choice, studied, papers, taste)
                note = _note(occurrence, len(wanted))
                left_here = room.get(one.channel, MOST_SINGLE_POSTS)
                draft.deliveries = lay_out(
                    render, occurrence, ranked, len(wanted), note, room=left_here
                )
                room[one.channel] = left_here - len(draft.deliveries)
                seen.update(key for message in draft.deliveries for key in message.papers)
            drafts.append(draft)
        return drafts

    async def _decided(self, draft: _Draft, quiet: Quiet) -> Decision:
        occurrence = draft.occurrence
        subscription = occurrence.subscription
        deliveries = draft.deliveries
        if deliveries is None:
            render = self.renderers[subscription.channel.platform]
            deliveries = await quiet.say(render, occurrence)
        return Decision(
            subscription=subscription,
            period=occurrence.period,
            next_due_at=next_due(subscription.cadence, zone_of(subscription.zone), self.now),
            hit_cursor=draft.upto,
            deliveries=deliveries,
        )


def _papers(choices: Mapping[int, Choice], subscription: Subscription) -> Sequence[Candidate]:
    choice = choices.get(subscription.id)
    return () if choice is None else choice.papers


def _upto(choices: Mapping[int, Choice], subscription: Subscription) -> int:
    """The last match looked at, whether or not it was one of its own."""
    choice = choices.get(subscription.id, Choice())
    return max(choice.upto, subscription.hit_cursor)


def _last(subscription: Subscription, candidates: Sequence[Candidate]) -> int:
    """The last match of those considered, oldest first."""
    return candidates[-1].hit_id if candidates else subscription.hit_cursor


def _occurrence(
    subscription: Subscription, candidates: Sequence[Candidate], now: datetime
) -> Occurrence:
    zone = zone_of(subscription.zone)
    due_at = subscription.next_due_at or now
    dated = subscription.cadence.every not in {Every.INSTANT, Every.HOURLY}
    period = period_of(subscription.cadence, zone, due_at, _last(subscription, candidates))
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


def _note(occurrence: Occurrence, count: int) -> str:
    late = occurrence.now - occurrence.due_at > LATE
    if occurrence.subscription.cadence.every is Every.INSTANT:
        when = "while I was away or could not post here" if late else "in at once"
        return f"{count} papers came {when}, so here they are together." if count > 1 else ""
    return "This digest is late: I was away or could not post here when it was due." if late else ""
