import asyncio
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import event

from adapters.store import open_store
from bot.model.delivery import DeliveryState, Settlement
from bot.model.errors import StoreDown
from bot.model.record import SearchRequest
from bot.model.topic import Text
from tests.adapters.store import importer
from tests.adapters.store.given import EVERYWHERE, NOON, TODAY, a_message, announce
from tests.builders import a_paper


async def counted(store):
    request = SearchRequest(root=Text(("alignment",)), today=TODAY, limit=0)
    status = await store.upkeep.status()
    (source,) = await store.sources.all()
    return (
        status.papers,
        (await store.papers.search(request)).total,
        status.unplanned,
        source.cursor,
    )


@pytest.mark.parametrize("lines", [0, 2, 5])
async def test_an_import_that_was_killed_is_finished_by_running_it_again(url, lines):
    command = [sys.executable, "-m", "tests.adapters.store.importer", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
    async with open_store(url) as store:
        papers = (await store.upkeep.status()).papers
        assert papers % importer.SIZE == 0, "a batch is stored whole or not at all"
        assert papers >= lines * importer.SIZE, "what was reported as stored is stored"
    await importer.run(url)
    whole = importer.BATCHES * importer.SIZE
    async with open_store(url) as store:
        assert await counted(store) == (whole, whole, whole, str(importer.BATCHES - 1))


async def test_two_importers_at_once_store_everything_once(url):
    async with open_store(url) as one, open_store(url) as other:
        totals = []

        async def save(store, number):
            batch = importer.batch(number)
            saved = await store.papers.save("import", batch, now=NOON, late_before=None)
            totals.append((saved.new, saved.unchanged))

        async with asyncio.TaskGroup() as tasks:
            for number in range(4):
                for store in (one, other):
                    tasks.create_task(save(store, number))
        size = importer.SIZE
        assert sorted(totals) == [(0, size)] * 4 + [(size, 0)] * 4
        assert (await one.upkeep.status()).papers == 4 * size


async def test_readers_are_not_held_up_by_a_writer(store):
    await announce(store, a_paper())
    started, finish = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(connection):
        loop.call_soon_threadsafe(started.set)
        asyncio.run_coroutine_threadsafe(finish.wait(), loop).result(10)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.upkeep._database.write(slow))
        await started.wait()
        assert (await store.upkeep.status()).papers == 1
        finish.set()


async def test_a_cancelled_wait_leaves_no_half_transaction(store):
    papers = [a_paper(f"Paper {number}") for number in range(300)]
    saving = asyncio.ensure_future(announce(store, *papers))
    await asyncio.sleep(0)  # enough to begin
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    # The next write waits for its turn, so the one before is over by now.
    await announce(store, a_paper("Another"))
    assert (await store.upkeep.status()).papers in {1, 301}


async def test_a_claim_is_durable_before_it_returns(url):
    async with open_store(url) as store:
        await store.outbox.enqueue(a_message("a"), now=NOON)
        lease = timedelta(seconds=60)
        (claimed,) = await store.outbox.claim("w", EVERYWHERE, now=NOON, lease=lease, limit=1)
    async with open_store(url) as survivor:
        late = NOON + lease
        (adopted,) = await survivor.outbox.adopt_unclear(
            EVERYWHERE, now=late, lease=lease, alone=False
        )
        assert (adopted.id, adopted.state) == (claimed.id, DeliveryState.UNKNOWN)
        assert await survivor.outbox.settle(
            adopted, Settlement(DeliveryState.SENT, message_id="m"), now=late
        )


async def test_sqlite_is_set_up_so_that_a_power_cut_undoes_nothing(sqlite_store):
    def settings(connection):
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    for ask in (sqlite_store.upkeep._database.write, sqlite_store.upkeep._database.read):
        assert await ask(settings) == ["wal", 2, 1, 10_000]


async def test_writers_take_the_lock_before_they_read(sqlite_store):
    begun = []
    database = sqlite_store.upkeep._database
    event.listen(
        database.writing,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: begun.append(statement),
    )
    await database.write(lambda connection: None)
    assert begun == ["BEGIN IMMEDIATE"]


async def test_a_full_disk_is_explained_and_loses_nothing(sqlite_store):
    await announce(sqlite_store, a_paper("Before"))
    database = sqlite_store.upkeep._database

    def limit(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    await database.write(limit)
    with pytest.raises(StoreDown, match="Make room"):
        await announce(sqlite_store, *(a_paper("x " * 5_000) for _ in range(50)), cursor="later")
    assert (await sqlite_store.upkeep.status()).papers == 1
    assert await sqlite_store.sources.all() == []
    await database.write(
        lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    )
    await announce(sqlite_store, a_paper("After"))


@pytest.mark.postgres
async def test_lost_connections_are_replaced_without_anybody_noticing(postgres_url):
    async with open_store(postgres_url) as store:
        await announce(store, a_paper())
        with psycopg.connect(postgres_url, autocommit=True) as other:
            _end_others(other)
        assert (await store.upkeep.status()).papers == 1
        await announce(store, a_paper())
        assert (await store.upkeep.status()).papers == 2


@pytest.mark.postgres
async def test_a_transaction_whose_connection_breaks_is_run_again_once(postgres_url):
    async with open_store(postgres_url) as store:
        runs = []

        def body(connection):
            runs.append(connection.exec_driver_sql("SELECT 1").scalar())
            if len(runs) == 1:
                with psycopg.connect(postgres_url, autocommit=True) as other:
                    _end_others(other)
            return connection.exec_driver_sql("SELECT 2").scalar()

        assert await store.upkeep._database.write(body) == 2
        assert runs == [1, 1]


@pytest.mark.postgres
async def test_a_break_during_commit_is_never_repeated_blindly(postgres_url):
    async with open_store(postgres_url) as store:
        runs = []
        database = store.upkeep._database

        def body(connection):
            runs.append(connection.exec_driver_sql("SELECT 1").scalar())

        @event.listens_for(database.writing, "commit")
        def _cut(connection):
            with psycopg.connect(postgres_url, autocommit=True) as other:
                _end_others(other)

        with pytest.raises(StoreDown, match="not known whether"):
            await database.write(body)
        assert runs == [1]


def _end_others(connection):
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
