"""Time: the system's clock, a clock that is moved by hand, and the metronome that wakes the engine.

The only file that asks the system for the time. The metronome only wakes; what is due is decided
by rows in the database, so a beat too many or too few does no harm.
"""

import asyncio
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    JobEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.model import metrics
from bot.model.errors import BotError
from bot.ports import Meter, Unmetered

log = logging.getLogger(__name__)

WATCH_S = 5.0
"""How often the metronome looks whether the system's clock was set back."""

SET_BACK = timedelta(seconds=1)
"""A clock that lost more than this against the loop's own was set back; drift is far below."""

STEP = timedelta(seconds=2)
"""Two readings of the database's clock that differ by more are not explained by a slow answer."""

GIVE_UP_S = 1.0
"""How long cancelled jobs get to come to an end."""


class SystemClock:
    """The Clock port on the system's time."""

    def now(self) -> datetime:
        """The current instant, aware, UTC."""
        return _now()


class SharedClock:
    """The Clock port for many processes: the database's time, carried on by this machine's timer.

    Leases and due times are compared across hosts whose clocks may be minutes apart and may be set
    at any moment. So the wall clock of the host is not asked: `anchor` takes the database's time,
    and between two anchors a timer counts that cannot be set and goes on while the host sleeps.
    """

    def __init__(self, timer: Callable[[], float] | None = None) -> None:
        self._timer = timer or _seconds_since_boot
        self._at = self._timer()
        self._then = _now()
        self._unsettled_until = -math.inf

    def now(self) -> datetime:
        """The shared time, aware, UTC."""
        return self._then + timedelta(seconds=self._timer() - self._at)

    def anchor(self, then: datetime, *, unsettled: timedelta) -> timedelta:
        """Set it to the shared time; by how much that moved it.

        A large step is somebody setting the database's clock: leases that were taken before it
        seem to be over, or endless, for `unsettled` long.
        """
        ticks = self._timer()
        step = then - self.now()
        self._at, self._then = ticks, _in_utc(then)
        if abs(step) > STEP:
            self._unsettled_until = ticks + unsettled.total_seconds()
        return step

    @property
    def settled(self) -> bool:
        """Whether the ends of leases mean what they say."""
        return self._timer() >= self._unsettled_until


def _seconds_since_boot() -> float:
    # Counts on while the machine is suspended; elsewhere than on Linux the nearest there is.
    boottime = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(boottime)


class VirtualClock:
    """The Clock port for demo and simulation: it stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = _in_utc(start)

    def now(self) -> datetime:
        """The instant it was moved to, aware, UTC."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Let this much time go by; a negative span sets the clock back, as operators do."""
        self._now += by

    def move_to(self, instant: datetime) -> None:
        """Set it to an aware instant."""
        self._now = _in_utc(instant)


class Metronome:
    """Runs each job at once and then every so many seconds, never two runs of a job at a time.

    A run that comes late is run once; one that would overlap is left out. Failures are logged
    and counted, and do not stop the next run. watch: seconds between looks at the clock.
    """

    def __init__(self, meter: Meter | None = None, *, watch: float = WATCH_S) -> None:
        self._meter = meter or Unmetered()
        # Its own lines say less than ours below, and would double them.
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._scheduler.add_listener(self._done, EVENT_JOB_EXECUTED)
        self._scheduler.add_listener(self._failed, EVENT_JOB_ERROR)
        self._scheduler.add_listener(self._left_out, EVENT_JOB_MAX_INSTANCES)
        self._scheduler.add_listener(self._missed, EVENT_JOB_MISSED)
        self._counts: dict[str, Counter[str]] = {}
        self._failing: Counter[str] = Counter()
        self._overlapping: Counter[str] = Counter()
        self._active: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._watch = watch
        self._watching: asyncio.TimerHandle | None = None

    def every(self, seconds: float, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Run `job` now, or at the start, and then every `seconds`; `name` is its own."""
        self._counts[name] = Counter()

        # APScheduler runs coroutine functions on the loop and anything else in a thread.
        async def run() -> None:
            self._active.add(name)
            self._idle.clear()
            began = asyncio.get_running_loop().time()
            try:
                await job()
            finally:
                took = asyncio.get_running_loop().time() - began
                self._meter.observe(metrics.JOB_SECONDS, took, job=name)
                self._active.discard(name)
                if not self._active:
                    self._idle.set()

        self._scheduler.add_job(
            run, _Beat(timedelta(seconds=seconds)), id=name, name=name, next_run_time=_now()
        )

    def hasten(self, name: str) -> None:
        """Run a job now rather than at its time; one that is running finds by itself what is new."""
        job = self._scheduler.get_job(name)
        if job is not None and name not in self._active:
            job.modify(next_run_time=_now())

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()
        self._look(_now(), asyncio.get_running_loop().time())

    async def stop(self, *, within: float = 10.0) -> None:
        """Start no more runs, wait up to `within` seconds for those under way, cancel the rest."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._watching:
            self._watching.cancel()
        if not await self._idle_within(within):
            log.warning("jobs cut off", extra={"running": len(self._active), "after_s": within})
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the shutdown is a callback of the loop
        if not await self._idle_within(GIVE_UP_S):
            log.error("a job does not stop", extra={"running": len(self._active)})

    async def _idle_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def counts(self) -> dict[str, dict[str, int]]:
        """Per job: `done`, `failed`, `left_out` (the run before was not over) and `missed`."""
        return {
            name: {what: counted[what] for what in ("done", "failed", "left_out", "missed")}
            for name, counted in self._counts.items()
        }

    def _done(self, event: JobEvent) -> None:
        name = event.job_id
        self._counts[name]["done"] += 1
        failures = self._failing.pop(name, 0)
        if failures:
            log.info("job works again", extra={"job": name, "failures": failures})
        overlaps = self._overlapping.pop(name, 0)
        if overlaps:
            log.info("job caught up", extra={"job": name, "left_out": overlaps})

    def _failed(self, event: JobEvent) -> None:
        name, error = event.job_id, event.exception
        if isinstance(error, asyncio.CancelledError):
            return  # we cancelled it ourselves
        self._note(name, "failed")
        self._failing[name] += 1
        times = self._failing[name]
        if times & (times - 1):
            return  # a job every few seconds with the database down: log the 1st, 2nd, 4th, 8th …
        # Our own errors say what happened; of any other the trace is all there is.
        trace = None if isinstance(error, BotError) else error
        fields = {"job": name, "times": times, "problem": str(error) or type(error).__name__}
        log.error("job failed", extra=fields, exc_info=trace)

    def _left_out(self, event: JobEvent) -> None:
        name = event.job_id
        self._note(name, "left_out")
        self._overlapping[name] += 1
        if self._overlapping[name] == 1:
            log.warning("job takes longer than its interval", extra={"job": name})

    def _missed(self, event: JobEvent) -> None:
        self._note(event.job_id, "missed")
        log.warning("job missed its time", extra={"job": event.job_id})

    def _note(self, name: str, reason: str) -> None:
        self._counts[name][reason] += 1
        self._meter.count(metrics.SCHEDULE_MISSED, job=name, reason=reason)

    def _look(self, wall: datetime, monotonic: float) -> None:
        """Run all jobs anew when the clock was set back: each waits for a time now far ahead."""
        loop = asyncio.get_running_loop()
        now, ticks = _now(), loop.time()
        lost = timedelta(seconds=ticks - monotonic) - (now - wall)
        if lost > SET_BACK:
            log.warning("the system's clock was set back", extra={"by_s": lost.total_seconds()})
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=now)
        self._watching = loop.call_later(self._watch, self._look, now, ticks)


class _Beat(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """The next run, counted from the last one, but never a row of runs that are already past.

    APScheduler's own interval trigger lists each run between two settings of the clock.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        following = (previous or now) + self._interval
        return following if following > now else now + self._interval


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the one place that may)


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return instant.astimezone(UTC)
