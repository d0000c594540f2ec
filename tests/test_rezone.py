"""New time zone rules: every due time is where it belongs, whoever restarts in which order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.engine.rezone import rezone
from bot.model.subscription import Cadence, Every
from tests.adapters.store.given import a_subscription
from tests.stores import open_test_store

RIGHT = datetime(2026, 11, 24, 8, tzinfo=UTC)  # 09:00 in Berlin


async def test_due_times_move_to_the_new_rules_once_and_what_waits_for_matches_stays(tmp_path):
    async with open_test_store(tmp_path) as store:
        wrong = await store.subscriptions.add(_planned("rings", RIGHT + timedelta(hours=1)))
        await store.subscriptions.add(_planned("fields", RIGHT))
        await store.subscriptions.add(a_subscription("groups", every=Every.INSTANT))
        assert await rezone(store, "2026.2") == 1
        planned = {one.name: one.next_due_at for one in await store.subscriptions.of()}
        assert planned == {"rings": RIGHT, "fields": RIGHT, "groups": None}

        await store.subscriptions.move({wrong.id: (RIGHT, RIGHT + timedelta(hours=1))})
        for version in ("2026.2", "2026.1", "2025.3"):
            assert await rezone(store, version) == 0, "an older process changes nothing"
        assert await rezone(store, "2026.10") == 1, "newer by number, not by letters"


async def test_a_due_time_somebody_else_has_moved_stays_as_it_is(tmp_path):
    async with open_test_store(tmp_path) as store:
        one = await store.subscriptions.add(_planned("rings", RIGHT))
        read, right = RIGHT - timedelta(hours=2), RIGHT + timedelta(hours=1)
        assert await store.subscriptions.move({one.id: (read, right)}) == 0
        assert (await store.subscriptions.of())[0].next_due_at == RIGHT


def _planned(name: str, at: datetime):
    one = a_subscription(name, every=Every.DAILY)
    return replace(one, zone="Europe/Berlin", cadence=Cadence(), next_due_at=at)
