"""One time for all processes, also when the answer about it was held up."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from adapters.clock import SharedClock
from config.time import Timekeeper

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Database:
    """Knows the time; each answer is so many seconds on its way back to a process."""

    def __init__(self, *slept: float) -> None:
        self.ticks, self.slept = 0.0, list(slept)
        self.upkeep = SimpleNamespace(time=self._time, remember=self._remember)

    @property
    def true_time(self) -> datetime:
        return NOON + timedelta(seconds=self.ticks)

    async def _time(self) -> datetime:
        answer = self.true_time
        self.ticks += self.slept.pop(0) if self.slept else 0.002
        return answer

    async def _remember(self, *_: object) -> None:
        """Not of interest here."""


@pytest.mark.parametrize("slept", [[12.0], [12.0, 0.8], [0.3, 0.1]])
async def test_a_process_that_was_frozen_while_it_asked_for_the_time_is_not_behind(slept):
    database: Any = Database(*slept)
    clock = SharedClock(lambda: database.ticks)
    await Timekeeper(clock, database).anchor()
    assert abs(clock.now() - database.true_time) <= timedelta(seconds=0.01)


async def test_a_database_that_is_always_slow_gives_the_time_all_the_same():
    database: Any = Database(2.0, 1.5, 3.0, 60.0)
    clock = SharedClock(lambda: database.ticks)
    await Timekeeper(clock, database).anchor()
    assert abs(clock.now() - database.true_time) <= timedelta(seconds=0.75)
    assert database.slept == [60.0], "it was asked three times"
