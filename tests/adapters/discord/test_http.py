"""What may come in by the HTTP door, and what may not (bad inputs 61 to 64, 67, 73, 74)."""

import json
import logging
from io import BytesIO

import aiohttp
import pytest

from adapters.discord.door import Door
from adapters.knocking import DEEPEST_JSON, LARGEST_BODY, Turned
from tests.adapters.discord.listening import CLOCK, over_http
from tests.servers.discord import DiscordServer
from tests.servers.discord.people import interaction_json

CANARY = "canary-in-the-body"


async def post(server, body, headers):
    async with (
        aiohttp.ClientSession() as session,
        session.post(server.caller.url, data=BytesIO(body), headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_discord_may_set_the_address_because_pings_are_answered_and_forgeries_are_not(
    server, answering
):
    async with over_http(server, answering):
        assert await server.caller.knock()


@pytest.mark.parametrize(
    "change",
    [
        {"X-Signature-Ed25519": None},
        {"X-Signature-Timestamp": None},
        {"X-Signature-Ed25519": ""},
        {"X-Signature-Ed25519": "0" * 128},
        {"X-Signature-Ed25519": "g" * 128},
        {"X-Signature-Ed25519": "é" * 128},
        {"X-Signature-Timestamp": "abc"},
        {"X-Signature-Timestamp": "9" * 5_000},
        {"X-Signature-Timestamp": " 1 "},
        {"X-Signature-Timestamp": "٣"},
        {"X-Signature-Timestamp": "1"},
    ],
    ids=lambda change: "-".join(f"{key[12:]}={str(value)[:6]}" for key, value in change.items()),
)
async def test_a_missing_or_wrong_signature_is_turned_away_and_leaves_nothing_behind(
    server, answering, change, caplog
):
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"type": 1, "note": CANARY}).encode()
    async with over_http(server, answering):
        given = {**server.caller.headers(body), **change}
        headers = {key: value for key, value in given.items() if value is not None}
        assert await post(server, body, headers) == (401, "")
    assert answering.asked == []
    assert CANARY not in caplog.text


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_request_signed_long_ago_or_ahead_is_turned_away(seconds):
    caller = DiscordServer().caller
    now = CLOCK.now()
    headers = {
        name.lower(): value
        for name, value in caller.headers(b"{}", at=now.timestamp() + seconds).items()
    }
    assert Door(caller.public_key).open(headers, b"{}", now=now) == Turned(
        401, "timestamp too far from now"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b'{"type": [1]}',
        b'{"type": "2"}',
        b'{"type": 2}',
        b'{"type": 2, "type": 1}',
        b'{"type": 3, "id": "x", "data": []}',
        b'{"type": 5, "id": "1", "token": "t", "application_id": "1", "data": {}}',
        b'{"type": 2, "x": ' + b"[" * (DEEPEST_JSON + 1) + b"]" * (DEEPEST_JSON + 1) + b"}",
        b'{"type": 2, "x": ' + b"[" * 400_000,
    ],
    ids=lambda body: repr(body[:24]),
)
async def test_what_is_signed_but_unreadable_is_a_bad_request_and_no_failure(
    server, answering, body
):
    async with over_http(server, answering):
        assert await post(server, body, server.caller.headers(body)) == (400, "")
        assert await server.caller.knock()
    assert answering.asked == []


async def test_an_interaction_of_a_kind_yet_unknown_is_taken_and_left_alone(server, answering):
    body = b'{"type": 99, "id": "1", "token": "t", "application_id": "1", "data": {}}'
    async with over_http(server, answering):
        assert await post(server, body, server.caller.headers(body)) == (202, "")
        assert await server.caller.knock()
    assert answering.asked == []


async def test_a_server_never_heard_of_is_answered_like_any_other(server, answering):
    async with over_http(server, answering):
        stranger = server.add_guild("never invited the bot")
        stranger.has_bot = False
        place, anna = server.add_channel(stranger), server.add_member(stranger, "anna")
        seen = await server.slash(place, anna, "papers", {"query": "rings"})
    assert not seen.failed
    assert answering.lines == ["search rings"]


async def test_a_body_of_10_megabytes_is_refused_unread(server, answering):
    body = b'{"type":1,"x":"' + b"x" * 10 * LARGEST_BODY + b'"}'
    async with over_http(server, answering):
        status, _ = await post(server, body, server.caller.headers(body))
    assert status == 413


async def test_a_form_with_ten_thousand_fields_is_refused(server, answering):
    body = "&".join(f"f{n}=1" for n in range(10_000)).encode()
    async with over_http(server, answering):
        assert (await post(server, body, server.caller.headers(body)))[0] == 400


async def test_a_recorded_request_sent_again_has_no_second_effect(server, answering):
    channel = server.add_channel(server.add_guild())
    chief = server.add_member(server.world.guilds[channel.guild_id], "chief", manages=True)
    async with over_http(server, answering):
        seen = await server.slash(channel, chief, "papers-admin pause")
        body = json.dumps(interaction_json(seen, server.world)).encode()
        headers = server.caller.headers(body)
        assert [await post(server, body, headers) for _ in range(2)] == [(202, "")] * 2
        await server.slash(channel, chief, "papers-admin list")
    assert answering.lines == ["pause", "list"]


async def test_what_comes_before_the_login_is_told_to_try_again(server, answering):
    async with over_http(server, answering) as listener:
        listener.http._client = None
        body = json.dumps({"type": 2, "id": "1"}).encode()
        assert await post(server, body, server.caller.headers(body)) == (503, "")
        assert await server.caller.knock()


async def test_every_request_turned_away_is_counted_by_reason(server, answering):
    async with over_http(server, answering) as listener:
        await post(server, b"{}", {})
        await post(server, b"{}", server.caller.headers(b"other"))
        assert dict(listener.http.rejections) == {
            "no signature of the right form": 1,
            "wrong signature": 1,
        }
