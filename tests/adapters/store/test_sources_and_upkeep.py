import asyncio
from datetime import timedelta

from adapters.store import open_store
from bot.model.delivery import Posted, Receipt
from tests.adapters.store.given import (
    EVERYWHERE,
    NOON,
    TODAY,
    a_message,
    a_subscription,
    announce,
    plan_all,
)
from tests.builders import LAB, a_paper

HOLD = timedelta(minutes=10)
NAMES = ["hf_daily", "arxiv_rss:cs.CL"]


async def test_new_sources_are_due_at_once_and_held_by_one_caller(store):
    due = await store.sources.take_due(NAMES, now=NOON, hold=HOLD)
    assert sorted(one.name for one in due) == sorted(NAMES)
    assert await store.sources.take_due(NAMES, now=NOON, hold=HOLD) == []
    assert len(await store.sources.take_due(NAMES, now=NOON + HOLD, hold=HOLD)) == 2


async def test_two_hosts_never_take_the_same_source(url):
    async with open_store(url) as one, open_store(url) as other:
        taken = []

        async def take(store):
            taken.extend(await store.sources.take_due(NAMES, now=NOON, hold=HOLD))

        async with asyncio.TaskGroup() as tasks:
            for store in (one, other, one, other):
                tasks.create_task(take(store))
        assert sorted(one.name for one in taken) == sorted(NAMES)


async def test_a_success_clears_the_failures_before_it(store):
    later = NOON + timedelta(hours=1)
    for _ in range(3):
        await store.sources.failed("hf_daily", "503", next_poll_at=later, now=NOON)
    (source,) = await store.sources.all()
    assert (source.failures, source.problem, source.last_success_at) == (3, "503", None)
    assert source.next_poll_at == later
    await store.sources.succeeded("hf_daily", next_poll_at=later + HOLD, now=later)
    (source,) = await store.sources.all()
    assert (source.failures, source.problem, source.last_success_at) == (0, "", later)
    assert source.last_try_at == later


async def test_a_failure_leaves_the_cursor_where_it_was(store):
    await announce(store, a_paper(), source="hf_daily", cursor="2026-11-22")
    await store.sources.failed("hf_daily", "garbled \0 reply", next_poll_at=NOON, now=NOON)
    (source,) = await store.sources.all()
    assert (source.cursor, source.problem) == ("2026-11-22", "garbled  reply")


async def test_only_sources_asked_for_are_handed_out(store):
    await store.sources.take_due(["feed:old"], now=NOON - HOLD, hold=HOLD)
    due = await store.sources.take_due(["hf_daily"], now=NOON, hold=HOLD)
    assert [one.name for one in due] == ["hf_daily"]


async def test_an_event_is_new_once_for_two_days(store):
    assert await store.upkeep.first_time("slack", "Ev1", now=NOON)
    assert not await store.upkeep.first_time("slack", "Ev1", now=NOON + timedelta(hours=47))
    assert await store.upkeep.first_time("discord", "Ev1", now=NOON)
    assert await store.upkeep.tidy(now=NOON + timedelta(hours=48)) == 2
    assert await store.upkeep.first_time("slack", "Ev1", now=NOON + timedelta(hours=48))


async def test_status_counts_what_is_there(store):
    await store.subscriptions.add(a_subscription())
    await announce(store, a_paper(), a_paper())
    await plan_all(store)
    await announce(store, a_paper())
    await store.outbox.enqueue(a_message("a"), now=NOON)
    status = await store.upkeep.status()
    assert (status.papers, status.newest_on, status.subscriptions, status.filters) == (
        3, TODAY, 1, 1,
    )  # fmt: skip
    assert (status.unplanned, status.deliveries, status.oldest_waiting_at) == (
        1, {"queued": 1}, NOON,
    )  # fmt: skip


async def test_tidying_expires_what_came_too_late_and_the_lane_goes_on(store):
    await store.outbox.enqueue(a_message("a"), now=NOON)
    await store.outbox.enqueue(a_message("b", expires_at=NOON + timedelta(days=9)), now=NOON)
    assert await store.upkeep.tidy(now=NOON) == 0
    late = NOON + timedelta(days=1)
    assert await store.upkeep.tidy(now=late) == 1
    (lane,) = await store.outbox.lanes(LAB, now=late)
    assert lane.waiting == 1
    (delivery,) = await store.outbox.claim("w", EVERYWHERE, now=late, lease=HOLD, limit=5)
    assert delivery.dedupe_key == "b"


async def test_tidying_empties_old_payloads_and_keeps_what_was_shown(store):
    paper = a_paper()
    await announce(store, paper)
    await store.outbox.enqueue(a_message("a", paper), now=NOON)
    (delivery,) = await store.outbox.claim("w", EVERYWHERE, now=NOON, lease=HOLD, limit=5)
    await store.outbox.record([Receipt(delivery, Posted("m1"))], now=NOON)
    assert await store.upkeep.tidy(now=NOON + timedelta(days=89)) == 0
    assert await store.upkeep.tidy(now=NOON + timedelta(days=90)) == 1
    assert await store.upkeep.tidy(now=NOON + timedelta(days=90)) == 0
    (shown,) = await store.ledger.shown(LAB, 10)
    assert (shown.paper, shown.message_id, shown.at) == (paper.key, "m1", NOON)
    assert not await store.outbox.enqueue(a_message("a"), now=NOON)
