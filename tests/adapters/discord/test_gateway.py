"""The gateway misbehaves in every way it is known to; people go on being answered."""

import asyncio
import logging

import pytest

from adapters.discord.client import PapersClient, connected
from adapters.discord.listen import ByGateway, DiscordListener
from adapters.discord.reception import Reception
from bot.model.errors import BotError, ConfigError
from tests.adapters.discord.listening import CLOCK, Answering, Knowing, until
from tests.servers.discord import UNLIMITED, DiscordServer
from tests.servers.discord.shapes import message_json
from tests.servers.discord.world import MEMBER_PERMISSIONS


async def answered(server, channel, anna):
    seen = await server.slash(channel, anna, "papers", {"query": "x"})
    return not seen.failed


@pytest.mark.parametrize(
    "payload",
    [
        {"op": 0, "t": "INTERACTION_CREATE", "s": 900, "d": {}},
        {"op": 0, "t": "INTERACTION_CREATE", "s": 900, "d": None},
        {"op": 0, "t": "GUILD_CREATE", "s": 900, "d": {"id": "x"}},
        {"op": 0, "t": "CHANNEL_UPDATE", "s": 900, "d": []},
        {"op": 0, "t": "MESSAGE_UPDATE", "s": 900, "d": {"mentions": [{}]}},
        {"op": 0, "t": "NO_SUCH_EVENT", "s": 900, "d": 1},
    ],
    ids=lambda payload: f"{payload['t']} {payload['d']}",
)
async def test_an_event_in_no_known_form_costs_no_login(
    server, channel, anna, on_gateway, payload, caplog
):
    await server.gateway.send_raw(payload)
    assert await answered(server, channel, anna)
    assert (server.gateway.logins, server.gateway.resumes) == (1, 0)


@pytest.mark.parametrize("who", ["the bot itself", "another bot", "a webhook", "a person"])
async def test_what_is_said_in_a_channel_is_heard_by_nobody(
    server, lab, channel, anna, on_gateway, who
):
    """Not even if Discord told us, which it does not without an intent: no bot answers a bot."""
    other = server.world.add_member(lab, "other", MEMBER_PERMISSIONS)
    other.bot = True
    author = {"the bot itself": server.world.bot, "a person": anna}.get(who, other)
    said = server.messages.say(
        channel, author, {"content": "/papers https://arxiv.org/abs/2403.00001"}
    )
    data = message_json(said, server.world) | {"guild_id": str(lab.id)}
    if who == "a webhook":
        data["webhook_id"] = "77"
    await server.gateway.send_raw({"op": 0, "t": "MESSAGE_CREATE", "s": 900, "d": data})
    assert await answered(server, channel, anna)
    assert on_gateway.lines == ["search x"]
    assert server.shown(channel) == [said]


async def test_asked_to_reconnect_it_resumes_and_gets_what_it_missed(
    server, channel, anna, on_gateway
):
    await server.gateway.ask_to_reconnect()
    assert await answered(server, channel, anna)
    assert (server.gateway.logins, server.gateway.resumes) == (1, 1)


async def test_a_session_that_is_lost_is_begun_anew(server, channel, anna, on_gateway, monkeypatch):
    real = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda s, *more: real(min(s, 0.02), *more))
    await server.gateway.invalidate(resumable=False)
    await until(lambda: server.gateway.logins == 2 and server.gateway.sessions)
    assert await answered(server, channel, anna)


@pytest.mark.parametrize("code", [4000, 4001, 4002, 4005, 4008, 1006])
async def test_a_close_that_is_not_final_is_resumed(
    server, channel, anna, on_gateway, monkeypatch, code
):
    real = asyncio.sleep
    monkeypatch.setattr(asyncio, "sleep", lambda s, *more: real(min(s, 0.02), *more))
    await server.gateway.drop(code if code != 1006 else 4000)
    assert await answered(server, channel, anna)
    assert server.gateway.logins == 1


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012])
async def test_a_close_that_is_final_says_what_a_person_must_mend(server, lab, code):
    listener = DiscordListener(Reception(Answering(), Knowing()), token=server.token, clock=CLOCK)
    with server.library():
        async with asyncio.timeout(5):
            run = asyncio.ensure_future(listener.run())
            await until(lambda: server.gateway.sessions)
            await server.gateway.drop(code)
            with pytest.raises(ConfigError):
                await run


async def test_a_connection_that_hears_nothing_is_taken_up_again(channel, anna, lab, server):
    server.gateway.heartbeat_ms = 60
    client = PapersClient(Reception(Answering(), Knowing()))
    client._connection.heartbeat_timeout = 0.2  # the library waits a minute
    async with connected(client):
        running = asyncio.ensure_future(client.start(server.token))
        await until(lambda: server.gateway.sessions)
        server.gateway.acknowledges = False
        await until(lambda: server.gateway.resumes >= 1)
        server.gateway.acknowledges = True
        assert server.gateway.logins == 1
        running.cancel()


async def test_a_used_up_login_budget_sends_no_identify(server, lab, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL, "discord")

    async def none_left():
        raise BotError("No login at Discord is left.")

    client = PapersClient(Reception(Answering(), Knowing()), before_login=none_left)
    async with connected(client):
        running = asyncio.ensure_future(client.start(server.token))
        await asyncio.sleep(0.2)
        running.cancel()
    assert server.gateway.logins == 0


async def test_shards_take_what_is_theirs_and_nothing_twice():
    async with DiscordServer(limits=UNLIMITED) as server:
        with server.library():
            lab = server.add_guild()
            channel = server.add_channel(lab)
            anna = server.add_member(lab, "anna")
            answering = Answering()
            clients = [
                PapersClient(Reception(answering, Knowing()), ((number,), 2)) for number in (0, 1)
            ]
            tasks = [asyncio.ensure_future(one.start(server.token)) for one in clients]
            await until(lambda: len(server.gateway.sessions) == 2)
            assert {one.shard for one in server.gateway.sessions.values()} == {(0, 2), (1, 2)}
            assert await answered(server, channel, anna)
            assert answering.lines == ["search x"]
            for task, client in zip(tasks, clients, strict=True):
                task.cancel()
                await client.close()


async def test_one_process_holds_several_shards_and_syncs_commands_once(monkeypatch):
    monkeypatch.setattr("adapters.discord.listen.LOGIN_EVERY_S", 0.01)
    async with DiscordServer(limits=UNLIMITED) as server:
        with server.library():
            listener = DiscordListener(
                Reception(Answering(), Knowing()),
                token=server.token,
                clock=CLOCK,
                gateway=ByGateway(shards=3),
            )
            tasks = [asyncio.ensure_future(listener.run(number)) for number in range(3)]
            await until(lambda: len(server.gateway.sessions) == 3)
            assert {one.shard for one in server.gateway.sessions.values()} == {
                (0, 3),
                (1, 3),
                (2, 3),
            }
            assert server.commands.overwrites == 1
            assert len(server.asked("list_application_commands")) == 1
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
