"""A workspace that is gone leaves no row in any table, and nothing of the others is touched."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from adapters.store import open_store
from adapters.store.sealing import new_key
from adapters.store.tables import METADATA, occurrences
from bot.commands.desk import Desk
from bot.model.command import Asker
from bot.model.installation import Installation
from bot.model.memory import Absence
from bot.model.subscription import Channel, Platform
from tests.builders import a_paper
from tests.fakes.messenger import FakeMessenger
from tests.world import World

SLACK = Platform.SLACK
GOING, STAYING = "T0GOING001", "T0STAYING1"
NOT_OF_A_TENANT = {
    "aliases", "filters", "hits", "inbox", "install_states", "leases", "limits", "meta", "news",
    "papers", "postings", "sightings", "sources", "tallies", "uses",
}  # fmt: skip
"""Papers, filters and what matches belong to nobody; `uses` counts by hash, and for a minute;
`limits` and `tallies` are keyed by text: a workspace's own limit is deleted with it."""


class FakeSlack(FakeMessenger):
    platform = SLACK


@pytest.fixture
async def world(url):
    async with open_store(url, keys=[new_key()]) as store:
        one = World(store, FakeSlack())
        await one.engine.beat()
        yield one


async def live(world, workspace):
    """Everything people of a workspace do, through the desk and the engine."""
    store, now = world.store, world.clock.now()
    one = Installation(platform=SLACK, workspace=workspace, name=workspace, token=workspace)
    await store.installations.save(one, now=now)
    await store.installations.belongs(SLACK, workspace, f"E{workspace}")
    here = Channel(SLACK, workspace, f"C{workspace}")
    who = Asker(channel=here, member=f"U{workspace}")
    desk = Desk(store, world.clock)
    for line in (
        f"subscribe rings every:instant name:of-{workspace.lower()}",
        "settings tz:Europe/Berlin threads:on",
        "follow author:Noether",
        f"mute {workspace}",
    ):
        answer = await desk.ask(who, line)
        assert answer.private.tone != "error", answer
    await desk.remember(who, f"rings {workspace}")
    await store.policy.set_public(here, is_public=True)
    away = Channel(SLACK, workspace, f"CAWAY{workspace}")
    await store.absences.leave(Absence(channel=away, reason="archived", since=now))
    return who, desk


async def read(world, who, desk, paper):
    await desk.ask(who, f"like {paper.key}")
    await desk.ask(who, f"save {paper.key}")
    hour = timedelta(minutes=30)
    await world.store.memory.unfurled(who.channel, paper.key, now=world.clock.now(), within=hour)


def tenanted():
    """The tables whose rows belong to a workspace: they name it, or point to one that does."""
    found = {table for table in METADATA.sorted_tables if "workspace" in table.c} | {occurrences}
    for table in METADATA.sorted_tables:
        if any(key.column.table in found for key in table.foreign_keys):
            found.add(table)
    return found


async def rows(store):
    """Every row of every table."""
    return {
        table.name: await store.installations._database.read(
            lambda connection, table=table: [
                tuple(row) for row in connection.execute(select(table))
            ]
        )
        for table in METADATA.sorted_tables
    }


async def test_every_table_is_known_to_have_a_tenant_or_none():
    assert {table.name for table in METADATA.sorted_tables} == {
        *(table.name for table in tenanted()),
        *NOT_OF_A_TENANT,
    }


async def test_no_row_of_a_workspace_that_is_gone_is_left_in_any_table(world):
    store = world.store
    staying = await live(world, STAYING)
    going = await live(world, GOING)
    paper = a_paper("On Rings")
    await world.announce(paper)
    for who, desk in (staying, going):
        await read(world, who, desk, paper)
    full = await rows(store)
    owned = {table.name for table in tenanted()} - {"departures"}
    assert {name for name in owned if not full[name]} == set(), "a table was not filled"
    await store.installations.remove(SLACK, GOING, now=world.clock.now())
    assert len((await rows(store))["departures"]) == 1
    assert await store.installations.purge(left_before=world.clock.now()) == 1
    left = await rows(store)
    assert left["departures"] == []
    text = {name: str(found) for name, found in left.items()}
    assert [name for name in text if GOING in text[name] or GOING.lower() in text[name]] == []
    # Both did the same, so half of each table is the others', as it was.
    for name in owned:
        assert len(left[name]) * 2 == len(full[name]), name
        assert set(left[name]) <= set(full[name]), f"{name}: a row of the others was changed"
