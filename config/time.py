"""One time for all processes: the database's; and what people find out when clocks are wrong."""

import logging
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from adapters.clock import STEP, SharedClock, SystemClock
from bot.engine.beat import Job
from bot.engine.deliver import LEASE
from bot.model import metrics
from bot.model.figures import CLOCK_OFF, CLOCK_SET
from bot.ports import Clock, Meter, Store, Unmetered

log = logging.getLogger(__name__)

ANCHOR_EVERY_S = 10

QUICK = timedelta(milliseconds=50)
MOST_ASKED = 3
"""An answer that took longer is not trusted before it was asked for so often."""

OFF = timedelta(seconds=30)
"""A host whose clock is further off than this has no time service, or a broken one."""


@dataclass(slots=True)
class Timekeeper:
    """Sets a shared clock by the database's. own: the clock of this host, which is only compared."""

    clock: Clock
    store: Store
    meter: Meter = field(default_factory=Unmetered)
    own: Clock = field(default_factory=SystemClock)
    host: str = field(default_factory=socket.gethostname)
    _anchored: bool = False
    _is_off: bool = False

    async def anchor(self) -> None:
        """Ask for the time. Raises StoreDown; then the clock just goes on."""
        if not isinstance(self.clock, SharedClock):
            return
        ahead = await self._ahead()
        then = self.clock.now() + ahead
        step = self.clock.anchor(then, unsettled=LEASE)
        self.meter.gauge(metrics.CLOCK_OFFSET, (self.own.now() - then).total_seconds())
        if self._anchored and abs(step) > STEP:
            await self._was_set(step)
        self._anchored = True  # before, it went by this host alone
        await self._compare(self.own.now() - then)

    async def _ahead(self) -> timedelta:
        """How far the database's clock is ahead of ours, by the quickest of a few answers.

        An answer is half as wrong as it was long on its way. Who takes one that waited while the
        process was frozen has a clock that is behind, and believes a lease that is over.
        """
        answers: list[tuple[timedelta, timedelta]] = []
        while len(answers) < MOST_ASKED and not (answers and answers[-1][0] <= QUICK):
            asked = self.clock.now()
            then = await self.store.upkeep.time()
            took = self.clock.now() - asked
            answers.append((took, then - asked - took / 2))
        return min(answers)[1]

    async def _was_set(self, step: timedelta) -> None:
        seconds = round(step.total_seconds(), 3)
        self.meter.count(metrics.CLOCK_STEPS)
        log.warning("the shared clock was set", extra={"by_s": seconds})
        said = (
            f"the database's clock was set by {seconds:+.0f} s at {self.clock.now():%Y-%m-%d %H:%M}"
            " UTC; for one lease nobody took over another's work"
        )
        await self.store.upkeep.remember(CLOCK_SET, said)

    async def _compare(self, offset: timedelta) -> None:
        is_off = abs(offset) > OFF
        if is_off == self._is_off:
            return
        self._is_off, said = is_off, ""
        if is_off:
            seconds = round(offset.total_seconds(), 1)
            log.warning("the clock of this host is off", extra={"by_s": seconds})
            said = (
                f"the clock of {self.host} is {seconds:+.0f} s off the database's, which counts;"
                " start its time service"
            )
        await self.store.upkeep.remember(CLOCK_OFF, said)


def when_settled(clock: Clock, job: Job) -> Callable[[], Awaitable[object]]:
    """`job`, but nobody takes over another's work while the ends of leases mean nothing.

    After the clock was set forward every lease seems to be over, and messages on their way would
    be sent again; one lease later what is over really is.
    """
    if job.name != "reconcile" or not isinstance(clock, SharedClock):
        return job.run

    async def run() -> object:
        return await job.run() if clock.settled else None

    return run
