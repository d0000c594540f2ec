"""Many channels due at once under one shared limit: each comes up once, in time, whatever they are."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from bot.model.delivery import Posted, Receipt, Unclear
from bot.model.subscription import Channel, Platform
from bot.rules.limits import DISCORD_REQUESTS, REQUESTS_A_LOOK
from tests.adapters.store.given import NOON, a_message

DISCORD = frozenset({Platform.DISCORD})
LEASE = timedelta(seconds=60)
STEP = timedelta(milliseconds=100)
LANES = 150


async def test_lanes_that_wait_for_a_limit_come_up_in_turn_and_waste_nothing(store):
    for number in range(LANES):
        room = Channel(Platform.DISCORD, "1", str(number))
        await store.outbox.enqueue(a_message(f"m{number}", channel=room), now=NOON)
    now, sent = NOON, []
    while len(sent) < LANES:
        claimed = await store.outbox.claim("w", DISCORD, now=now, lease=LEASE, limit=64)
        sent += [one.send_at for one in claimed]
        receipts = [Receipt(one, Posted(str(one.id)), now) for one in claimed]
        await store.outbox.record(receipts, now=now)
        now += STEP
        assert now < NOON + timedelta(seconds=10), f"{LANES - len(sent)} still wait"
    sent.sort()
    assert sent[-1] - sent[0] <= LANES * DISCORD_REQUESTS, "every place was used"
    assert all(after - before >= 0.98 * DISCORD_REQUESTS for before, after in pairwise(sent))


async def test_who_waits_for_a_limit_is_not_looked_at_again_before_its_turn(store):
    for number in range(LANES):
        room = Channel(Platform.DISCORD, "1", str(number))
        await store.outbox.enqueue(a_message(f"m{number}", channel=room), now=NOON)
    first = await store.outbox.claim("w", DISCORD, now=NOON, lease=LEASE, limit=64)
    assert 20 <= len(first) <= 30, "those whose turn comes within half a second"
    waits = Counter()
    for number in range(100):
        at = NOON + number * STEP / 10
        ready = await store.outbox.next_ready(DISCORD, before=at)
        waits[ready is not None] += 1
        if ready is not None:
            break
    assert waits[False] >= 1, "nobody is up the moment after all were put off"
    # More is owed to a channel that waits: it keeps its turn.
    room = first[-1].channel
    waiting = Channel(Platform.DISCORD, "1", str(LANES - 1))
    assert waiting != room
    await store.outbox.enqueue(a_message("more", channel=waiting), now=NOON)
    soon = await store.outbox.next_ready(DISCORD, before=NOON + timedelta(milliseconds=1))
    assert soon is None


async def test_reading_back_takes_its_requests_from_the_same_limit_as_posts(store):
    """50 a second are for the bot as a whole, whatever it asks."""
    for number in range(LANES):
        room = Channel(Platform.DISCORD, "1", str(number))
        await store.outbox.enqueue(a_message(f"m{number}", channel=room), now=NOON)
    first = await store.outbox.claim("w", DISCORD, now=NOON, lease=LEASE, limit=1)
    receipts = [Receipt(one, Unclear("no answer")) for one in first]
    await store.outbox.record(receipts, now=NOON)
    later = NOON + timedelta(seconds=30)
    (looked,) = await store.outbox.adopt_unclear(DISCORD, now=later, lease=LEASE, alone=False)
    assert looked.id == first[0].id
    claimed = await store.outbox.claim("w", DISCORD, now=later, lease=LEASE, limit=1)
    assert claimed[0].send_at >= later + timedelta(seconds=2 / 48)


async def test_looks_on_discord_take_turns_with_posts_and_several_go_at_once(store):
    """Fifty requests a second are for both: a look waits for a place of its own."""
    channels = [Channel(Platform.DISCORD, "1", f"{number}") for number in range(40)]
    for number, channel in enumerate(channels):
        await store.outbox.enqueue(a_message(f"m{number}", channel=channel), now=NOON)
    now = NOON
    died = await store.outbox.claim("dies", DISCORD, now=now, lease=LEASE, limit=12)
    assert len(died) == 12
    now += LEASE + timedelta(seconds=1)
    posts = await store.outbox.claim("w", DISCORD, now=now, lease=LEASE, limit=20)
    looks = await store.outbox.adopt_unclear(DISCORD, now=now, lease=LEASE, alone=False)
    turns = sorted(one.send_at for one in looks)
    assert len(turns) == 5
    assert turns[0] > max(one.send_at for one in posts)
    apart = DISCORD_REQUESTS * REQUESTS_A_LOOK
    assert all(later - sooner >= apart for sooner, later in pairwise(turns))


async def test_who_dies_while_a_look_waits_for_its_place_is_no_victim_of_the_message(store):
    room = Channel(Platform.DISCORD, "1", "2")
    await store.outbox.enqueue(a_message("m", channel=room), now=NOON)
    (lost,) = await store.outbox.claim("dies", DISCORD, now=NOON, lease=LEASE, limit=1)

    async def adopt(leases):
        now = NOON + leases * LEASE
        (found,) = await store.outbox.adopt_unclear(DISCORD, now=now, lease=LEASE, alone=False)
        assert found.send_at is not None
        return found

    waits = await adopt(1)
    assert (waits.id, waits.crashes) == (lost.id, 1)
    looks = await adopt(2)
    assert looks.crashes == 1, "the one that waited had not begun"
    assert not await store.outbox.begin_look(waits), "somebody else took it over"
    assert await store.outbox.begin_look(looks)
    now = NOON + 3 * LEASE
    (suspect,) = await store.outbox.adopt_unclear(DISCORD, now=now, lease=LEASE, alone=True)
    assert suspect.crashes == 2
