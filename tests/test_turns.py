"""A process that was held up sends what is late one by one, never in a bunch."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.engine.turns import Turns
from bot.model.delivery import Delivery, DeliveryState
from bot.model.subscription import Channel, Platform

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def a_delivery(platform: Platform) -> Delivery:
    return Delivery(
        id=1, channel=Channel(platform, "1", "2"), seq=1, dedupe_key="a", payload={}, marker="m",
        attempt=1, generation=1, state=DeliveryState.SENDING, created_at=NOON, not_before=NOON,
        first_try_at=NOON, lease_until=None, expires_at=NOON,
    )  # fmt: skip


async def let_out(platform: Platform, count: int) -> list[float]:
    turns, gone = Turns(), []

    async def one():
        await turns.wait(a_delivery(platform))
        gone.append(asyncio.get_running_loop().time())

    async with asyncio.TaskGroup() as late:
        for _ in range(count):
            late.create_task(one())
    return gone


async def test_what_is_late_is_never_more_than_a_second_allows():
    gone = await let_out(Platform.DISCORD, 100)
    for first, after in zip(gone, gone[47:], strict=False):
        assert after - first >= 0.999
    assert min(b - a for a, b in pairwise(gone)) > 0.01


@pytest.mark.parametrize(
    ("platform", "late", "missed"),
    [
        (Platform.DISCORD, 0.4, False),
        (Platform.DISCORD, 0.6, True),
        (Platform.SLACK, 60, False),
        (Platform.TERMINAL, 60, False),
    ],
)
def test_whose_place_has_long_passed_needs_a_new_one_where_no_bunch_is_allowed(
    platform, late, missed
):
    delivery = replace(a_delivery(platform), send_at=NOON)
    assert Turns().missed(delivery, NOON + timedelta(seconds=late)) is missed
