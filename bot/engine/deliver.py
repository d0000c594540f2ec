"""Stage 4: outbox → channels. Sends each owed message once and writes down what became of it.

The order is what keeps the promise: the claim is durable before the network is touched, the send
happens once within a time limit shorter than the lease, the receipt counts only for that claim. A
claim whose fate is unknown is read back before anything is sent again.
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.engine.finish import finish
from bot.model import metrics
from bot.model.delivery import (
    Absent,
    ChannelGone,
    Delivery,
    DeliveryKind,
    NotSent,
    Outcome,
    Posted,
    ReadBack,
    Unclear,
    Unreadable,
)
from bot.model.steps import Step, passing
from bot.model.subscription import Platform
from bot.ports import Clock, Messenger, Meter, Store, Unmetered

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
POST_SHARE = 1 / 3
"""A send that takes longer is given up as unclear, well before anybody else may take the lane."""

HELD_LEASES = 10
"""An unclear message holds its channel for so many leases at most (delivery.md §1.5: 10 minutes)."""

SLOTS = 16
"""Channels posted to at the same time by one process."""

PACE = timedelta(seconds=1)
"""Least time between two messages to one channel (Slack: about one a second, platforms.md §2.5)."""

FIRST_BACKOFF = timedelta(seconds=5)
LONGEST_BACKOFF = timedelta(hours=1)


@dataclass(slots=True)
class Delivered:
    """What a round of deliveries came to."""

    posted: int = 0
    waiting: int = 0
    unclear: int = 0
    stopped: int = 0


class Courier:
    """Carries messages from the outbox to the channels of the platforms it has messengers for."""

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        clock: Clock,
        worker: str,
        *,
        lease: timedelta = LEASE,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._lease = lease
        self._post_within = lease * POST_SHARE
        self._store = store
        self._messengers = messengers
        self._clock = clock
        self._worker = worker
        self._stopping = False

    def stop(self) -> None:
        """Claim nothing more; what is on its way is finished."""
        self._stopping = True

    async def deliver(self) -> Delivered:
        """Send everything that is due, many channels side by side, each channel in order.

        A slow channel holds one slot; the others go on.
        """
        report = Delivered()
        running: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as sending:
            while not self._stopping:
                for delivery in await self._claim(SLOTS - len(running)):
                    running.add(sending.create_task(self._send(delivery, report)))
                if not running:
                    break
                _done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        return report

    async def _claim(self, free: int) -> list[Delivery]:
        if free <= 0:
            return []
        return await self._store.outbox.claim(
            self._worker,
            frozenset(self._messengers),
            now=self._clock.now(),
            lease=self._lease,
            limit=free,
        )

    async def _send(self, delivery: Delivery, report: Delivered) -> None:
        passing(Step.CLAIMED)
        outcome = await self._post(delivery)
        passing(Step.ANSWERED)
        now = self._clock.now()
        written = await finish(
            self._store.outbox.record(
                delivery, outcome, retry_at=retry_at(delivery, outcome, now), now=now
            )
        )
        passing(Step.RECORDED)
        _count(report, outcome)
        _tell(delivery, outcome, kept=written)
        self._measure(delivery, outcome, kept=written)

    def _measure(self, delivery: Delivery, outcome: Outcome, *, kept: bool) -> None:
        platform, meter = delivery.channel.platform.value, self._meter
        meter.count(
            metrics.DELIVERIES,
            platform=platform,
            kind=delivery.kind.value,
            outcome=type(outcome).__name__,
        )
        if not kept:
            meter.count(metrics.LEASES_LOST, kind="lane")
        if isinstance(outcome, Posted):
            late = (self._clock.now() - delivery.created_at).total_seconds()
            meter.observe(metrics.DELIVERY_LATENCY, max(0.0, late), platform=platform)

    async def _post(self, delivery: Delivery) -> Outcome:
        if delivery.lease_until is not None and self._clock.now() + self._post_within > (
            delivery.lease_until
        ):
            # The process slept through its own lease; somebody else may be sending this by now.
            return NotSent("the lease was nearly over before sending began")
        try:
            async with asyncio.timeout(self._post_within.total_seconds()):
                return await self._hand_over(delivery)
        except TimeoutError:
            return Unclear(f"no answer within {self._post_within.total_seconds():g} s")

    async def _hand_over(self, delivery: Delivery) -> Outcome:
        messenger = self._messengers[delivery.channel.platform]
        if delivery.kind is DeliveryKind.EDIT:
            outcome = await messenger.edit(delivery.channel, delivery.target, delivery.payload)
            # The same edit again does no harm, so nobody needs to look first.
            return NotSent(outcome.reason) if isinstance(outcome, Unclear) else outcome
        return await messenger.post(
            delivery.channel,
            delivery.payload,
            marker=delivery.marker,
            thread=delivery.target,
        )

    async def reconcile(self) -> int:
        """Read back deliveries nobody knows the fate of, and settle them; how many were settled."""
        unclear = await self._store.outbox.adopt_unclear(
            self._worker, frozenset(self._messengers), now=self._clock.now(), lease=self._lease
        )
        settled = 0
        for delivery in unclear:
            passing(Step.ADOPTED)
            found = await self._look(delivery)
            passing(Step.LOOKED)
            now = self._clock.now()
            settled += await finish(
                self._store.outbox.settle(
                    delivery, found, resend=self._resends(delivery, found, now), now=now
                )
            )
            passing(Step.SETTLED)
            self._meter.count(metrics.DELIVERY_UNKNOWN, resolution=type(found).__name__)
            log.warning(
                "unclear delivery settled",
                extra={"delivery": delivery.id, "found": type(found).__name__},
            )
        return settled

    def _resends(self, delivery: Delivery, found: ReadBack, now: datetime) -> bool:
        """Whether to send again what was not found.

        A channel that cannot be read is asked again for a while: most often the platform is only
        away. One that may not be read gets the message once more rather than perhaps never.
        """
        tried_at = delivery.first_try_at or delivery.created_at
        if not isinstance(found, Unreadable):
            return True
        if now < tried_at + self._lease * HELD_LEASES:
            return False
        self._meter.count(metrics.SUSPECTED_DUPLICATES, platform=delivery.channel.platform.value)
        return True

    async def _look(self, delivery: Delivery) -> ReadBack:
        if delivery.kind is DeliveryKind.EDIT:
            return Absent()  # to be made again, whether it was made or not
        messenger = self._messengers[delivery.channel.platform]
        try:
            async with asyncio.timeout(self._post_within.total_seconds()):
                return await messenger.find(
                    delivery.channel,
                    marker=delivery.marker,
                    since=delivery.first_try_at or delivery.created_at,
                    thread=delivery.target,
                )
        except TimeoutError:
            return Unreadable("no answer in time")


def retry_at(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    """When the lane may speak again: its pace, what the platform asked for, or back-off by age.

    None gives the delivery up. Age and not the number of attempts decides, so that the rule keeps
    its meaning whenever the back-off is tuned.
    """
    match outcome:
        case Posted():
            return now + PACE
        case NotSent(wait=wait):
            if now >= delivery.expires_at:
                return None
            return now + (wait if wait is not None else backoff(delivery.attempt))
        case _:
            return None


def backoff(attempt: int) -> timedelta:
    """Full jitter, 5 s doubling to 1 h, never under a second."""
    ceiling = min(FIRST_BACKOFF * (1 << min(attempt, 20)), LONGEST_BACKOFF)
    return max(timedelta(seconds=1), ceiling * random.random())  # noqa: S311 - not a secret


def _count(report: Delivered, outcome: Outcome) -> None:
    match outcome:
        case Posted():
            report.posted += 1
        case NotSent():
            report.waiting += 1
        case Unclear():
            report.unclear += 1
        case _:
            report.stopped += 1


def _tell(delivery: Delivery, outcome: Outcome, *, kept: bool) -> None:
    fields = {
        "delivery": delivery.id,
        "platform": delivery.channel.platform.value,
        "attempt": delivery.attempt,
        "outcome": type(outcome).__name__,
        "reason": getattr(outcome, "reason", ""),
    }
    if not kept:
        log.warning("lease lost before the receipt was written", extra=fields)
    elif isinstance(outcome, Posted):
        log.info("delivered", extra=fields)
    elif isinstance(outcome, ChannelGone):
        log.error("channel paused", extra=fields)
    else:
        log.warning("not delivered", extra=fields)
