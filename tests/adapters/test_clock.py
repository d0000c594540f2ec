import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from adapters.clock import Metronome, SharedClock, SystemClock, VirtualClock
from bot.model.errors import StoreDown

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = 5.0


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.INFO, logger="adapters.clock")

    def lines():
        return [one.getMessage() for one in caplog.records if one.name == "adapters.clock"]

    return lines


class Job:
    """A job that counts its runs, and can wait, fail or be waited for."""

    def __init__(self):
        self.runs = 0
        self.error = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.cancelled = False

    async def __call__(self):
        self.runs += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        if self.error:
            raise self.error


async def until(condition):
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)


def test_the_system_clock_gives_the_time_in_utc():
    with time_machine.travel(NOON, tick=False):
        assert SystemClock().now() == NOON
        assert SystemClock().now().tzinfo is UTC


def test_a_virtual_clock_moves_only_by_hand():
    clock = VirtualClock(NOON)
    assert clock.now() == clock.now() == NOON

    clock.advance(timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)

    clock.move_to(datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_a_virtual_clock_refuses_a_time_without_a_zone():
    with pytest.raises(ValueError, match="zone"):
        VirtualClock(datetime(2026, 1, 1))  # noqa: DTZ001 (that is the point)


async def test_a_job_runs_at_once_and_then_again_and_again():
    metronome, job, rare = Metronome(), Job(), Job()
    metronome.every(0.02, "often", job)
    metronome.every(3600, "rare", rare)
    metronome.start()
    await until(lambda: job.runs >= 3)
    await metronome.stop()

    assert rare.runs == 1
    assert metronome.counts()["rare"] == {"done": 1, "failed": 0, "left_out": 0, "missed": 0}


async def test_a_callable_object_is_no_reason_to_leave_the_event_loop():
    metronome, loops = Metronome(), []

    class Stage:
        def run(self):
            return self.work()

        async def work(self):
            loops.append(asyncio.get_running_loop())

    metronome.every(60, "stage", Stage().run)
    metronome.start()
    await until(lambda: loops)
    await metronome.stop()

    assert loops == [asyncio.get_running_loop()]


async def test_a_slow_job_never_runs_beside_itself_and_says_so_once(said):
    metronome, job = Metronome(), Job()
    job.gate.clear()
    metronome.every(0.01, "slow", job)
    metronome.start()
    await until(lambda: metronome.counts()["slow"]["left_out"] >= 3)
    assert job.runs == 1
    assert said() == ["job takes longer than its interval"]

    job.gate.set()
    await until(lambda: job.runs > 1)
    await metronome.stop()
    assert said()[:2] == ["job takes longer than its interval", "job caught up"]


async def test_a_failing_job_is_counted_logged_ever_more_rarely_and_tried_again(said, caplog):
    metronome, job = Metronome(), Job()
    job.error = StoreDown("The database does not answer.")
    metronome.every(0.01, "plan", job)
    metronome.start()
    await until(lambda: metronome.counts()["plan"]["failed"] >= 5)

    failures = [one for one in caplog.records if one.getMessage() == "job failed"]
    assert [one.times for one in failures[:3]] == [1, 2, 4]
    assert failures[0].problem == "The database does not answer."
    assert failures[0].exc_info is None

    job.error = None
    await until(lambda: metronome.counts()["plan"]["done"])
    await metronome.stop()
    assert "job works again" in said()


async def test_an_unforeseen_error_is_logged_with_its_trace(caplog):
    metronome, job = Metronome(), Job()
    job.error = KeyError("title")
    metronome.every(60, "plan", job)
    metronome.start()
    await until(lambda: metronome.counts()["plan"]["failed"])
    await metronome.stop()

    [failure] = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert failure.exc_info[1] is job.error


async def test_stopping_waits_for_what_is_under_way_and_starts_nothing_new():
    metronome, job, other = Metronome(), Job(), Job()
    job.gate.clear()
    metronome.every(60, "deliver", job)
    metronome.every(0.01, "often", other)
    metronome.start()
    await until(lambda: job.runs == 1)

    async with asyncio.TaskGroup() as tasks:
        stopping = tasks.create_task(metronome.stop(within=SOON))
        await asyncio.sleep(0.02)
        runs = other.runs
        await asyncio.sleep(0.05)
        assert not stopping.done()
        assert other.runs == runs
        job.gate.set()

    assert not job.cancelled
    assert metronome.counts()["deliver"]["done"] == 1


async def test_stopping_does_not_wait_for_ever(said):
    metronome, job = Metronome(), Job()
    job.gate.clear()
    metronome.every(60, "hangs", job)
    metronome.start()
    await until(lambda: job.runs == 1)

    async with asyncio.timeout(SOON):
        await metronome.stop(within=0.01)

    assert job.cancelled
    assert said() == ["jobs cut off"]
    assert metronome.counts()["hangs"]["failed"] == 0


async def test_stopping_twice_or_before_the_start_is_harmless():
    metronome = Metronome()
    await metronome.stop()
    metronome.start()
    await metronome.stop()
    await metronome.stop()


async def test_a_clock_set_back_by_an_hour_does_not_silence_the_bot(said):
    with time_machine.travel(NOON) as traveller:
        metronome, job = Metronome(watch=0.01), Job()
        metronome.every(0.05, "deliver", job)
        metronome.start()
        await until(lambda: job.runs)

        traveller.shift(timedelta(hours=-1))
        runs = job.runs
        await until(lambda: job.runs >= runs + 3)
        await metronome.stop()

    assert said() == ["the system's clock was set back"]


async def test_a_clock_set_forward_by_years_costs_one_run():
    with time_machine.travel(datetime(1990, 1, 1, tzinfo=UTC)) as traveller:
        metronome, job = Metronome(), Job()
        metronome.every(0.05, "deliver", job)
        metronome.start()
        await until(lambda: job.runs)

        traveller.shift(timedelta(days=365 * 36))
        runs = job.runs
        await until(lambda: job.runs >= runs + 3)
        await metronome.stop()

    assert metronome.counts()["deliver"]["left_out"] == 0


# --- one time for all processes -----------------------------------------------------------------


class Timer:
    """A timer that a test winds."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


MINUTE = timedelta(minutes=1)


def test_the_shared_clock_goes_on_from_the_databases_time_whatever_the_host_says():
    timer = Timer()
    clock = SharedClock(timer)
    clock.anchor(NOON, unsettled=MINUTE)
    timer.seconds += 90
    with time_machine.travel(NOON + timedelta(days=300)):
        assert clock.now() == NOON + timedelta(seconds=90)


def test_two_hosts_ninety_seconds_apart_have_one_time():
    hosts = []
    for off in (0, 90):
        with time_machine.travel(NOON + timedelta(seconds=off)):
            hosts.append(SharedClock(Timer()))
    for host in hosts:
        host.anchor(NOON, unsettled=MINUTE)
    assert hosts[0].now() == hosts[1].now() == NOON


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=-1)])
def test_after_a_step_of_the_databases_clock_leases_mean_nothing_for_a_while(step):
    timer = Timer()
    clock = SharedClock(timer)
    clock.anchor(NOON, unsettled=MINUTE)
    timer.seconds += 120
    assert clock.settled
    assert clock.anchor(clock.now() + step, unsettled=MINUTE) == step
    assert not clock.settled
    timer.seconds += 59
    assert not clock.settled
    timer.seconds += 1
    assert clock.settled


def test_drift_and_slow_answers_of_the_database_unsettle_nothing():
    timer = Timer()
    clock = SharedClock(timer)
    clock.anchor(NOON, unsettled=MINUTE)
    timer.seconds += 120
    clock.anchor(clock.now() + timedelta(seconds=0.5), unsettled=MINUTE)
    assert clock.settled


def test_the_timer_counts_on_in_real_time():
    clock = SharedClock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    before = clock.now()
    time.sleep(0.01)
    assert clock.now() > before
