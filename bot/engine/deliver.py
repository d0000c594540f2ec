"""Stage 4: outbox → channels. Sends each owed message once and writes down what became of it.

The order is what keeps the promise: the claim is durable before the network is touched, the send
happens once within a time limit shorter than the lease, the receipt counts only for that claim. A
claim whose fate is unknown is read back before anything is sent again (`reconcile.py`).
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.engine.finish import finish
from bot.engine.telling import tell
from bot.engine.turns import Turns
from bot.model import metrics
from bot.model.delivery import (
    Delivery,
    DeliveryKind,
    NotSent,
    Outcome,
    Payload,
    Posted,
    Receipt,
    Refused,
    Unclear,
)
from bot.model.errors import BotError
from bot.model.last_look import permitted
from bot.model.steps import Step, passing
from bot.model.subscription import Platform
from bot.ports import Clock, Messenger, Meter, Store, Unmetered
from bot.rules.patience import pace, retry_at
from bot.rules.settling import SUSPECT

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
POST_SHARE = 1 / 3
"""A send that takes longer is given up as unclear, well before anybody else may take the lane."""

SLOTS = 64
"""Channels posted to at the same time by one process."""

POLL_S = 3.0
"""How often an idle courier looks for work that other processes made."""

BRIEFLY_S = 1.0
"""The longest wait between two looks while something is under way."""

TOO_LATE = NotSent(
    "the lease was nearly over before sending began", wait=timedelta(0), limited=True
)
"""The process slept through its own lease; somebody else may be sending this by now."""


@dataclass(slots=True)
class Delivered:
    """What a round of deliveries came to. lost: receipts whose lease was lost meanwhile."""

    posted: int = 0
    waiting: int = 0
    unclear: int = 0
    stopped: int = 0
    lost: int = 0


@dataclass(slots=True)
class _Round:
    """What is under way: tasks that send, and receipts that are not written yet.

    hushed: nothing more is begun until nothing is under way, since the next message goes alone.
    """

    sending: asyncio.TaskGroup
    running: set[asyncio.Task[Receipt]] = field(default_factory=set)
    receipts: list[Receipt] = field(default_factory=list)
    hushed: bool = False
    problem: BotError | None = None


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
        self.lease = lease
        self.post_within = lease * POST_SHARE
        self._store = store
        self._messengers = messengers
        self._clock = clock
        self._worker = worker
        self._meter = meter or Unmetered()
        self.turns = Turns()
        self._stopping = asyncio.Event()
        self._woken = asyncio.Event()

    def stop(self) -> None:
        """Claim nothing more; what is on its way is finished."""
        self._stopping.set()
        self._woken.set()

    def wake(self) -> None:
        """Something was owed just now: look at once."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until told to stop. A database that is away is waited for."""
        while not self._stopping.is_set():
            self._woken.clear()
            pause = POLL_S
            try:
                await self.deliver()
                pause = await self._until_ready(POLL_S)
            except BotError as error:
                log.error("deliveries wait", extra={"problem": str(error)})  # noqa: TRY400 - a known error
            except Exception:  # a mistake in one message must not end all deliveries
                log.exception("deliveries broke off; they go on")
            try:
                async with asyncio.timeout(pause):
                    await self._woken.wait()
            except TimeoutError:
                continue

    async def deliver(self) -> Delivered:
        """Send everything that is due, many channels side by side, each channel in order.

        A slow channel holds one slot; the others go on.
        """
        report = Delivered()
        async with asyncio.TaskGroup() as sending:
            under_way = _Round(sending)
            while under_way.problem is None:
                claimed = await self._start(under_way)
                if not (claimed or under_way.running or under_way.receipts):
                    break
                await self._wait(under_way, full=bool(claimed))
                await self._write(under_way, report)
        if under_way.problem is not None:
            raise under_way.problem
        return report

    async def _start(self, under_way: _Round) -> int:
        """Claim as many as there are free slots, and begin to send them."""
        free = SLOTS - len(under_way.running)
        if self._stopping.is_set() or free <= 0 or under_way.receipts:
            return 0
        if under_way.hushed and under_way.running:
            return 0
        under_way.hushed = False
        going = await self._claim(free, under_way)
        if going and going[0].crashes >= SUSPECT and under_way.running:
            # It goes alone: if its worker dies then, there is no doubt which message it was. Nor
            # may it wait in hand for the others' end: a death meanwhile would count as its doing.
            under_way.hushed = True
            under_way.receipts.append(self._handed_back(going[0]))
            return 0
        for one in going:
            under_way.running.add(under_way.sending.create_task(self._send(one)))
        return len(going)

    async def _claim(self, free: int, under_way: _Round) -> list[Delivery]:
        try:
            return await self._store.outbox.claim(
                self._worker,
                frozenset(self._messengers),
                now=self._clock.now(),
                lease=self.lease,
                limit=free,
            )
        except BotError as error:
            if not under_way.running:
                under_way.problem = error  # else what is under way comes to its end first
            return []

    async def _wait(self, under_way: _Round, *, full: bool) -> None:
        """Until something under way is done, or something else may be begun."""
        if not under_way.running:
            return
        if under_way.receipts:
            pause = 0.0
        else:
            pause = BRIEFLY_S if full else await self._until_ready(BRIEFLY_S)
        done, under_way.running = await asyncio.wait(
            under_way.running, timeout=pause, return_when=asyncio.FIRST_COMPLETED
        )
        under_way.receipts += [task.result() for task in done]

    async def _until_ready(self, longest: float) -> float:
        """Seconds until the next lane may go."""
        now = self._clock.now()
        try:
            ready = await self._store.outbox.next_ready(
                frozenset(self._messengers), before=now + timedelta(seconds=longest)
            )
        except BotError:
            ready = None
        if ready is None:
            return longest
        return max(0.01, min((ready - now).total_seconds(), longest))

    async def _write(self, under_way: _Round, report: Delivered) -> None:
        """Write receipts; without a database they are kept, for what was posted must be known."""
        if not under_way.receipts:
            return
        try:
            counted = await finish(
                self._store.outbox.record(under_way.receipts, now=self._clock.now())
            )
        except BotError as error:
            log.error(  # noqa: TRY400 - a known error
                "receipts wait",
                extra={"receipts": len(under_way.receipts), "problem": str(error)},
            )
            if self._stopping.is_set():
                under_way.problem = error  # the next process reads back what became of them
            await asyncio.sleep(BRIEFLY_S)
            return
        passing(Step.RECORDED)
        for receipt, kept in zip(under_way.receipts, counted, strict=True):
            _count(report, receipt.outcome, kept=kept)
            tell(receipt, self._meter, kept=kept)
        under_way.receipts = []

    def _handed_back(self, delivery: Delivery) -> Receipt:
        outcome = _not_now("others are under way")
        return Receipt(delivery, outcome, retry_at(delivery, outcome, self._clock.now(), 0.0))

    async def _send(self, delivery: Delivery) -> Receipt:
        passing(Step.CLAIMED, delivery)
        if delivery.send_at is not None:
            early = (delivery.send_at - self._clock.now()).total_seconds()
            if early > 0:
                waited = metrics.RATELIMIT_WAIT
                self._meter.observe(waited, early, platform=delivery.channel.platform.value)
                await asyncio.sleep(early)
            await self.turns.wait(delivery)
        if self._stopping.is_set():
            outcome: Outcome = _not_now("this process is stopping")
        elif self.turns.missed(delivery, self._clock.now()):
            outcome = _not_now("its place among the requests has passed")
        else:
            outcome = await self._hand_over(delivery)
        passing(Step.ANSWERED)
        now = self._clock.now()
        if isinstance(outcome, Posted):
            late = max(timedelta(0), now - delivery.not_before).total_seconds()
            platform = delivery.channel.platform.value
            self._meter.observe(metrics.DELIVERY_LATENCY, late, platform=platform)
        chance = random.random()  # noqa: S311 - not a secret
        return Receipt(delivery, outcome, retry_at(delivery, outcome, now, chance))

    async def _hand_over(self, delivery: Delivery) -> Outcome:
        """Send it; content that is refused once more as plain text, which repeats nothing."""
        outcome = await self.post(delivery, delivery.payload)
        if isinstance(outcome, Refused):
            plain = self._messengers[delivery.channel.platform].plain(delivery.payload)
            if plain is not None:
                fields = {"delivery": delivery.id, "reason": outcome.reason}
                log.error("content refused, sending plain text", extra=fields)
                # It counts as a request like any other.
                pause = pace(delivery.channel.platform, outcome.hold)
                await asyncio.sleep(pause.total_seconds())
                return await self.post(delivery, plain)
        return outcome

    async def post(self, delivery: Delivery, page: Mapping[str, object]) -> Outcome:
        """One request, begun and written only while the lease has time for it, and then ended."""
        # Given up so much later at most, and never written after that, whatever held us up.
        until = self._clock.now() + self.post_within
        if delivery.lease_until is not None and until > delivery.lease_until:
            return TOO_LATE
        messenger = self._messengers[delivery.channel.platform]
        with permitted(until, self._clock.now) as permit:
            try:
                async with asyncio.timeout(self.post_within.total_seconds()):
                    outcome = await self._asked(messenger, delivery, dict(page))
            except TimeoutError:
                outcome = Unclear(f"no answer within {self.post_within.total_seconds():g} s")
        if isinstance(outcome, Unclear) and permit.withheld:
            return TOO_LATE
        if isinstance(outcome, Unclear) and delivery.kind is DeliveryKind.EDIT:
            # The same edit again does no harm, so nobody needs to look first.
            return NotSent(outcome.reason)
        return outcome

    async def _asked(self, messenger: Messenger, delivery: Delivery, page: Payload) -> Outcome:
        if delivery.kind is DeliveryKind.EDIT:
            return await messenger.edit(delivery.channel, delivery.target, page)
        return await messenger.post(
            delivery.channel, page, marker=delivery.marker, thread=delivery.target
        )


def _not_now(reason: str) -> NotSent:
    """It goes back to where it was, and counts as no attempt."""
    return NotSent(reason, wait=timedelta(0), limited=True)


def _count(report: Delivered, outcome: Outcome, *, kept: bool) -> None:
    if not kept:
        report.lost += 1
    match outcome:
        case Posted():
            report.posted += 1
        case NotSent():
            report.waiting += 1
        case Unclear():
            report.unclear += 1
        case _:
            report.stopped += 1
