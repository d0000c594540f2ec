from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from operator import methodcaller

import pytest
from sqlalchemy import update

from adapters.store import tables
from bot.model.errors import Conflict
from bot.model.subscription import Cadence, Channel, Every, Mode, Platform
from bot.rules.parse import parse_filter
from tests.adapters.store.given import (
    NOON,
    a_subscription,
    again,
    announce,
    candidates_of,
    plan_all,
)
from tests.builders import LAB, READING_CLUB, a_paper

SLACK = Channel(Platform.SLACK, "T1", "C1")


async def test_a_subscription_comes_back_as_it_went_in(store):
    given = a_subscription(
        'rings OR "prime ideal" -survey cat:math.*',
        channel=SLACK,
        zone="Europe/Berlin",
        top=5,
        mode=Mode.FULL,
        created_by="U1",
        paused_until=datetime.max.replace(tzinfo=UTC),
    )
    given = replace(given, cadence=Cadence(Every.WEEKLY, time(17, 30), 4))
    stored = await store.subscriptions.add(given)
    assert stored == replace(given, id=stored.id)
    assert await store.subscriptions.of(SLACK) == [stored]


async def test_a_name_is_unique_in_its_channel_only(store):
    await store.subscriptions.add(a_subscription(name="rings"))
    await store.subscriptions.add(a_subscription(name="rings", channel=READING_CLUB))
    with pytest.raises(Conflict, match="terminal:lab has a subscription named “rings” already"):
        await store.subscriptions.add(a_subscription("ideals", name="rings"))
    assert len(await store.subscriptions.of()) == 2


async def test_channels_of_equal_names_in_two_workspaces_are_strangers(store):
    other = Channel(Platform.SLACK, "T2", "C1")
    await store.subscriptions.add(a_subscription(channel=SLACK))
    assert await store.subscriptions.of(other) == []
    assert await store.subscriptions.remove(other, "alignment") is None
    assert await store.subscriptions.count(Platform.SLACK, "T1") == 1
    assert await store.subscriptions.count(Platform.SLACK, "T2") == 0


async def test_equal_filters_are_stored_once(store):
    first = await store.subscriptions.filters()
    await store.subscriptions.add(a_subscription("rings ideals", name="one"))
    second = await store.subscriptions.filters()
    await store.subscriptions.add(a_subscription("ideals rings", name="two"))
    third = await store.subscriptions.filters()
    assert first.revision != second.revision == third.revision
    assert [parse_filter(one.canonical).key for one in third.filters] == [
        parse_filter("rings ideals").key
    ]


async def test_the_revision_changes_with_the_last_listener_only(store):
    await store.subscriptions.add(a_subscription(name="one"))
    await store.subscriptions.add(a_subscription(name="two"))
    before = (await store.subscriptions.filters()).revision
    await store.subscriptions.remove(LAB, "one")
    assert (await store.subscriptions.filters()).revision == before
    removed = await store.subscriptions.remove(LAB, "two")
    after = await store.subscriptions.filters()
    assert removed.name == "two"
    assert (after.filters, after.revision != before) == ((), True)


async def test_changing_the_filter_changes_the_revision_and_keeps_the_place(store):
    stored = await store.subscriptions.add(a_subscription())
    await announce(store, a_paper())
    await plan_all(store)
    before = (await store.subscriptions.filters()).revision
    changed = replace(
        stored, filter=parse_filter("rings"), typed="rings", top=3, name="rings", hit_cursor=999
    )
    assert await store.subscriptions.change(changed)
    assert await again(store, stored) == replace(changed, hit_cursor=stored.hit_cursor)
    assert (await store.subscriptions.filters()).revision != before


async def test_a_change_cannot_take_a_name_that_is_taken(store):
    await store.subscriptions.add(a_subscription(name="one"))
    two = await store.subscriptions.add(a_subscription(name="two"))
    with pytest.raises(Conflict):
        await store.subscriptions.change(replace(two, name="one"))


async def test_a_removed_subscription_cannot_be_changed(store):
    stored = await store.subscriptions.add(a_subscription())
    await store.subscriptions.remove(LAB, stored.name)
    assert not await store.subscriptions.change(stored)


async def test_due_are_the_running_ones_longest_overdue_first(store):
    late = replace(a_subscription(name="late"), next_due_at=NOON - timedelta(hours=2))
    early = replace(a_subscription(name="early"), next_due_at=NOON - timedelta(hours=1))
    future = replace(a_subscription(name="future"), next_due_at=NOON + timedelta(seconds=1))
    paused = replace(late, name="paused", paused_until=NOON + timedelta(days=1))
    resumed = replace(early, name="resumed", paused_until=NOON)
    for one in (early, late, future, paused, resumed):
        await store.subscriptions.add(one)
    due = await store.subscriptions.due(NOON, 10)
    assert [one.name for one in due] == ["late", "early", "resumed"]
    assert len(await store.subscriptions.due(NOON, 1)) == 1


async def test_a_new_subscription_has_no_backlog(store):
    await store.subscriptions.add(a_subscription(name="first", channel=READING_CLUB))
    await announce(store, a_paper("Before"))
    await plan_all(store)
    newcomer = await store.subscriptions.add(a_subscription())
    assert await candidates_of(store, newcomer, 10) == []
    await announce(store, a_paper("After"))
    await plan_all(store)
    (candidate,) = await candidates_of(store, newcomer, 10)
    assert candidate.paper.title == "After"


async def test_damaged_subscriptions_step_aside_so_that_the_others_speak(store, caplog):
    """However many stand first: a round takes a few of the longest overdue."""
    for number, one in enumerate(("rings", "ideals", "fields", "groups")):
        due = NOON + timedelta(minutes=number)
        await store.subscriptions.add(replace(a_subscription(one, name=one), next_due_at=due))
    later = NOON + timedelta(hours=2)
    filters, orders = tables.filters, tables.subscriptions
    damage = (
        update(filters).where(filters.c.canonical.in_(["ring", "ideal"])).values(canonical="(("),
        update(orders).where(orders.c.name == "fields").values(every="never"),
    )
    for statement in damage:
        await store.subscriptions._database.write(methodcaller("execute", statement))
    assert [one.name for one in await store.subscriptions.due(later, 2)] == ["groups"]
    assert caplog.text.count("is damaged and left out") == 3
    caplog.clear()
    assert [one.name for one in await store.subscriptions.due(later, 2)] == ["groups"]
    assert caplog.text == "", "they are not looked at again for an hour"
    assert [one.name for one in await store.subscriptions.of()] == ["groups"]
    told = {one.name: one.problem for one in await store.subscriptions.damaged()}
    assert told.keys() == {"rings", "ideals", "fields"}
    assert "no longer understood: '(('" in told["rings"]
    assert "'never' is not a valid Every" in told["fields"]
    assert [one.name for one in await store.subscriptions.damaged(LAB)] == [*told]
    assert await store.subscriptions.damaged(READING_CLUB) == []
