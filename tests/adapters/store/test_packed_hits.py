"""Hits as they were stored before, one row each, are the same hits afterwards."""

from datetime import timedelta

from adapters.store import migrate, open_store
from tests.adapters.store.given import (
    NOON,
    a_subscription,
    announce,
    candidates_of,
    plan_all,
)
from tests.adapters.store.upgrading import execute, migrate_to
from tests.builders import LAB, a_paper

LATER = NOON + timedelta(hours=1)


async def test_what_was_read_stays_read_and_what_was_waiting_still_waits(bare_url):
    migrate_to(bare_url, "0011")
    # Today's program writes the rows, which knows a column more.
    execute(bare_url, "ALTER TABLE subscriptions ADD COLUMN heard_until TIMESTAMP")
    async with open_store(bare_url) as store:
        rings = await store.subscriptions.add(a_subscription("rings"))
        graphs = await store.subscriptions.add(a_subscription("graphs"))
        first, second = a_paper("Graph rings"), a_paper("More graph rings")
        await announce(store, first)
        await announce(store, second)
    # One paper for both filters, then another; `graphs` has read up to its first match.
    execute(
        bare_url,
        *(
            "INSERT INTO hits (paper_id, filter_id, sighting_id, event)"
            f" SELECT paper_id, f.id, s.id, 'new' FROM sightings s, filters f WHERE s.id = {number}"
            " ORDER BY f.id"
            for number in (1, 2)
        ),
        "UPDATE subscriptions SET hit_cursor = 2 WHERE name = 'graphs'",
        "UPDATE sightings SET planned_at = first_seen_at",
        "ALTER TABLE subscriptions DROP COLUMN heard_until",
    )
    migrate(bare_url)
    async with open_store(bare_url) as store:
        rings, graphs = await store.subscriptions.of(LAB)
        assert [one.paper.key for one in await candidates_of(store, rings)] == [
            first.key,
            second.key,
        ]
        assert [one.paper.key for one in await candidates_of(store, graphs)] == [second.key]
        newcomer = await store.subscriptions.add(a_subscription("rings", name="late"))
        third = a_paper("Rings again")
        await announce(store, third, now=LATER)
        await plan_all(store)
        for one in (rings, graphs, newcomer):
            (*_, last) = await candidates_of(store, one)
            assert last.paper.key == third.key
        history = await store.papers.history(LAB, first.key)
        assert set(history.hits) == {rings.id, graphs.id, newcomer.id}
