"""Real processes, killed, frozen and stopped at named steps: every paper comes once."""

import asyncio
import contextlib
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from adapters.store import schema
from bot.model.steps import Step
from bot.rules.settling import CRASHES
from config.failpoints import KILLED
from tests.chaos.conftest import a_bench
from tests.chaos.databases import SqliteFile
from tests.chaos.workers import Crew
from tests.servers.slack import faults

pytestmark = pytest.mark.timeout(180)

ON_THE_WAY = [
    Step.MATCHED, Step.PLANNED, Step.DECIDED, Step.COMPOSED, Step.CLAIMED, Step.ANSWERED,
    Step.RECORDED,
]  # fmt: skip


@pytest.mark.long
async def test_a_worker_that_dies_at_any_step_loses_nothing_and_repeats_nothing(both):
    """Faults 1 to 6: one worker after the other dies, each one step further on its way."""
    bench = both
    for step in ON_THE_WAY:
        await bench.load.announce_to_all()
        worker = bench.crew.start(PAPERS_FAILPOINT=f"{step}=kill")
        assert await bench.ended(worker) == KILLED, step
    bench.crew.start()
    await bench.until(lambda: bench.shown() >= bench.load.expected, 60)
    await bench.idle()
    assert bench.shown() == bench.load.expected == 2 * len(ON_THE_WAY)
    assert bench.platforms.papers_repeated() == []


async def test_a_worker_killed_in_the_middle_of_a_request_is_followed_by_a_look(bench):
    """Fault 4: the request is carried out, the answer never comes, the worker is gone."""
    fault = bench.platforms.slack.break_with("chat.postMessage", faults.hang(committed=True))
    await bench.load.announce_to_all()
    worker = bench.crew.start()
    await bench.until(lambda: fault.seen == 1 and bench.messages() == 1)
    worker.kill()
    bench.crew.start()
    await bench.idle()
    assert bench.messages() == 1
    (delivery,) = _rows(bench, "SELECT state, attempt, message_id FROM deliveries")
    assert delivery[:2] == ("sent", 1), "read back, not sent again"
    assert delivery[2] == bench.platforms.rooms[0].place.messages[0].ts


async def test_a_worker_that_slept_past_its_lease_does_not_post_what_another_has_posted(bench):
    """Fault 7: frozen between claim and request, woken when all is over."""
    await bench.load.announce_to_all()
    sleeper = bench.crew.start(PAPERS_FAILPOINT=f"{Step.CLAIMED}=stop")
    await bench.until(lambda: sleeper.is_frozen)
    bench.crew.start()
    await bench.until(lambda: bench.messages() == 1, 60)
    await bench.idle()
    sleeper.signal(signal.SIGCONT)
    await bench.until(lambda: "lease" in sleeper.text())
    await asyncio.sleep(1)
    assert bench.messages() == 1
    sleeper.signal(signal.SIGTERM)
    assert await bench.ended(sleeper) == 0


async def test_a_worker_frozen_with_its_connections_open_writes_nothing_when_it_wakes(tmp_path):
    """Fault 7, later: its last look at the lease is behind it, only the request is not written.

    On both platforms another worker has sent the message by the time it wakes.
    """
    url = f"sqlite:///{tmp_path}/frozen.db"
    async with a_bench(tmp_path, url, lease=2, slack=2, discord=2) as bench:
        await bench.load.announce_to_all()
        sleeper = bench.crew.start(PAPERS_FAILPOINT=f"{Step.WRITING}=stop")
        await bench.until(lambda: sleeper.is_frozen)
        assert bench.messages() == 0
        bench.crew.start()
        await bench.until(lambda: bench.messages() == 4, 60)
        await bench.idle()
        sleeper.signal(signal.SIGCONT)
        await bench.until(lambda: "lease" in sleeper.text())
        await asyncio.sleep(1)
        assert bench.messages() == 4
        asked = [one for one in bench.platforms.slack.calls if one.method == "chat.postMessage"]
        assert len(asked) == 2, "it has not even asked"
        sleeper.signal(signal.SIGTERM)
        assert await bench.ended(sleeper) == 0


async def test_a_stop_under_load_finishes_what_is_on_its_way_and_is_quick(bench):
    """Fault 43: SIGTERM while a request is under way; the next process has the rest."""
    bench.platforms.slack.break_with("chat.postMessage", faults.hang(committed=True))
    await bench.load.announce_to_all()
    worker = bench.crew.start()
    await bench.until(lambda: bench.messages() == 1)
    began = time.monotonic()
    worker.signal(signal.SIGTERM)
    assert await bench.ended(worker) == 0
    assert time.monotonic() - began < 25
    bench.crew.start()
    await bench.idle()
    assert bench.messages() == 1


@pytest.mark.long
async def test_a_stop_does_not_wait_longer_for_a_slow_server_than_a_host_waits_for_us(bench):
    """Fault 43 with the usual lease: hosts kill after 30 s, so everything is over within 25."""
    bench.platforms.slack.break_with("chat.postMessage", faults.hang(committed=True, times=None))
    await bench.load.announce_to_all()
    worker = bench.crew.start(PAPERS_LEASE_S="60")
    await bench.until(lambda: bench.messages() == 1)
    began = time.monotonic()
    worker.signal(signal.SIGTERM)
    assert await bench.ended(worker) == 0
    assert time.monotonic() - began < 25
    bench.platforms.mend()
    bench.crew.start(PAPERS_LEASE_S="60")
    await bench.idle()
    assert bench.messages() == 1


@pytest.mark.long
async def test_a_second_signal_ends_it_at_once_and_is_safe(bench):
    """Faults 44 and 45: the operator has no patience."""
    bench.platforms.slack.break_with("chat.postMessage", faults.hang(committed=True))
    await bench.load.announce_to_all()
    worker = bench.crew.start()
    await bench.until(lambda: bench.messages() == 1)
    worker.signal(signal.SIGTERM)
    await bench.until(lambda: '"stopping"' in worker.text())
    worker.signal(signal.SIGTERM)
    assert await bench.ended(worker, 2) == 1
    bench.crew.start()
    await bench.idle()
    assert bench.messages() == 1


@pytest.mark.long
async def test_without_room_on_the_disk_nothing_is_sent_that_is_not_written_down(bench):
    """Fault 11: the database cannot grow; with room again all goes out, once."""
    for _ in range(60):
        await bench.load.announce_to_all()
    full = bench.crew.start(PAPERS_FAILPOINT=f"{Step.OPENED}=pages:0@*")
    await bench.until(lambda: "disk of the database is full" in full.text())
    assert bench.messages() == 0
    full.kill()
    bench.crew.start()
    await bench.until(lambda: bench.shown() == 50, 60)  # the order says top:50
    await bench.idle()
    assert bench.platforms.papers_repeated() == []


@pytest.mark.long
async def test_a_file_held_for_half_a_minute_delays_and_ends_nothing(bench):
    """Fault 10: longer than anybody waits for a lock. Meanwhile people can still be answered."""
    worker = bench.crew.start()
    await bench.until(lambda: worker.is_at_work)
    await bench.load.announce_to_all()
    file = SqliteFile(bench.crew.folder)
    file.path = Path(bench.crew.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    async with asyncio.TaskGroup() as meanwhile:
        held = meanwhile.create_task(asyncio.to_thread(file.hold, 30))
        while not held.done():
            began = time.monotonic()
            await bench.store.upkeep.status()
            assert time.monotonic() - began < 5
            await asyncio.sleep(1)
    await bench.until(lambda: bench.shown() == 1)
    await bench.idle()
    assert worker.alive
    assert bench.messages() == 1


@pytest.mark.long
async def test_a_database_that_takes_two_seconds_for_every_change_repeats_nothing(tmp_path):
    """Fault 14: everything comes late, and once."""
    async with a_bench(tmp_path, f"sqlite:///{tmp_path}/slow.db", lease=20, slack=3) as bench:
        for _ in range(2):
            await bench.load.announce_to_all()
        worker = bench.crew.start(PAPERS_FAILPOINT=f"{Step.COMMITTING}=sleep:2@*")
        await bench.until(lambda: bench.shown() == bench.load.expected, 150)
        assert worker.alive
        assert bench.platforms.papers_repeated() == []


@pytest.mark.long
@pytest.mark.parametrize("workers", [2, 10])
async def test_many_workers_share_the_work_and_every_paper_comes_once(both, workers):
    """Fault 8."""
    bench = both
    for _ in range(4):
        await bench.load.announce_to_all()
    for _ in range(workers):
        bench.crew.start()
    await bench.until(lambda: bench.shown() >= bench.load.expected, 90)
    await bench.idle()
    assert bench.shown() == bench.load.expected
    assert bench.platforms.papers_repeated() == []


@pytest.mark.long
async def test_a_message_that_kills_every_worker_is_given_up_and_its_channel_goes_on(tmp_path):
    """Fault 46: two deaths in company, then three alone; the other channel waits for nobody."""
    async with a_bench(tmp_path, f"sqlite:///{tmp_path}/poison.db", lease=1, slack=2) as bench:
        await bench.load.announce_to_all()
        poison = f"{Step.CLAIMED}=kill:2000.00001@*"  # the first paper
        deaths, worker = 0, bench.crew.start(PAPERS_FAILPOINT=poison)
        while (await bench.store.upkeep.status()).deliveries.get("dead", 0) == 0:
            if not worker.alive:
                assert worker.process.returncode == KILLED
                deaths += 1
                worker = bench.crew.start(PAPERS_FAILPOINT=poison)
            await asyncio.sleep(0.05)
        assert deaths == CRASHES
        await bench.load.announce_to_all()
        await bench.until(lambda: bench.shown() == bench.load.expected - 1)
        await bench.idle()
        (problem,) = _rows(bench, "SELECT problem FROM deliveries WHERE state = 'dead'")
        assert "workers died" in problem[0]
        assert worker.alive


async def test_workers_of_two_versions_work_side_by_side(bench):
    """Rolling restart: the newer one has migrated, by adding, while the older one works on."""
    older = bench.crew.start()
    await bench.load.announce_to_all()
    await bench.until(lambda: bench.messages() == 1)
    _change(
        bench,
        "ALTER TABLE deliveries ADD COLUMN future TEXT",
        "CREATE TABLE futures (id INTEGER PRIMARY KEY)",
        f"UPDATE meta SET value = '9999_added {schema.head()}' WHERE name = 'programs_that_fit'",
        "UPDATE alembic_version SET version_num = '9999_added'",
    )
    newly_started = bench.crew.start()
    for _ in range(3):
        await bench.load.announce_to_all()
    await bench.until(lambda: bench.shown() == bench.load.expected)
    await bench.idle()
    assert older.alive
    await bench.until(lambda: newly_started.is_at_work)
    assert bench.platforms.papers_repeated() == []


async def test_a_database_that_does_not_fit_ends_the_start_before_any_login(tmp_path):
    """Fault 28: a crash loop over the database must not use up Discord's logins."""
    url = f"sqlite:///{tmp_path}/newer.db"
    async with a_bench(tmp_path, url, slack=0, discord=1) as bench:
        _change(
            bench,
            "UPDATE meta SET value = '9999_taken' WHERE name = 'programs_that_fit'",
            "UPDATE alembic_version SET version_num = '9999_taken'",
        )
        started = bench.crew.start("run")
        assert await bench.ended(started) == 1
        assert "install that version" in started.text()
        assert bench.platforms.discord.desk.asked == [], "a login begins with a request"


def test_a_wrong_setting_ends_the_start_before_any_login(tmp_path):
    """Faults 38 and 28."""
    with Crew(tmp_path, {"DISCORD_TOKEN": "nonsense"}) as crew:
        worker = crew.start("run")
        assert worker.process.wait(30) == 2
        assert worker.text().count("\n") == 1
        assert worker.text().startswith("DISCORD_TOKEN")


def _rows(bench, query):
    connection = sqlite3.connect(bench.crew.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _change(bench, *statements) -> None:
    file = bench.crew.environ["DATABASE_URL"].removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None, timeout=20)) as connection:
        for statement in statements:
            connection.execute(statement)
