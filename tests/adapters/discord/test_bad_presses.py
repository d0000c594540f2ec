"""Old, forged and repeated presses, with the real desk and store behind (bad inputs 66, 69, 70)."""

import asyncio

import pytest

from adapters.discord.render import render
from bot.commands.desk import Desk
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.examples import a_digest
from tests.adapters.discord.listening import CLOCK, gateway, over_http, until
from tests.stores import open_test_store

DAY_S = 86_400


@pytest.fixture
async def store(tmp_path):
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.fixture(params=[gateway, over_http], ids=["gateway", "http"])
async def bot(request, server, store):
    async with request.param(server, Desk(store, CLOCK)) as listener:
        yield listener


def place(server, name):
    guild = server.add_guild(name)
    channel = server.add_channel(guild)
    return channel, server.add_member(guild, "chief", manages=True)


async def names(store, channel):
    found = await store.subscriptions.of(
        Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id))
    )
    return [one.name for one in found]


async def subscribed(server, channel, chief, words="alignment"):
    await server.slash(channel, chief, "papers-admin subscribe", {"filter": words})


def forged(server, channel, custom_id):
    """A message of ours with a control it never had."""
    button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
    body = {"content": "x", "components": [{"type": 1, "components": [button]}]}
    return server.messages.say(channel, server.world.bot, body)


async def test_an_interaction_delivered_twice_subscribes_once(server, store, bot):
    channel, chief = place(server, "lab")
    seen = await server.slash(channel, chief, "papers-admin subscribe", {"filter": "alignment"})
    await server.people.repeat(seen)
    await server.slash(channel, chief, "papers-admin list")
    assert await names(store, channel) == ["alignment"]


async def test_an_interaction_seen_by_two_processes_subscribes_once(server, store):
    channel, chief = place(server, "lab")
    desk = Desk(store, CLOCK)
    async with (
        gateway(server, desk),
        gateway(server, desk),
    ):
        await until(lambda: len(server.gateway.sessions) == 2)
        await subscribed(server, channel, chief)
        await server.slash(channel, chief, "papers-admin list")
    assert await names(store, channel) == ["alignment"]


async def test_thirty_commands_in_a_moment_are_all_answered_and_most_are_told_to_wait(
    server, store, bot
):
    channel, chief = place(server, "lab")
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(server.slash(channel, chief, "papers", {"query": "rings"}))
            for _ in range(30)
        ]
    seen = [one.result() for one in asked]
    assert not any(one.failed for one in seen)
    assert sum("ask again in" in one.text for one in seen) == 20
    assert all(one.answered_after < 3 for one in seen)


async def test_a_button_pressed_90_days_later_still_answers(server, store, bot):
    channel, chief = place(server, "lab")
    server.clock.advance(-90 * DAY_S)
    message = forged(server, channel, "do:help")
    server.clock.advance(90 * DAY_S)
    seen = await server.people.press(message, "do:help", chief)
    assert "/papers" in seen.text


async def test_a_button_for_a_deleted_subscription_says_there_is_none(server, store, bot):
    channel, chief = place(server, "lab")
    await subscribed(server, channel, chief)
    message = forged(server, channel, "do:unsubscribe alignment")
    await server.people.press(message, "do:unsubscribe alignment", chief)
    seen = await server.people.press(message, "do:unsubscribe alignment", chief)
    assert seen.text.startswith("**Error: ")
    assert "alignment" in seen.text
    assert seen.answers[0].ephemeral


async def test_another_persons_button_gives_nobody_more_rights(server, store, bot):
    channel, chief = place(server, "lab")
    anna = server.add_member(server.world.guilds[channel.guild_id], "anna")
    await subscribed(server, channel, chief)
    message = forged(server, channel, "do:unsubscribe alignment")
    seen = await server.people.press(message, "do:unsubscribe alignment", anna)
    assert "permission" in seen.text
    assert await names(store, channel) == ["alignment"]


async def test_a_control_forged_with_another_tenants_names_reaches_only_the_own_channel(
    server, store, bot
):
    theirs, their_chief = place(server, "theirs")
    await subscribed(server, theirs, their_chief)
    ours, our_chief = place(server, "ours")
    for line in (
        "unsubscribe alignment",
        f"unsubscribe discord:{theirs.guild_id}/{theirs.id}",
        "list",
        "pause",
        "no such verb \u0000 at all",
    ):
        seen = await server.people.press(
            forged(server, ours, f"do:{line}"), f"do:{line}", our_chief
        )
        assert not seen.failed
        assert line.startswith("unsubscribe discord:") or str(theirs.id) not in seen.text
    assert await names(store, theirs) == ["alignment"]


@pytest.mark.parametrize("custom_id", ["do:", "don't", "choose ", "x", "form:"])
async def test_a_control_that_is_not_ours_is_left_alone(server, store, custom_id, monkeypatch):
    monkeypatch.setattr("tests.servers.discord.people.PATIENCE_S", 0.05)
    channel, chief = place(server, "lab")
    async with gateway(server, Desk(store, CLOCK)):
        seen = await server.people.press(forged(server, channel, custom_id), custom_id, chief)
        assert seen.failed
        monkeypatch.undo()
        assert not (await server.slash(channel, chief, "papers", {"query": "x"})).failed


def test_controls_carry_ids_only():
    (page,) = render(a_digest(1))
    (row,) = [part for part in page["components"] if part["type"] == 1]
    assert [part["custom_id"] for part in row["components"]] == ["do:why arxiv:2403.00001"]
