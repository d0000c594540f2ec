"""One time for all processes: the database's."""

import logging
from collections.abc import Awaitable, Callable

from adapters.clock import STEP, SharedClock
from bot.engine.beat import Job
from bot.engine.deliver import LEASE
from bot.ports import Clock, Store

log = logging.getLogger(__name__)

ANCHOR_EVERY_S = 10


async def anchor(clock: Clock, store: Store) -> None:
    """Set a shared clock by the database's. Raises StoreDown; then the clock just goes on."""
    if not isinstance(clock, SharedClock):
        return
    asked = clock.now()
    then = await store.upkeep.time()
    step = clock.anchor(then + (clock.now() - asked) / 2, unsettled=LEASE)
    if abs(step) > STEP:
        log.warning("the shared clock was set", extra={"by_s": round(step.total_seconds(), 3)})


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
