"""Processes on one PostgreSQL hear of each other's work at once; without a word they find it anyway."""

import asyncio
import contextlib

import psycopg
import pytest

from adapters.clock import SharedClock
from adapters.store import hints, open_store
from bot.engine import deliver
from bot.engine.deliver import Courier
from bot.model.hint import Hint
from tests.adapters.store.given import NOON, a_message, announce
from tests.builders import LAB, a_paper
from tests.fakes.messenger import FakeMessenger


@contextlib.asynccontextmanager
async def listening(store, heard):
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(store.hints.listen(heard))
        yield
        task.cancel()


@pytest.fixture
async def ears(postgres_url):
    """What one process hears, while another works on the same database."""
    heard: asyncio.Queue[Hint] = asyncio.Queue()
    async with (
        open_store(postgres_url) as one,
        open_store(postgres_url) as other,
        listening(one, heard.put_nowait),
    ):
        for hint in Hint:
            assert await heard.get() is hint, "some may have come before it listened"
        yield heard, other


@pytest.mark.postgres
async def test_what_another_process_has_found_and_owes_is_heard(ears):
    heard, other = ears
    await announce(other, a_paper())
    assert await heard.get() is Hint.PAPERS
    await other.outbox.enqueue(a_message("a"), now=NOON)
    assert await heard.get() is Hint.MESSAGES
    await other.outbox.set_lane(LAB, paused=None, now=NOON)
    assert await heard.get() is Hint.MESSAGES


@pytest.mark.postgres
async def test_what_was_undone_is_not_heard(ears):
    heard, other = ears
    await other.outbox.enqueue(a_message("a"), now=NOON)
    assert await heard.get() is Hint.MESSAGES
    assert not await other.outbox.enqueue(a_message("a"), now=NOON)
    await announce(other, a_paper())
    assert await heard.get() is Hint.PAPERS


@pytest.mark.postgres
async def test_after_a_break_everything_is_looked_at_and_hints_come_again(
    ears, postgres_url, monkeypatch
):
    monkeypatch.setattr(hints, "AGAIN_AFTER_S", 0.05)
    heard, other = ears
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )
    assert [await heard.get() for _ in Hint] == list(Hint)
    await announce(other, a_paper())
    assert await heard.get() is Hint.PAPERS


async def test_with_sqlite_nothing_is_heard_and_nothing_fails(sqlite_store):
    heard = []
    async with listening(sqlite_store, heard.append):
        await sqlite_store.outbox.enqueue(a_message("a"), now=NOON)
        await asyncio.sleep(0.05)
    assert heard == []


@pytest.mark.parametrize("hinted", [True, False])
@pytest.mark.postgres
async def test_a_message_of_another_process_goes_out_by_a_hint_or_by_looking(
    postgres_url, monkeypatch, hinted
):
    """With hints nobody looks for an hour; without, often."""
    monkeypatch.setattr(deliver, "POLL_S", 3600 if hinted else 0.05)
    platform = FakeMessenger()
    async with open_store(postgres_url) as one, open_store(postgres_url) as other:
        courier = Courier(one, {platform.platform: platform}, SharedClock(), "w1")
        idle = asyncio.Event()

        def heard(hint):
            idle.set()
            courier.wake()

        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(courier.run())]
            if hinted:
                running.append(tasks.create_task(one.hints.listen(heard)))
                await idle.wait()
            page = {"heading": "On Rings", "cards": [{"title": "On Rings"}]}
            await other.outbox.enqueue(
                a_message("a", payload=page, expires_at=NOON.replace(year=2999)), now=NOON
            )
            async with asyncio.timeout(20):
                while platform.titles(LAB) != ["On Rings"]:
                    await asyncio.sleep(0.02)
            for one_task in running:
                one_task.cancel()
