"""Tests of the tests: with a safeguard taken away, what it guards breaks. Each runs both ways."""

import asyncio
import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from adapters import last_look
from adapters.discord.post import bot_session
from adapters.slack.client import new_client, posting
from adapters.slack.post import SlackMessenger
from adapters.store import engines, receipts
from adapters.store.engines import database_url, open_engine
from bot.engine.deliver import LEASE
from bot.model.delivery import NotSent, Receipt
from bot.model.last_look import permitted
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, a_paper
from tests.contracts.messenger import MARKER, a_digest
from tests.servers.slack import SlackServer, faults
from tests.world import a_world


@pytest.mark.parametrize(("retries", "posts"), [(False, 1), (True, 2)])
async def test_an_sdk_that_repeats_calls_by_itself_posts_twice(retries, posts):
    """The answer to a post is lost after Slack has taken it."""
    async with SlackServer(channel_pace=None) as slack:
        client = new_client(slack.bot_token, slack.api_url)
        if retries:
            client.retry_handlers = [
                AsyncConnectionErrorRetryHandler(max_retry_count=1),
                AsyncServerErrorRetryHandler(max_retry_count=1),
            ]
        messenger = SlackMessenger(client)
        channel = Channel(Platform.SLACK, slack.home.id, slack.general.id)
        slack.break_with("chat.postMessage", faults.server_error(503, committed=True))
        await messenger.post(channel, messenger.pages(a_digest())[0], marker=MARKER)
        assert len(slack.general.messages) == posts


async def a_worker_falls_asleep(world):
    """It has claimed the only message; meanwhile others settle it and post it."""
    await world.say("subscribe rings every:instant")
    world.source.announce(a_paper("On Rings"))
    world.clock.advance(timedelta(minutes=2))
    await world.engine.ingest()
    await world.engine.advance()
    (claimed,) = await world.store.outbox.claim(
        "sleeper", frozenset({LAB.platform}), now=world.clock.now(), lease=LEASE, limit=1
    )
    return claimed


@pytest.mark.parametrize(("looks", "posts"), [(True, 1), (False, 2)])
async def test_a_worker_that_does_not_look_at_its_lease_repeats_what_another_has_posted(
    tmp_path, looks, posts
):
    """It goes on where it was, as after SIGSTOP and SIGCONT."""
    async with a_world(tmp_path) as world:
        claimed = await a_worker_falls_asleep(world)
        for _ in range(4):
            world.clock.advance(LEASE * 2)
            await world.engine.reconciler.reconcile()
            await world.engine.courier.deliver()
        assert world.shown() == ["On Rings"]
        woken = claimed if looks else replace(claimed, lease_until=None)
        await world.engine.courier.post(woken, woken.payload)
        assert len(world.shown()) == posts


@pytest.mark.parametrize("looks", [True, False])
async def test_a_worker_that_looks_only_before_it_connects_writes_what_is_too_late(
    monkeypatch, looks
):
    """Its lease ends while the connection is opened: not a byte may follow."""
    if not looks:
        monkeypatch.setattr(last_look, "about_to_write", lambda: None)
    until, received = datetime(2026, 11, 23, tzinfo=UTC), bytearray()

    class Ear(asyncio.Protocol):
        def connection_made(self, transport):
            self.hang_up = transport.close

        def data_received(self, data):
            received.extend(data)
            self.hang_up()

    server = await asyncio.get_running_loop().create_server(Ear, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        for session in (bot_session("token"), posting(new_client("token"))):
            received.clear()
            async with session as one:
                connection = getattr(one, "session", one)
                with (
                    permitted(until, lambda: until + timedelta(milliseconds=1)) as permit,
                    pytest.raises(aiohttp.ClientError),
                ):
                    await connection.post(url, json={"text": "On Rings"})
            await asyncio.sleep(0.05)
            assert permit.withheld is looks
            assert bool(received) is not looks


@pytest.mark.parametrize(("looks", "posts"), [(True, 1), (False, 2)])
async def test_a_receipt_that_counts_for_any_claim_frees_a_channel_in_which_another_sends(
    tmp_path, monkeypatch, looks, posts
):
    """The sleeper wakes while another is sending: its receipt must not end that claim."""
    if not looks:
        monkeypatch.setattr(receipts, "_is_same", lambda lease, mine: True)
    async with a_world(tmp_path) as world:
        claimed = await a_worker_falls_asleep(world)
        platforms, courier = frozenset({LAB.platform}), world.engine.courier
        others = []
        while not others:
            world.clock.advance(LEASE)
            await world.engine.reconciler.reconcile()
            others = await world.store.outbox.claim(
                "other", platforms, now=world.clock.now(), lease=LEASE, limit=1
            )
        late = NotSent("the lease was nearly over", wait=timedelta(0), limited=True)
        now = world.clock.now()
        await world.store.outbox.record([Receipt(claimed, late, now)], now=now)
        third = await world.store.outbox.claim(
            "third", platforms, now=world.clock.now(), lease=LEASE, limit=1
        )
        for one in (*others, *third):
            await courier.post(one, one.payload)
        assert len(world.shown()) == posts


@pytest.mark.parametrize(("deferred", "refused"), [(False, 0), (True, 1)])
def test_transactions_that_take_the_lock_late_fail_one_another(
    tmp_path, monkeypatch, deferred, refused
):
    """Two writers read, then write. SQLite refuses the second at once, however long it may wait."""
    if deferred:
        monkeypatch.setattr(engines, "_begin_immediate", engines._begin_deferred)
    url = database_url(f"sqlite:///{tmp_path}/counter.db")
    engine = open_engine(url, threads=2, writes=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    both_have_read = threading.Barrier(2)
    failures = []

    def add_one():
        try:
            with engine.begin() as connection:
                value = connection.execute(text("SELECT value FROM counter")).scalar_one()
                # Whoever holds the lock waits in vain for the other, who cannot begin yet.
                with contextlib.suppress(threading.BrokenBarrierError):
                    both_have_read.wait(0.5)
                connection.execute(text("UPDATE counter SET value = :v"), {"v": value + 1})
        except OperationalError as error:
            failures.append(error)

    writers = [threading.Thread(target=add_one) for _ in range(2)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with engine.connect() as connection:
        value = connection.execute(text("SELECT value FROM counter")).scalar_one()
    engine.dispose()
    assert len(failures) == refused
    assert value == 2 - refused


def ring() -> None:
    """A job that a job store can name."""


def test_a_job_store_shared_by_two_processes_gives_the_same_job_to_both(tmp_path):
    """Why the metronome keeps its jobs in memory and only wakes."""
    due = datetime(2996, 11, 23, 9, 0, tzinfo=UTC)  # far away, so that nobody runs it here
    stores = [SQLAlchemyJobStore(f"sqlite:///{tmp_path}/jobs.db") for _ in range(2)]
    schedulers = [BackgroundScheduler(timezone=UTC, jobstores={"default": one}) for one in stores]
    for one in schedulers:
        one.start(paused=True)
    schedulers[0].add_job(ring, "date", run_date=due, id="digest", misfire_grace_time=None)
    taken = [job.id for one in stores for job in one.get_due_jobs(due)]
    for one in schedulers:
        one.shutdown()
    assert taken == ["digest", "digest"]


async def test_rows_that_both_processes_find_due_are_composed_by_one(tmp_path):
    """What stands in its place: both see the digest is due, the database lets one have it."""
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        world.source.announce(a_paper("On Rings"))
        await world.wait(minutes=2)
        world.clock.advance(timedelta(days=1))
        await world.engine.planner.plan()
        found = [await world.store.subscriptions.due(world.clock.now(), 10) for _ in range(2)]
        assert len(found[0]) == len(found[1]) == 1
        await world.engine.advance()
        await world.engine.advance()
        await world.engine.courier.deliver()
        assert world.shown() == ["On Rings"]
