"""Whom to tell of paused channels: once for each pause, once a day, and never twice by two workers."""

from datetime import timedelta

from bot.model.delivery import ChannelGone, Posted, Receipt, WorkspaceGone
from bot.model.memory import Absence
from bot.model.record import Pause
from bot.model.subscription import Channel, Platform
from tests.adapters.store.given import EVERYWHERE, NOON, a_message

DAY = timedelta(hours=24)
HOUR = timedelta(hours=1)
CLUB = Channel(Platform.SLACK, "T1", "C1")
ADA = Channel(Platform.SLACK, "T1", "@U1")


async def attempt(store, outcome, *, now=NOON, retry_at=None):
    (claimed,) = await store.outbox.claim(
        "w", EVERYWHERE, now=now, lease=timedelta(seconds=60), limit=1
    )
    await store.outbox.record([Receipt(claimed, outcome, retry_at or now + DAY)], now=now)


async def owe(store, *keys, now=NOON):
    for key in keys:
        message = a_message(key, channel=CLUB, expires_at=now + 30 * DAY)
        await store.outbox.enqueue(message, now=now)


async def untold(store, now=NOON):
    return await store.outbox.untold(now=now, cooldown=DAY, limit=10)


def a_letter(pause):
    later = pause.since + 30 * DAY  # out of the way of what is claimed here
    return a_message(f"letter {pause.since}", channel=ADA, not_before=later, expires_at=later + DAY)


async def test_a_channel_that_was_paused_is_told_of_once(store):
    await owe(store, "a")
    assert await untold(store) == []
    await attempt(store, ChannelGone("is_archived"))
    (pause,) = await untold(store)
    assert pause == Pause(CLUB, "is_archived", NOON)
    assert await store.outbox.tell(pause, [a_letter(pause)], now=NOON)
    assert not await store.outbox.tell(pause, [a_letter(pause)], now=NOON), "another worker has"
    assert await untold(store, NOON + 9 * DAY) == []
    await attempt(store, ChannelGone("is_archived"), now=NOON + DAY)
    assert await untold(store, NOON + 9 * DAY) == [], "the same pause, tried again"
    assert (await store.upkeep.status()).deliveries == {"queued": 2}


async def test_the_next_pause_is_told_of_no_sooner_than_a_day_later(store):
    await owe(store, "a", "b")
    await attempt(store, ChannelGone("is_archived"))
    (pause,) = await untold(store)
    await store.outbox.tell(pause, [], now=NOON)
    await store.outbox.set_lane(CLUB, paused=None, now=NOON + HOUR)
    await attempt(store, Posted("m1"), now=NOON + HOUR, retry_at=NOON + HOUR)
    await attempt(store, ChannelGone("not_in_channel"), now=NOON + 2 * HOUR)
    assert await untold(store, NOON + 3 * HOUR) == []
    (again,) = await untold(store, NOON + DAY)
    assert again == Pause(CLUB, "not_in_channel", NOON + 2 * HOUR)


async def test_a_pause_that_is_over_is_not_told_of(store):
    await owe(store, "a")
    await attempt(store, ChannelGone("is_archived"))
    (pause,) = await untold(store)
    await store.outbox.set_lane(CLUB, paused=None, now=NOON)
    assert not await store.outbox.tell(pause, [a_letter(pause)], now=NOON)


async def test_what_a_person_paused_or_a_workspace_lost_needs_no_letter(store):
    await owe(store, "a")
    await store.outbox.set_lane(CLUB, paused="moving house", now=NOON)
    assert await untold(store) == []
    await store.outbox.set_lane(CLUB, paused=None, now=NOON)
    await attempt(store, WorkspaceGone("token_revoked"))
    assert await untold(store) == []
    left = Absence(channel=Channel(Platform.SLACK, "T1", ""), reason="gone", since=NOON)
    await store.absences.leave(left)
    assert await untold(store) == []
