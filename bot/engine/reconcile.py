"""Stage 5: messages of unknown fate → sent, or sent again. A slow queue of its own.

A platform that recognises a repeat is simply sent the message again while it can; elsewhere, and
later, the channel is read back.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.engine.deliver import Courier
from bot.engine.finish import finish
from bot.model import metrics
from bot.model.delivery import (
    Absent,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Outcome,
    Posted,
    ReadBack,
    Settlement,
    Unanswered,
    Unclear,
)
from bot.model.errors import BotError
from bot.model.steps import Step, passing
from bot.model.subscription import Channel, Platform
from bot.ports import Clock, Messenger, Meter, Store
from bot.rules.limits import REQUESTS_A_LOOK
from bot.rules.patience import UNSEEN
from bot.rules.settling import SUSPECT, Ambiguous, given_up, settlement

LOOKS_AT_ONCE = 8
"""A batch of looks that all end by their time limit must be over long before its lease is."""

LATE = timedelta(seconds=1)
"""So long after its place a look may begin; then it takes a new one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Settles deliveries whose fate is unknown."""

    store: Store
    messengers: Mapping[Platform, Messenger]
    clock: Clock
    courier: Courier
    meter: Meter
    policy: Ambiguous = Ambiguous.RESEND_ONCE

    async def reconcile(self) -> int:
        """Look after all that it is time for; how many were settled for good."""
        settled = 0
        while adopted := await self._adopt(alone=False):
            settled += await self._settle_all(adopted)
        while suspect := await self._adopt(alone=True):
            settled += await self._settle(suspect[0])
        return settled

    async def _settle_all(self, adopted: Sequence[Delivery]) -> int:
        """Channels side by side, so that one that hangs delays few; each channel in its order."""
        channels: dict[Channel, list[Delivery]] = {}
        for delivery in adopted:
            channels.setdefault(delivery.channel, []).append(delivery)
        free, problems = asyncio.Semaphore(LOOKS_AT_ONCE), list[BotError]()

        async def settle(lane: list[Delivery]) -> int:
            async with free:
                try:
                    return sum([await self._settle(one) for one in lane])
                except BotError as error:
                    # The others finish what they have begun; what is left here is adopted again.
                    problems.append(error)
                    return 0

        async with asyncio.TaskGroup() as looking:
            lanes = [looking.create_task(settle(lane)) for lane in channels.values()]
        if problems:
            raise problems[0]
        return sum(lane.result() for lane in lanes)

    @property
    def _apart(self) -> timedelta:
        return self.courier.lease / 2

    async def _adopt(self, *, alone: bool) -> list[Delivery]:
        return await self.store.outbox.adopt_unclear(
            frozenset(self.messengers),
            now=self.clock.now(),
            lease=self.courier.lease,
            alone=alone,
        )

    async def _settle(self, delivery: Delivery) -> bool:
        passing(Step.ADOPTED)
        if (hopeless := given_up(delivery)) is not None:
            settled = hopeless
        elif delivery.kind is DeliveryKind.EDIT:
            # The same edit again does no harm, whether it was made or not.
            settled = Settlement(DeliveryState.QUEUED, delivery.problem)
        else:
            if await self._comes_up(delivery):
                delivery, found = await self._find_out(delivery)
            else:
                found = Unanswered("others were in the way", wait=LATE)
            passing(Step.LOOKED)
            settled = settlement(
                delivery,
                found,
                policy=self.policy,
                now=self.clock.now(),
                apart=self._apart,
            )
        # Whoever sent it saw no answer, so nobody knows what the platform still takes there.
        next_at = self.clock.now() + UNSEEN[delivery.channel.platform]
        settled = replace(settled, next_at=next_at)
        counted = await finish(self.store.outbox.settle(delivery, settled, now=self.clock.now()))
        passing(Step.SETTLED)
        if not counted or settled.state is DeliveryState.UNKNOWN:
            return False
        self._tell(delivery, settled)
        return True

    async def _comes_up(self, delivery: Delivery) -> bool:
        """Wait for its place among all requests; False if that has passed.

        Those whom a platform that hangs held up must not come all at once.
        """
        if delivery.send_at is None:
            return True
        early = delivery.send_at - self.clock.now()
        if early < -LATE:
            return False
        await asyncio.sleep(max(0.0, early.total_seconds()))
        for _ in range(REQUESTS_A_LOOK):
            await self.courier.turns.wait(delivery)
        return await self.store.outbox.begin_look(delivery)

    async def _find_out(self, delivery: Delivery) -> tuple[Delivery, ReadBack]:
        """Whether it arrived; by sending it again where that cannot repeat it."""
        outcome = await self._again(delivery)
        if isinstance(outcome, Posted):
            return delivery, outcome
        found = await self._look(delivery)
        if isinstance(outcome, Unclear):
            # Until just now something was on its way: what was not found before proves nothing.
            delivery = replace(delivery, looks=0)
            if isinstance(found, Absent):
                found = Unanswered("sent again, and no answer either", wait=self._apart)
        return delivery, found

    async def _again(self, delivery: Delivery) -> Outcome | None:
        """Send it again if the platform will surely know it for a repeat; else None."""
        window = self.messengers[delivery.channel.platform].recognises_repeats_for
        # The platform counts from the first one, and this one may be long on its way.
        arrives_by = self.clock.now() + self.courier.post_within
        # What may have killed its worker is only looked for.
        if arrives_by >= _begun(delivery) + window or delivery.crashes >= SUSPECT:
            return None
        return await self.courier.post(delivery, delivery.payload)

    async def _look(self, delivery: Delivery) -> ReadBack:
        messenger = self.messengers[delivery.channel.platform]
        try:
            async with asyncio.timeout(self.courier.post_within.total_seconds()):
                return await messenger.find(
                    delivery.channel,
                    marker=delivery.marker,
                    since=_begun(delivery),
                    thread=delivery.target,
                )
        except TimeoutError:
            return Unanswered("no answer in time")

    def _tell(self, delivery: Delivery, settled: Settlement) -> None:
        self.meter.count(metrics.DELIVERY_UNKNOWN, resolution=settled.state.value)
        if settled.resends > delivery.resends:
            platform = delivery.channel.platform.value
            self.meter.count(metrics.SUSPECTED_DUPLICATES, platform=platform)
        if settled.state is DeliveryState.DEAD and delivery.crashes >= SUSPECT:
            log.error(
                "quarantined",
                extra={
                    "delivery": delivery.id,
                    "died": delivery.crashes,
                    "reason": settled.problem,
                },
            )
        log.warning(
            "unclear delivery settled",
            extra={
                "delivery": delivery.id,
                "outcome": settled.state.value,
                "reason": settled.problem,
            },
        )


def _begun(delivery: Delivery) -> datetime:
    """When the attempt began that may have arrived."""
    return delivery.first_try_at or delivery.created_at
