import asyncio
from datetime import timedelta

import pytest

from adapters.store import open_store
from bot.model.delivery import (
    ChannelGone,
    DeliveryKind,
    DeliveryState,
    NotSent,
    Posted,
    Receipt,
    Refused,
    Settlement,
    Unclear,
    WorkspaceGone,
)
from bot.model.subscription import Channel, Platform
from tests.adapters.store.given import EVERYWHERE, NOON, a_message, announce
from tests.builders import LAB, READING_CLUB, a_paper

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


async def owe(store, *keys, channel=LAB, **more):
    for key in keys:
        assert await store.outbox.enqueue(a_message(key, channel=channel, **more), now=NOON)


async def claim(store, *, now=NOON, worker="w1", limit=10, platforms=EVERYWHERE):
    return await store.outbox.claim(worker, platforms, now=now, lease=LEASE, limit=limit)


async def adopt(store, *, now, alone=False):
    return await store.outbox.adopt_unclear(EVERYWHERE, now=now, lease=LEASE, alone=alone)


async def record(store, delivery, outcome, *, retry_at=None, now=NOON):
    (counted,) = await store.outbox.record([Receipt(delivery, outcome, retry_at)], now=now)
    return counted


async def settle(store, delivery, state, *, now=NOON, **more):
    return await store.outbox.settle(delivery, Settlement(state, **more), now=now)


async def states(store):
    return (await store.upkeep.status()).deliveries


async def test_a_message_is_claimed_sent_and_done(store):
    paper = a_paper()
    await announce(store, paper)
    await store.outbox.enqueue(a_message("a", paper, payload={"blocks": ["é", 1]}), now=NOON)
    (delivery,) = await claim(store)
    assert delivery.payload == {"blocks": ["é", 1]}
    assert (delivery.channel, delivery.state, delivery.attempt, delivery.first_try_at) == (
        LAB, DeliveryState.SENDING, 1, NOON,
    )  # fmt: skip
    assert delivery.lease_until == NOON + LEASE
    assert 0 < len(delivery.marker) <= 25
    assert await record(store, delivery, Posted("m1"))
    assert await claim(store) == []
    (shown,) = await store.ledger.shown(LAB, 10)
    assert (shown.state, shown.message_id) == ("sent", "m1")
    (lane,) = await store.outbox.lanes(LAB, now=NOON)
    assert (lane.waiting, lane.last_ok_at, lane.state) == (0, NOON, "running")


async def test_a_dedupe_key_is_owed_once(store):
    await owe(store, "a")
    assert not await store.outbox.enqueue(a_message("a"), now=NOON)
    assert not await store.outbox.enqueue(a_message("a", channel=READING_CLUB), now=NOON)
    assert await states(store) == {"queued": 1}


async def test_messages_of_a_channel_go_one_after_another_in_their_order(store):
    await owe(store, "a", "b", "c")
    sent = []
    for _ in range(3):
        (delivery,) = await claim(store)
        assert await claim(store) == [], "a lane with a message under way has nothing to claim"
        await record(store, delivery, Posted(delivery.dedupe_key))
        sent.append(delivery.dedupe_key)
    assert sent == ["a", "b", "c"]


async def test_lanes_do_not_wait_for_each_other(store):
    await owe(store, "a1", "a2")
    await owe(store, "b1", "b2", channel=READING_CLUB)
    claimed = await claim(store)
    assert {one.dedupe_key for one in claimed} == {"a1", "b1"}


async def test_only_so_many_lanes_and_only_of_these_platforms_are_claimed(store):
    for number in range(3):
        await owe(store, f"s{number}", channel=Channel(Platform.SLACK, "T", f"C{number}"))
    await owe(store, "d", channel=Channel(Platform.DISCORD, "G", "C"))
    slack = frozenset({Platform.SLACK})
    assert len(await claim(store, limit=2, platforms=slack)) == 2
    assert len(await claim(store, limit=10, platforms=slack)) == 1
    assert await claim(store, platforms=slack) == []


async def test_a_message_waits_for_its_time_and_holds_those_behind_it(store):
    await owe(store, "later", not_before=NOON + SECOND)
    await owe(store, "behind")
    assert await claim(store) == []
    (delivery,) = await claim(store, now=NOON + SECOND)
    assert delivery.dedupe_key == "later"


async def test_what_came_too_late_expires_and_the_next_one_goes(store):
    await owe(store, "old", "older", expires_at=NOON + SECOND)
    await owe(store, "fresh")
    (delivery,) = await claim(store, now=NOON + SECOND)
    assert delivery.dedupe_key == "fresh"
    assert await states(store) == {"expired": 2, "sending": 1}


async def test_two_workers_never_get_the_same_message(url):
    async with open_store(url) as one, open_store(url) as other:
        for number in range(40):
            await owe(one, f"m{number}", channel=Channel(Platform.SLACK, "T", f"C{number}"))
        claimed = []

        async def work(store, name):
            while some := await claim(store, worker=name, limit=3):
                claimed.extend(delivery.dedupe_key for delivery in some)

        async with asyncio.TaskGroup() as tasks:
            for name, store in (("w1", one), ("w2", other), ("w3", one), ("w4", other)):
                tasks.create_task(work(store, name))
        assert sorted(claimed) == sorted(f"m{number}" for number in range(40))


async def test_what_certainly_was_not_sent_goes_again_when_its_time_has_come(store):
    await owe(store, "a", "b")
    (first,) = await claim(store)
    assert await record(store, first, NotSent("no route"), retry_at=NOON + 5 * SECOND)
    assert await claim(store, now=NOON + 4 * SECOND) == []
    (again,) = await claim(store, now=NOON + 5 * SECOND)
    assert (again.id, again.attempt, again.marker, again.first_try_at, again.problem) == (
        first.id, 2, first.marker, NOON + 5 * SECOND, "no route",
    )  # fmt: skip


async def test_given_up_messages_let_the_lane_move_on(store):
    await owe(store, "a", "b", "c")
    for outcome in (NotSent("for a day"), Refused("invalid_blocks")):
        (delivery,) = await claim(store)
        assert await record(store, delivery, outcome)
    assert await states(store) == {"dead": 2, "queued": 1}
    (delivery,) = await claim(store)
    assert delivery.dedupe_key == "c"


async def test_an_unclear_message_holds_its_lane_until_it_is_settled(store):
    await owe(store, "a", "b")
    (delivery,) = await claim(store)
    assert await record(store, delivery, Unclear("read timeout"))
    assert await claim(store, now=NOON + timedelta(hours=1)) == []
    (adopted,) = await adopt(store, now=NOON)
    assert (adopted.id, adopted.state, adopted.problem) == (
        delivery.id, DeliveryState.UNKNOWN, "read timeout",
    )  # fmt: skip
    assert adopted.generation > delivery.generation
    assert await adopt(store, now=NOON) == [], "it is being looked after"
    assert await settle(store, adopted, DeliveryState.SENT, message_id="m1")
    (following,) = await claim(store)
    assert following.dedupe_key == "b"


async def test_an_unclear_message_holds_its_lane_no_longer_than_ten_minutes(store):
    await owe(store, "a", "b")
    (delivery,) = await claim(store)
    await record(store, delivery, Unclear("reset"))
    (adopted,) = await adopt(store, now=NOON)
    later = NOON + timedelta(hours=1)
    await settle(store, adopted, DeliveryState.UNKNOWN, look_at=later)
    for minutes, free in ((9, []), (10, ["b"])):
        now = NOON + timedelta(minutes=minutes)
        await adopt(store, now=now)
        assert [one.dedupe_key for one in await claim(store, now=now)] == free
    found = next(one for one in await adopt(store, now=later) if one.id == delivery.id)
    assert await settle(store, found, DeliveryState.SENT, message_id="m1", now=later)
    (lane,) = await store.outbox.lanes(LAB, now=later)
    assert lane.unknown == 1, "the one that passed by still holds the lane"


async def test_a_message_that_may_be_sent_again_keeps_its_marker_and_its_place(store):
    await owe(store, "a", "b")
    (delivery,) = await claim(store)
    await record(store, delivery, Unclear("reset"))
    (adopted,) = await adopt(store, now=NOON)
    assert await settle(store, adopted, DeliveryState.QUEUED, resends=1)
    later = NOON + timedelta(minutes=1)
    (again,) = await claim(store, now=later)
    assert (again.id, again.marker, again.attempt, again.resends) == (
        delivery.id, delivery.marker, 2, 1,
    )  # fmt: skip
    assert again.first_try_at == later, "what came before certainly left nothing behind"


async def test_what_stays_unknown_is_looked_at_again_at_its_time(store):
    await owe(store, "a")
    (delivery,) = await claim(store)
    await record(store, delivery, Unclear("reset"))
    (adopted,) = await adopt(store, now=NOON)
    await settle(store, adopted, DeliveryState.UNKNOWN, look_at=NOON + 30 * SECOND, looks=1)
    (lane,) = await store.outbox.lanes(LAB, now=NOON)
    assert (lane.unknown, lane.waiting) == (1, 0)
    assert await adopt(store, now=NOON + 29 * SECOND) == []
    (again,) = await adopt(store, now=NOON + 30 * SECOND)
    assert again.looks == 1


async def test_a_worker_that_died_between_claim_and_receipt_leaves_an_unknown(store):
    await owe(store, "a")
    (lost,) = await claim(store, worker="dies")
    late = NOON + LEASE
    assert await adopt(store, now=late - SECOND) == []
    assert await claim(store, now=late) == [], "never straight back into the queue"
    (adopted,) = await adopt(store, now=late)
    assert (adopted.id, adopted.state, adopted.crashes) == (lost.id, DeliveryState.UNKNOWN, 1)
    assert await states(store) == {"unknown": 1}


async def test_a_worker_that_died_while_looking_counts_as_dead_too(store):
    await owe(store, "a")
    (delivery,) = await claim(store)
    await record(store, delivery, Unclear("reset"))
    (first,) = await adopt(store, now=NOON)
    (second,) = await adopt(store, now=NOON + LEASE)
    assert (first.crashes, second.crashes) == (0, 1)
    assert not await settle(store, first, DeliveryState.SENT, message_id="late")
    assert await settle(store, second, DeliveryState.QUEUED)
    (again,) = await claim(store)
    assert again.crashes == 1


async def test_messages_under_which_workers_died_go_out_one_at_a_time(store):
    """Of many that were under way when a worker died at most one is to blame: fault 46."""
    rooms = [Channel(Platform.TERMINAL, "", f"room-{number}") for number in range(3)]
    for number, room in enumerate(rooms):
        await owe(store, f"m{number}", channel=room)
    now = NOON
    for _ in range(2):
        assert len(await claim(store, now=now)) == 3
        now += LEASE
        unclear = await adopt(store, now=now)
        while suspect := await adopt(store, now=now, alone=True):
            unclear += suspect
        for one in unclear:
            await settle(store, one, DeliveryState.QUEUED, now=now)
    (first,) = await claim(store, now=now)
    assert await claim(store, now=now) == [], "the next one goes a little later"
    (second,) = await claim(store, now=now + 2 * SECOND)
    assert (first.crashes, second.crashes) == (2, 2)
    now += LEASE + 2 * SECOND
    assert await adopt(store, now=now) == []
    (looked_for,) = await adopt(store, now=now, alone=True)
    assert looked_for.crashes == 3
    (third,) = await claim(store, now=now)
    assert third.crashes == 2, "it was not under way when those died"


async def test_a_receipt_for_a_lost_lease_is_refused_and_changes_nothing(store):
    await owe(store, "a", "b")
    (frozen,) = await claim(store, worker="frozen")
    late = NOON + LEASE
    (adopted,) = await adopt(store, now=late)
    assert not await record(store, frozen, Posted("m1"), now=late)
    assert await states(store) == {"queued": 1, "unknown": 1}
    assert await settle(store, adopted, DeliveryState.QUEUED, now=late)
    (again,) = await claim(store, now=late)
    assert not await record(store, frozen, Refused("late"), now=late)
    assert not await settle(store, adopted, DeliveryState.SENT, message_id="m2", now=late)
    assert await record(store, again, Posted("m3"), now=late)


async def test_receipts_written_together_count_each_for_itself(store):
    await owe(store, "a")
    await owe(store, "b", channel=READING_CLUB)
    lost, kept = await claim(store)
    late = NOON + LEASE
    (lost,) = [one for one in (lost, kept) if one.dedupe_key == "a"]
    (kept,) = await claim(store, now=late) or [kept]
    assert len(await adopt(store, now=late)) == 2
    await owe(store, "c", channel=Channel(Platform.TERMINAL, "", "third"))
    (fresh,) = await claim(store, now=late)
    counted = await store.outbox.record(
        [Receipt(lost, Posted("m1")), Receipt(fresh, Posted("m2")), Receipt(kept, Posted("m3"))],
        now=late,
    )
    assert counted == [False, True, False]


async def test_a_late_receipt_counts_while_nobody_else_took_the_lane(store):
    await owe(store, "a")
    (delivery,) = await claim(store)
    assert await record(store, delivery, Posted("m1"), now=NOON + 2 * LEASE)
    assert await adopt(store, now=NOON + 3 * LEASE) == []


async def test_a_receipt_counts_once(store):
    await owe(store, "a")
    (delivery,) = await claim(store)
    assert await record(store, delivery, Posted("m1"))
    assert not await record(store, delivery, Posted("m2"))


async def test_a_channel_that_is_gone_is_paused_and_loses_nothing(store):
    await owe(store, "a", "b")
    await owe(store, "c", channel=READING_CLUB)
    first, *_ = await claim(store, limit=1)
    assert await record(store, first, ChannelGone("is_archived"))
    (lane,) = await store.outbox.lanes(first.channel, now=NOON)
    assert (lane.state, lane.reason, lane.waiting) == ("paused", "is_archived", 2)
    assert [one.dedupe_key for one in await claim(store)] == ["c"]
    await store.outbox.set_lane(first.channel, paused=None, now=NOON)
    (again,) = await claim(store)
    assert again.id == first.id


async def test_a_workspace_that_is_gone_pauses_all_its_channels_and_no_other(store):
    channels = [Channel(Platform.SLACK, team, f"C{n}") for team in ("T1", "T2") for n in (1, 2)]
    for channel in channels:
        await owe(store, str(channel), channel=channel)
    claimed = {one.channel: one for one in await claim(store)}
    assert await record(store, claimed[channels[0]], WorkspaceGone("token_revoked"))
    lanes = {lane.channel: lane.reason for lane in await store.outbox.lanes(now=NOON)}
    assert lanes == {
        channels[0]: "token_revoked",
        channels[1]: "token_revoked",
        channels[2]: "",
        channels[3]: "",
    }


async def test_a_lane_paused_by_hand_waits_and_a_resumed_one_goes_at_once(store):
    await store.outbox.set_lane(LAB, paused="moving house", now=NOON)
    await owe(store, "a")
    assert await claim(store) == []
    await store.outbox.set_lane(LAB, paused=None, now=NOON)
    (delivery,) = await claim(store)
    await record(store, delivery, NotSent("down"), retry_at=NOON + timedelta(hours=1))
    await store.outbox.set_lane(LAB, paused=None, now=NOON)
    assert len(await claim(store)) == 1


async def test_a_lane_paused_while_sending_stays_paused_after_the_receipt(store):
    await owe(store, "a", "b")
    (delivery,) = await claim(store)
    await store.outbox.set_lane(LAB, paused="enough", now=NOON)
    assert await record(store, delivery, Posted("m1"))
    assert await claim(store) == []


async def test_an_edit_names_the_message_that_was_posted_before(store):
    await owe(store, "card")
    await owe(store, "card changed", kind=DeliveryKind.EDIT, about="card")
    await owe(store, "news", kind=DeliveryKind.REPLY, about="card")
    (card,) = await claim(store)
    assert (card.kind, card.target) == (DeliveryKind.POST, "")
    assert await claim(store) == [], "what is about a message waits behind it"
    await record(store, card, Posted("m1"))
    for kind in (DeliveryKind.EDIT, DeliveryKind.REPLY):
        (later,) = await claim(store)
        assert (later.kind, later.target) == (kind, "m1")
        await record(store, later, Posted("m2"))


@pytest.mark.parametrize("kind", [DeliveryKind.EDIT, DeliveryKind.REPLY])
async def test_what_is_about_a_message_that_was_never_posted_is_cancelled(store, kind):
    await owe(store, "card")
    await owe(store, "about card", kind=kind, about="card")
    await owe(store, "about nothing", kind=kind, about="no such message")
    await owe(store, "next")
    (card,) = await claim(store)
    await record(store, card, Refused("invalid_blocks"))
    (following,) = await claim(store)
    assert following.dedupe_key == "next"
    assert await states(store) == {"dead": 1, "cancelled": 2, "sending": 1}


async def test_a_message_of_another_channel_cannot_be_changed(store):
    await owe(store, "card", channel=READING_CLUB)
    (card,) = await claim(store)
    await record(store, card, Posted("m1"))
    await owe(store, "changed", kind=DeliveryKind.EDIT, about="card", channel=LAB)
    assert await claim(store) == []
    assert await states(store) == {"sent": 1, "cancelled": 1}


async def test_of_several_waiting_edits_only_the_newest_is_made(store):
    await owe(store, "card", "other")
    for number in range(3):
        await owe(store, f"card {number}", kind=DeliveryKind.EDIT, about="card")
    await owe(store, "other 1", kind=DeliveryKind.EDIT, about="other")
    assert await states(store) == {"queued": 4, "rolled_up": 2}
    done = []
    for _ in range(4):
        (delivery,) = await claim(store)
        await record(store, delivery, Posted("m"))
        done.append(delivery.dedupe_key)
    assert done == ["card", "other", "card 2", "other 1"]


async def test_claiming_costs_the_same_however_much_was_sent_before(sqlite_store):
    """Plans, not clocks: every step of a claim goes by an index over what is open."""
    await owe(sqlite_store, "a")

    def plans(connection):
        queries = (
            "SELECT channel_id FROM lanes WHERE ready_at <= '2026' ORDER BY ready_at",
            "SELECT id FROM deliveries WHERE channel_id = 1 AND state = 'queued' ORDER BY seq",
            "SELECT channel_id FROM lanes WHERE busy_with IS NOT NULL AND lease_until <= '2026'",
        )
        return [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()[0][-1]
            for query in queries
        ]

    steps = await sqlite_store.outbox._database.read(plans)
    assert ["ix_lanes_ready" in steps[0], "ix_deliveries_waiting" in steps[1]] == [True, True]
    assert "ix_lanes_busy" in steps[2]
