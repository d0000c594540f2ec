"""The local Discord keeps Discord's rules, seen through the stock discord.py."""

import asyncio
import contextlib
import json
import logging

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.servers.discord import (
    UNLIMITED,
    ClientRefused,
    DiscordServer,
    Limits,
    Permission,
    faults,
)
from tests.servers.discord.openapi import published_file


@pytest.fixture
async def server():
    async with DiscordServer(limits=UNLIMITED) as running:
        with running.library():
            yield running


@pytest.fixture
def lab(server):
    return server.add_guild("Lab")


@pytest.fixture
def channel(server, lab):
    return server.add_channel(lab)


@pytest.fixture
def anna(server, lab):
    return server.add_member(lab, "anna")


@contextlib.asynccontextmanager
async def logged_in(server, *, intents=None):
    """A stock client without its gateway."""
    client = discord.Client(intents=intents or discord.Intents(guilds=True))
    async with client:
        await client.login(server.token)
        yield client


@contextlib.asynccontextmanager
async def connected(server, register=None, *, intents=None):
    """A stock client with commands, synced, its gateway up."""
    client = discord.Client(
        intents=intents or discord.Intents(guilds=True), guild_ready_timeout=0.05
    )
    tree = app_commands.CommandTree(client)
    if register:
        register(tree)
    async with client:
        await client.login(server.token)
        if register:
            await tree.sync()
        async with asyncio.TaskGroup() as group:
            running = group.create_task(client.connect())
            try:
                await until(lambda: server.gateway.sessions)
                await client.wait_until_ready()
                yield client
            finally:
                await client.close()
                await running


async def until(condition):
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


def papers(tree):
    @tree.command(name="papers", description="Search papers")
    async def search(interaction: discord.Interaction, query: str):
        await interaction.response.send_message(f"you asked {query}", ephemeral=True)

    @tree.command(name="slow", description="Answer late")
    async def slow(interaction: discord.Interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(content="at last")
        await interaction.followup.send("and more", ephemeral=True)

    @tree.command(name="admin", description="For managers")
    @app_commands.default_permissions(manage_guild=True)
    async def admin(interaction: discord.Interaction):
        may = interaction.permissions.manage_guild
        await interaction.response.send_message(f"manager: {may}", ephemeral=True)


async def post(server, channel, body, token=None):
    """A plain request, without any library."""
    headers = {"Authorization": f"Bot {token or server.token}"}
    url = f"{server.api_url}/channels/{channel.id}/messages"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, json=body, headers=headers) as response,
    ):
        text = await response.text()
        return response, json.loads(text) if text.startswith("{") else text


class TestMessages:
    async def test_a_post_becomes_visible_with_what_it_said(self, server, channel):
        async with logged_in(server) as client:
            place = client.get_partial_messageable(channel.id)
            sent = await place.send("hello", embed=discord.Embed(title="On Rings"))
        (shown,) = server.shown(channel)
        assert shown.id == sent.id
        assert shown.text == "hello\nOn Rings"
        assert server.violations == []

    async def test_the_same_nonce_is_shown_once_within_its_window(self, server, channel):
        body = {"content": "digest", "nonce": "d-17", "enforce_nonce": True}
        _, first = await post(server, channel, body)
        _, again = await post(server, channel, body)
        server.clock.advance(600)
        _, late = await post(server, channel, body)
        assert first["id"] == again["id"] != late["id"]
        assert first["nonce"] == "d-17"
        assert len(server.shown(channel)) == 2

    async def test_without_enforce_nonce_nothing_is_recognised(self, server, channel):
        for _ in range(2):
            await post(server, channel, {"content": "digest", "nonce": "d-17"})
        assert len(server.shown(channel)) == 2

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, 50006),
            ({"content": "   "}, 50006),
            ({"content": "x" * 2001}, 50035),
            ({"embeds": [{"title": "x" * 257}]}, 50035),
            ({"embeds": [{"description": "x" * 4097}]}, 50035),
            ({"embeds": [{"description": "x" * 3001}] * 2}, 50035),
            ({"embeds": [{"title": "x"}] * 11}, 50035),
            ({"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, 50035),
            ({"embeds": [{"fields": [{"name": "", "value": "x"}]}]}, 50035),
            ({"content": "x", "nonce": "n" * 26}, 50035),
            ({"content": "x", "components": [{"type": 1, "components": []}]}, 50035),
            (
                {
                    "content": "x",
                    "components": [
                        {
                            "type": 1,
                            "components": [
                                {"type": 2, "style": 2, "label": "a", "custom_id": "same"},
                                {"type": 2, "style": 2, "label": "b", "custom_id": "same"},
                            ],
                        }
                    ],
                },
                50035,
            ),
            ({"components": [{"type": 10, "content": "text display"}]}, 50035),
            ({"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]}, 50035),
            (
                {
                    "flags": 1 << 15,
                    "content": "legacy",
                    "components": [{"type": 10, "content": "x"}],
                },
                50035,
            ),
        ],
    )
    async def test_a_message_beyond_the_limits_is_refused(self, server, channel, body, code):
        response, answer = await post(server, channel, body)
        assert (response.status, answer["code"]) == (400, code)
        assert server.shown(channel) == []

    async def test_a_refusal_names_the_place(self, server, channel):
        _, answer = await post(server, channel, {"embeds": [{"title": "x" * 257}]})
        assert answer["errors"]["embeds"]["0"]["title"]["_errors"][0]["code"] == (
            "BASE_TYPE_MAX_LENGTH"
        )

    async def test_json_has_no_charset(self, server, channel):
        response, _ = await post(server, channel, {"content": "x"})
        assert response.headers["Content-Type"] == "application/json"

    async def test_embeds_with_one_url_collapse(self, server, channel):
        same = {"title": "a", "url": "https://arxiv.org/abs/2403.00001"}
        await post(server, channel, {"embeds": [same, {**same, "title": "b"}, {"title": "c"}]})
        assert [embed["title"] for embed in server.shown(channel)[0].shown_embeds] == ["a", "c"]

    async def test_pings_follow_allowed_mentions(self, server, channel, anna):
        text = f"@everyone <@{anna.id}> <@&5>"
        await post(server, channel, {"content": text})
        await post(server, channel, {"content": text, "allowed_mentions": {"parse": []}})
        await post(server, channel, {"embeds": [{"title": text}]})
        first = server.shown(channel)[0].id
        assert server.messages.pings == [
            (first, "everyone"),
            (first, f"user:{anna.id}"),
            (first, "role:5"),
        ]

    async def test_messages_can_be_read_back_after_a_point(self, server, channel):
        async with logged_in(server) as client:
            place = client.get_partial_messageable(channel.id)
            first = await place.send("one")
            await place.send("two")
            await place.send("three")
            read = [said async for said in place.history(after=first)]
        assert [said.content for said in read] == ["two", "three"]

    async def test_without_read_history_the_list_is_silently_empty(self, server, lab):
        quiet = server.add_channel(
            lab, bot_permissions=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        )
        async with logged_in(server) as client:
            place = client.get_partial_messageable(quiet.id)
            await place.send("one")
            assert [said async for said in place.history()] == []

    async def test_an_edit_keeps_what_it_does_not_name(self, server, channel):
        async with logged_in(server) as client:
            place = client.get_partial_messageable(channel.id)
            sent = await place.send("old", embed=discord.Embed(title="kept"))
            await sent.edit(content="new")
        (shown,) = server.shown(channel)
        assert shown.text == "new\nkept"
        assert shown.edits[0]["content"] == "old"

    async def test_a_webhook_posts_without_a_bot(self, server, channel):
        hook = server.messages.add_webhook(channel)
        url = f"{server.api_url}/webhooks/{hook.id}/{hook.token}?wait=true"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json={"content": "by webhook"}) as response,
        ):
            answer = await response.json()
        assert answer["webhook_id"] == str(hook.id)
        assert server.shown(channel)[0].content == "by webhook"


class TestRefusals:
    async def test_each_lost_right_has_its_own_code(self, server, lab, channel):
        blind = server.add_channel(lab, bot_permissions=Permission(0))
        mute = server.add_channel(lab, bot_permissions=Permission.VIEW_CHANNEL)
        no_embeds = server.add_channel(
            lab, bot_permissions=Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        )
        await server.delete_channel(channel)
        embed = {"embeds": [{"title": "x"}]}
        seen = [
            (await post(server, place, embed))[1]["code"]
            for place in (channel, blind, mute, no_embeds)
        ]
        assert seen == [10003, 50001, 50013, 50013]

    async def test_after_a_kick_every_channel_is_closed(self, server, lab, channel):
        await server.kick_bot(lab)
        assert (await post(server, channel, {"content": "x"}))[1]["code"] == 50001

    async def test_a_wrong_token_cannot_log_in(self, server):
        client = discord.Client(intents=discord.Intents.none())
        async with client:
            with pytest.raises(discord.LoginFailure):
                await client.login("wrong")

    async def test_ten_thousand_bad_requests_ban_the_address(self, channel):
        async with DiscordServer(limits=Limits(ban_after=3)) as strict:
            there = strict.add_channel(strict.add_guild())
            for _ in range(3):
                await post(strict, there, {"content": "x"}, token="wrong")
            response, text = await post(strict, there, {"content": "x"})
            assert response.status == 429
            assert "Via" not in response.headers
            assert text.startswith("<html>")


class TestRateLimits:
    async def test_the_sixth_message_in_a_channel_is_limited_by_its_own_bucket(self):
        async with DiscordServer() as server:
            lab = server.add_guild()
            one, other = server.add_channel(lab), server.add_channel(lab)
            for left in (4, 3, 2, 1, 0):
                response, _ = await post(server, one, {"content": "x"})
                assert response.headers["X-RateLimit-Remaining"] == str(left)
            response, answer = await post(server, one, {"content": "x"})
            assert response.status == 429
            assert response.headers["Via"]
            assert 4 < answer["retry_after"] <= 5
            assert not answer["global"]
            assert (await post(server, other, {"content": "x"}))[0].status == 200
            server.clock.advance(5)
            assert (await post(server, one, {"content": "x"}))[0].status == 200
            assert server.earned == [f"create_message:{one.id}"]

    async def test_more_than_fifty_a_second_are_limited_everywhere(self):
        async with DiscordServer(limits=Limits(per_route={}, global_per_second=3)) as server:
            channel = server.add_channel(server.add_guild())
            statuses = [(await post(server, channel, {"content": "x"}))[0].status for _ in range(4)]
            assert statuses == [200, 200, 200, 429]
            assert server.earned == ["global:create_message"]

    async def test_discord_py_keeps_to_the_headers(self, monkeypatch):
        limits = Limits(per_route={"create_message": (2, 0.2)})
        async with DiscordServer(limits=limits) as server:
            channel = server.add_channel(server.add_guild())
            with server.library():
                async with logged_in(server) as client:
                    for number in range(5):
                        await client.get_partial_messageable(channel.id).send(str(number))
            assert [said.content for said in server.shown(channel)] == list("01234")
            assert server.earned == []


class TestFaults:
    async def test_a_reset_after_commit_leaves_the_message_standing(self, server, channel):
        server.desk.faults.plan("create_message", faults.Reset(committed=True))
        async with logged_in(server) as client:
            with pytest.raises(aiohttp.ClientOSError):
                await client.get_partial_messageable(channel.id).send("once")
        assert len(server.shown(channel)) == 1

    async def test_a_reset_before_commit_leaves_nothing(self, server, channel):
        server.desk.faults.plan("create_message", faults.Reset())
        with pytest.raises(aiohttp.ClientError):
            await post(server, channel, {"content": "lost"})
        assert server.shown(channel) == []

    async def test_an_outage_page_is_html(self, server, channel):
        server.desk.faults.plan("create_message", faults.Status(503), times=2)
        for _ in range(2):
            response, text = await post(server, channel, {"content": "x"})
            assert (response.status, text[:6]) == (503, "<html>")
        assert (await post(server, channel, {"content": "x"}))[0].status == 200

    async def test_faults_strike_only_their_channel(self, server, lab, channel):
        other = server.add_channel(lab)
        server.desk.faults.plan("create_message", faults.Code(50013), channel=channel.id)
        assert (await post(server, other, {"content": "x"}))[0].status == 200
        assert (await post(server, channel, {"content": "x"}))[1]["code"] == 50013

    async def test_a_hang_ends_without_an_answer(self, server, channel):
        server.desk.faults.plan("create_message", faults.Hang(0.05, committed=True))
        with pytest.raises(aiohttp.ClientError):
            await post(server, channel, {"content": "x"})
        assert len(server.shown(channel)) == 1

    async def test_planned_429s_come_with_and_without_via(self, server, channel):
        server.desk.faults.plan("create_message", faults.Limited(1.5, scope="shared"))
        server.desk.faults.plan("create_message", faults.Limited(1.5, via=False))
        response, answer = await post(server, channel, {"content": "x"})
        assert (response.status, answer["retry_after"]) == (429, 1.5)
        assert response.headers["X-RateLimit-Scope"] == "shared"
        response, _ = await post(server, channel, {"content": "x"})
        assert "Via" not in response.headers
        assert server.desk.limiter.invalid_requests == 1  # shared ones do not count


class TestCommands:
    async def test_a_person_reads_the_answer_to_a_slash_command(self, server, channel, anna):
        async with connected(server, papers):
            seen = await server.slash(channel, anna, "papers", {"query": "alignment"})
        assert seen.text == "you asked alignment"
        assert seen.answers[0].ephemeral
        assert server.shown(channel) == []
        assert seen.answered_after < 1
        assert server.violations == []

    async def test_a_deferred_answer_stays_private_and_can_go_on(self, server, channel, anna):
        async with connected(server, papers):
            seen = await server.slash(channel, anna, "slow", answers=2)
        assert [answer.text for answer in seen.answers] == ["at last", "and more"]
        assert all(answer.ephemeral for answer in seen.answers)
        assert server.violations == []

    async def test_the_client_refuses_what_discord_would_not_let_people_send(
        self, server, channel, anna
    ):
        async with connected(server, papers):
            with pytest.raises(ClientRefused, match="required"):
                await server.slash(channel, anna, "papers")
            with pytest.raises(ClientRefused, match="hidden"):
                await server.slash(channel, anna, "admin")
            with pytest.raises(ClientRefused, match="no command"):
                await server.slash(channel, anna, "nothing")
            seen = await server.slash(channel, anna, "admin", hidden_too=True)
        assert seen.text == "manager: False"

    async def test_syncing_creates_only_new_commands(self, server):
        client = discord.Client(intents=discord.Intents.none())
        tree = app_commands.CommandTree(client)
        papers(tree)
        async with client:
            await client.login(server.token)
            first = {command.name: command.id for command in await tree.sync()}
            again = {command.name: command.id for command in await tree.sync()}
        assert first == again
        assert server.commands.creates == {None: 3}
        assert server.commands.overwrites == 2
        assert server.violations == []

    async def test_a_command_is_answered_once_and_in_time(self, server, channel, anna):
        async with connected(server, papers):
            seen = await server.slash(channel, anna, "papers", {"query": "x"})
        url = f"{server.api_url}/interactions/{seen.id}/{seen.token}/callback"
        body = {"type": 4, "data": {"content": "again"}}
        async with aiohttp.ClientSession() as session:
            async with session.post(url, json=body) as response:
                assert (response.status, (await response.json())["code"]) == (400, 40060)

            late = server.people.interactions.begin(
                2, anna, channel, {}, application_id=server.world.bot.id
            )
            server.clock.advance(3.1)
            url = f"{server.api_url}/interactions/{late.id}/{late.token}/callback"
            async with session.post(url, json=body) as response:
                assert (response.status, (await response.json())["code"]) == (404, 10062)

            server.clock.advance(15 * 60)
            url = f"{server.api_url}/webhooks/{server.world.bot.id}/{seen.token}"
            async with session.post(url, json={"content": "x"}) as response:
                assert (response.status, (await response.json())["code"]) == (401, 50027)

    async def test_buttons_and_forms_work(self, server, channel, anna):
        class Form(discord.ui.Modal, title="Subscribe"):
            topic: discord.ui.TextInput = discord.ui.TextInput(label="Filter", custom_id="filter")

            async def on_submit(self, interaction):
                await interaction.response.send_message(f"got {self.topic.value}", ephemeral=True)

        class Row(discord.ui.View):
            @discord.ui.button(label="Why?", custom_id="why")
            async def why(self, interaction, _button):
                await interaction.response.send_modal(Form())

        async with connected(server, papers) as client:
            view = Row(timeout=None)
            await client.get_partial_messageable(channel.id).send("card", view=view)
            pressed = await server.people.press(server.shown(channel)[0], "why", anna)
            assert pressed.modal["title"] == "Subscribe"
            sent = await server.people.submit(pressed, {"filter": "alignment"})
        assert sent.text == "got alignment"
        assert server.violations == []

    async def test_typing_gets_choices(self, server, channel, anna):
        def register(tree):
            @tree.command(name="papers", description="Search")
            async def search(interaction: discord.Interaction, query: str):
                await interaction.response.send_message(query)

            @search.autocomplete("query")
            async def offer(_interaction: discord.Interaction, typed: str):
                return [app_commands.Choice(name=f"{typed}ment", value="alignment")]

        async with connected(server, register):
            offered = await server.people.autocomplete(
                channel, anna, "papers", {"query": "align"}, "query"
            )
        assert offered == [{"name": "alignment", "value": "alignment"}]

    async def test_a_command_nobody_answers_fails_for_the_person(
        self, server, channel, anna, monkeypatch
    ):
        monkeypatch.setattr("tests.servers.discord.people.PATIENCE_S", 0.05)
        async with connected(server, papers):
            server.desk.faults.plan("create_interaction_response", faults.Code(10062))
            with caught_errors() as errors:
                seen = await server.slash(channel, anna, "papers", {"query": "x"})
        assert seen.failed
        assert len(errors) == 1


@contextlib.contextmanager
def caught_errors():
    """discord.py logs what a command callback raises; keep the log readable."""

    class Keep(logging.Handler):
        def emit(self, record):
            errors.append(record)

    errors: list[logging.LogRecord] = []
    logger = logging.getLogger("discord.app_commands.tree")
    keep = Keep()
    logger.addHandler(keep)
    logger.propagate = False
    try:
        yield errors
    finally:
        logger.removeHandler(keep)
        logger.propagate = True


class TestGateway:
    async def test_a_slash_only_bot_gets_its_servers_and_no_messages(self, server, lab, channel):
        async with connected(server) as client:
            assert [guild.name for guild in client.guilds] == ["Lab"]
            await post(server, channel, {"content": "unheard"})
            (session,) = server.gateway.sessions.values()
            assert [event["t"] for event in session.events] == ["READY", "GUILD_CREATE"]

    async def test_op_7_is_followed_by_a_resume_that_replays(self, server, channel, anna):
        async with connected(server, papers):
            before = server.gateway.logins
            await server.gateway.ask_to_reconnect()
            seen = await server.slash(channel, anna, "papers", {"query": "replayed"})
            assert seen.text == "you asked replayed"
            await until(lambda: server.gateway.resumes == 1)
            assert server.gateway.logins == before

    async def test_a_dropped_connection_is_resumed(self, server, channel, anna):
        async with connected(server, papers):
            await server.gateway.drop(4000)
            seen = await server.slash(channel, anna, "papers", {"query": "back"})
            assert seen.text == "you asked back"
            assert server.gateway.resumes == 1

    @pytest.mark.parametrize("token", ["", "wrong"])
    async def test_a_wrong_token_is_closed_with_4004(self, server, token):
        async with gateway_socket(server) as socket:
            await socket.receive_json()
            await socket.send_json({"op": 2, "d": {"token": token, "intents": 0}})
            await socket.receive()
            assert socket.close_code == 4004

    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            ({"op": 99}, 4001),
            ({"op": 3, "d": {}}, 4003),
            ({"op": 2, "d": "x" * 5000}, 4002),
            ([], 4002),
        ],
    )
    async def test_a_wrong_frame_has_its_close_code(self, server, frame, code):
        async with gateway_socket(server) as socket:
            await socket.receive_json()
            await socket.send_json(frame)
            await socket.receive()
            assert socket.close_code == code

    async def test_privileged_intents_are_disallowed(self, server):
        client = discord.Client(intents=discord.Intents(message_content=True))
        async with client:
            await client.login(server.token)
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await client.connect()
        assert server.gateway.closed == [4014]

    async def test_an_unknown_session_must_log_in_anew(self, server):
        async with gateway_socket(server) as socket:
            await socket.receive_json()
            data = {"token": server.token, "session_id": "gone", "seq": 3}
            await socket.send_json({"op": 6, "d": data})
            assert (await socket.receive_json())["op"] == 9

    async def test_heartbeats_are_acknowledged_unless_switched_off(self, server):
        async with gateway_socket(server) as socket:
            hello = await socket.receive_json()
            assert hello["d"]["heartbeat_interval"] > 1000
            await socket.send_json({"op": 1, "d": None})
            assert (await socket.receive_json())["op"] == 11
            server.gateway.acknowledges = False
            await socket.send_json({"op": 1, "d": None})
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.05)

    async def test_sharded_clients_see_only_their_servers(self, server):
        guilds = [server.add_guild(f"Lab {number}") for number in range(4)]
        async with gateway_socket(server) as socket:
            await socket.receive_json()
            data = {"token": server.token, "intents": 1, "shard": [0, 2]}
            await socket.send_json({"op": 2, "d": data})
            ready = await socket.receive_json()
        mine = {str(guild.id) for guild in guilds if (guild.id >> 22) % 2 == 0}
        assert {guild["id"] for guild in ready["d"]["guilds"]} == mine


@contextlib.asynccontextmanager
async def gateway_socket(server):
    url = f"{server.gateway_url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        yield socket


@pytest.mark.corpus
class TestPublishedSchema:
    @pytest.fixture(autouse=True)
    def needs_the_file(self):
        if published_file() is None:
            pytest.skip("Discord's OpenAPI file is not beside the project")

    async def test_a_body_that_breaks_the_schema_is_recorded(self, server, channel):
        await post(server, channel, {"content": "x", "embeds": "none"})
        (violation,) = server.violations
        assert (violation.operation, violation.path) == ("create_message", "embeds")

    async def test_strict_answers_it_with_50035(self):
        async with DiscordServer(strict=True) as server:
            channel = server.add_channel(server.add_guild())
            _, answer = await post(server, channel, {"content": "x", "tts": "loud"})
            assert answer["code"] == 50035
            assert server.shown(channel) == []

    async def test_known_exceptions_are_let_through(self, server, channel):
        await post(server, channel, {"content": "x", "attachments": [{"id": 0}]})
        assert server.violations == []
