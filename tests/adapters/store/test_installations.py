"""Workspaces that installed the app: their tokens, their states, and their leaving."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from adapters.store import open_store
from adapters.store.sealing import Vault, new_key
from adapters.store.tables import METADATA, installations
from bot.model.errors import ConfigError
from bot.model.installation import Installation
from bot.model.subscription import Channel, Platform
from tests.adapters.store.given import NOON, a_message, a_subscription, announce
from tests.builders import a_paper

SLACK = Platform.SLACK
OLD, NEW, OTHER = new_key(), new_key(), new_key()
A_TOKEN = "xoxb-" + "a-secret-of-lab-a"
HOLD = timedelta(minutes=1)


def in_workspace(workspace="T0LABA0001", **more):
    facts = {
        "name": "Lab A",
        "bot_user": "U0BOT00001",
        "scopes": frozenset({"commands", "chat:write"}),
        "token": A_TOKEN,
    }
    return Installation(platform=SLACK, workspace=workspace, **{**facts, **more})


@pytest.fixture
async def store(url):
    async with open_store(url, keys=[OLD]) as opened:
        yield opened


async def everything(store):
    """Every value in every table, as text."""
    found = []
    for table in METADATA.sorted_tables:
        rows = await store.installations._database.read(
            lambda connection, table=table: connection.execute(select(table)).all()
        )
        found += [str(value) for row in rows for value in row]
    return found


async def test_an_installation_comes_back_as_it_was_saved(store):
    saved = in_workspace(refresh_token="xoxe-1-r", expires_at=NOON + timedelta(hours=12))
    await store.installations.save(saved, now=NOON)
    found = await store.installations.find(SLACK, "T0LABA0001")
    assert found == replace(saved, installed_at=NOON)
    assert await store.installations.find(SLACK, "T0LABB0001") is None


async def test_no_token_stands_in_the_database_in_clear(store):
    await store.installations.save(in_workspace(refresh_token="xoxe-1-refresh"), now=NOON)
    values = await everything(store)
    assert not any(A_TOKEN in value or "xoxe-1-refresh" in value for value in values)
    assert "xoxb" not in repr(await store.installations.find(SLACK, "T0LABA0001"))


async def test_a_token_moved_to_another_workspace_does_not_open(store):
    await store.installations.save(in_workspace(), now=NOON)
    await store.installations.save(in_workspace("T0LABB0001", token="xoxb-of-b"), now=NOON)
    rows = installations
    stolen = select(rows.c.token).where(rows.c.tenant == "T0LABA0001").scalar_subquery()
    moved = update(rows).where(rows.c.tenant == "T0LABB0001").values(token=stolen)
    await store.installations._database.write(lambda connection: connection.execute(moved))
    with pytest.raises(ConfigError, match="does not open"):
        await store.installations.find(SLACK, "T0LABB0001")


async def test_two_admins_who_install_make_one_tenant_with_the_newest_token(store):
    await store.installations.save(in_workspace(), now=NOON)
    await store.installations.save(in_workspace(token="xoxb-newer"), now=NOON)
    found = await store.installations.find(SLACK, "T0LABA0001")
    assert found.token == "xoxb-newer"
    assert await store.installations.count(SLACK) == 1


async def test_an_organisation_covers_its_workspaces_once_they_were_seen(store):
    await store.installations.save(
        in_workspace("", organisation="E0ORG00001", token="xoxb-org"), now=NOON
    )
    assert (await store.installations.find(SLACK, "T0ONE00001", "E0ORG00001")).token == "xoxb-org"
    assert await store.installations.find(SLACK, "T0ONE00001") is None
    await store.installations.belongs(SLACK, "T0ONE00001", "E0ORG00001")
    await store.installations.belongs(SLACK, "T0ONE00001", "E0ORG00001")
    assert (await store.installations.find(SLACK, "T0ONE00001")).token == "xoxb-org"


async def test_a_state_is_good_once_and_for_a_while(store):
    await store.installations.new_state("s1", expires_at=NOON + HOLD, now=NOON)
    await store.installations.new_state("s2", expires_at=NOON + HOLD, now=NOON)
    assert await store.installations.use_state("s1", now=NOON)
    assert not await store.installations.use_state("s1", now=NOON)
    assert not await store.installations.use_state("s2", now=NOON + HOLD)
    assert not await store.installations.use_state("never given", now=NOON)


async def test_of_two_callbacks_at_once_one_gets_the_state(store):
    await store.installations.new_state("s", expires_at=NOON + HOLD, now=NOON)
    async with asyncio.TaskGroup() as tasks:
        both = [tasks.create_task(store.installations.use_state("s", now=NOON)) for _ in range(8)]
    assert sum(one.result() for one in both) == 1


async def test_one_of_many_workers_renews_a_token(store):
    await store.installations.save(in_workspace(refresh_token="r1"), now=NOON)
    found = await store.installations.find(SLACK, "T0LABA0001")
    async with asyncio.TaskGroup() as tasks:
        racing = [
            tasks.create_task(store.installations.take_renewal(found, now=NOON, hold=HOLD))
            for _ in range(8)
        ]
    assert sum(one.result() for one in racing) == 1
    assert await store.installations.renewed(replace(found, token="new"), now=NOON)
    assert not await store.installations.take_renewal(found, now=NOON, hold=HOLD)
    assert not await store.installations.renewed(replace(found, token="late"), now=NOON)
    assert (await store.installations.find(SLACK, "T0LABA0001")).token == "new"


async def test_a_renewal_whose_worker_died_is_taken_over(store):
    await store.installations.save(in_workspace(refresh_token="r1"), now=NOON)
    found = await store.installations.find(SLACK, "T0LABA0001")
    assert await store.installations.take_renewal(found, now=NOON, hold=HOLD)
    assert not await store.installations.take_renewal(found, now=NOON, hold=HOLD)
    assert await store.installations.take_renewal(found, now=NOON + HOLD, hold=HOLD)


async def test_a_new_installation_wins_over_a_renewal_under_way(store):
    await store.installations.save(in_workspace(refresh_token="r1"), now=NOON)
    found = await store.installations.find(SLACK, "T0LABA0001")
    assert await store.installations.take_renewal(found, now=NOON, hold=HOLD)
    await store.installations.save(in_workspace(token="installed again"), now=NOON)
    assert not await store.installations.renewed(replace(found, token="stale"), now=NOON)
    assert (await store.installations.find(SLACK, "T0LABA0001")).token == "installed again"


async def fill(store, workspace):
    """A workspace with everything in it; its id stands in many rows."""
    channel = Channel(SLACK, workspace, f"C{workspace}")
    await store.installations.save(in_workspace(workspace), now=NOON)
    paper = a_paper()
    await announce(store, paper)
    await store.subscriptions.add(a_subscription(f"rings{workspace[3:6]}", channel=channel))
    await store.outbox.enqueue(a_message(f"digest {workspace}", paper, channel=channel), now=NOON)


async def test_nothing_is_left_of_a_workspace_that_is_gone_and_all_of_the_others(store):
    await fill(store, "T0LABA0001")
    await fill(store, "T0LABB0001")
    before = await store.subscriptions.filters()
    assert await store.installations.remove(SLACK, "T0LABA0001", now=NOON) == ["T0LABA0001"]
    assert await store.installations.find(SLACK, "T0LABA0001") is None
    assert await store.installations.purge(left_before=NOON - HOLD) == 0
    assert await store.installations.purge(left_before=NOON) == 1
    left = await everything(store)
    assert not [value for value in left if "T0LABA0001" in value]
    assert [value for value in left if "T0LABB0001" in value]
    assert [one.channel.workspace for one in await store.subscriptions.of()] == ["T0LABB0001"]
    after = await store.subscriptions.filters()
    assert len(after.filters) == 1
    assert after.revision != before.revision
    assert (await store.installations.find(SLACK, "T0LABB0001")).token == A_TOKEN


async def test_a_workspace_that_comes_back_in_time_keeps_its_data(store):
    await fill(store, "T0LABA0001")
    await store.installations.remove(SLACK, "T0LABA0001", now=NOON)
    await store.installations.save(in_workspace(), now=NOON)
    assert await store.installations.purge(left_before=NOON) == 0
    assert len(await store.subscriptions.of()) == 1


async def test_leaving_twice_is_leaving_once(store):
    await fill(store, "T0LABA0001")
    assert await store.installations.remove(SLACK, "T0LABA0001", now=NOON) == ["T0LABA0001"]
    assert await store.installations.remove(SLACK, "T0LABA0001", now=NOON) == []


async def test_keys_are_rotated_without_losing_a_token(url):
    async with open_store(url, keys=[OLD]) as store:
        await store.installations.check_keys()
        for number in range(105):
            await store.installations.save(in_workspace(f"T{number:04}"), now=NOON)
    async with open_store(url, keys=[NEW, OLD]) as store:
        await store.installations.check_keys()
        assert await store.installations.rotate_keys() == 105
        assert await store.installations.rotate_keys() == 0
    async with open_store(url, keys=[NEW]) as store:
        await store.installations.check_keys()
        assert (await store.installations.find(SLACK, "T0104")).token == A_TOKEN


@pytest.mark.parametrize("keys", [[], [OTHER]])
async def test_a_missing_key_is_named_and_deletes_nothing(url, keys):
    async with open_store(url, keys=[OLD]) as store:
        await store.installations.check_keys()
        await store.installations.save(in_workspace(), now=NOON)
    async with open_store(url, keys=keys) as store:
        with pytest.raises(ConfigError, match="PAPERS_KEYS does not have"):
            await store.installations.check_keys()
    async with open_store(url, keys=[OLD]) as store:
        assert (await store.installations.find(SLACK, "T0LABA0001")).token == A_TOKEN


def test_the_same_text_is_never_sealed_alike():
    vault = Vault([OLD])
    assert vault.seal("token", "here|x|1") != vault.seal("token", "here|x|1")


@pytest.mark.parametrize("changed", ["v2.a.b.c", "", "v1.x", "xoxb-clear"])
def test_what_was_not_sealed_does_not_open(changed):
    with pytest.raises(ConfigError):
        Vault([OLD]).open(changed, "here|x|1")
