"""Stage 1: sources → store. Reads every source that is due; one that fails delays no other."""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.model import metrics
from bot.model.errors import SourceError
from bot.model.paper import Rejection, Saved
from bot.model.record import Source
from bot.model.steps import Step, passing
from bot.ports import Clock, Meter, PaperSource, Store, Unmetered

log = logging.getLogger(__name__)

HOLD = timedelta(minutes=10)
"""How long a due source stays with the process that took it; longer than any reading may last."""

MAX_AGE = timedelta(days=3)
"""Older announcements are stored, not alerted: after a long absence nobody wants a flood."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
CIRCUIT_AFTER = 5
CIRCUIT_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one attempt to read a source brought; `problem` is empty when it went well."""

    source: str
    saved: Saved = field(default_factory=Saved)
    rejected: tuple[Rejection, ...] = ()
    problem: str = ""


async def ingest(
    store: Store, sources: Mapping[str, PaperSource], clock: Clock, meter: Meter | None = None
) -> list[Reading]:
    """Read all due sources side by side and store what they announce."""
    due = await store.sources.take_due(list(sources), now=clock.now(), hold=HOLD)
    async with asyncio.TaskGroup() as readings:
        tasks = [readings.create_task(_read(store, sources[one.name], one, clock)) for one in due]
    readings_made = [task.result() for task in tasks]
    for one in readings_made:
        _count(meter or Unmetered(), one)
    return readings_made


def _count(meter: Meter, reading: Reading) -> None:
    source = metrics.source_label(reading.source)
    meter.count(metrics.SOURCE_POLLS, source=source, result="failed" if reading.problem else "read")
    brought = {
        "new": reading.saved.new,
        "merged": reading.saved.merged,
        "rejected": len(reading.rejected),
    }
    for result, papers in brought.items():
        if papers:
            meter.count(metrics.SOURCE_ITEMS, papers, source=source, result=result)


async def _read(store: Store, source: PaperSource, before: Source, clock: Clock) -> Reading:
    now = clock.now()
    try:
        announced = await source.fetch(before.cursor, now)
    except SourceError as error:
        wait = wait_after(before.failures + 1, getattr(error, "wait", None))
        await store.sources.failed(
            source.name, str(error), next_poll_at=clock.now() + wait, now=clock.now()
        )
        log.warning(
            "source not read",
            extra={"source": source.name, "problem": str(error), "again_in_s": wait.seconds},
        )
        return Reading(source.name, problem=str(error))
    passing(Step.READ)
    saved = await store.papers.save(
        source.name, announced, now=now, late_before=late_before(before, now)
    )
    passing(Step.SAVED)
    next_poll_at = source.next_poll(announced.cursor or before.cursor, now)
    await store.sources.succeeded(source.name, next_poll_at=next_poll_at, now=now)
    log.info(
        "source read",
        extra={
            "source": source.name,
            "new": saved.new,
            "merged": saved.merged,
            "rejected": len(announced.rejected),
        },
    )
    return Reading(source.name, saved, announced.rejected)


def late_before(source: Source, now: datetime) -> date:
    """The date before which announcements no longer alert.

    The first reading of a source alerts today's papers only: the rest of its window is the
    baseline against which later news is measured.
    """
    first = source.cursor is None
    return (now if first else now - MAX_AGE).date()


def wait_after(failures: int, asked: timedelta | None) -> timedelta:
    """How long to leave a failing source alone: what it asked for, or doubling with jitter.

    After five failures in a row the circuit opens: half an hour, doubling to six.
    """
    if failures >= CIRCUIT_AFTER:
        wait = min(CIRCUIT_WAIT * (1 << min(failures - CIRCUIT_AFTER, 10)), LONGEST_WAIT)
    else:
        # Full jitter: many installations must not come back at the same second.
        wait = FIRST_WAIT + FIRST_WAIT * (1 << failures) * random.random()  # noqa: S311 - not a secret
    return max(wait, asked or timedelta())
