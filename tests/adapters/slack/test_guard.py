"""The door for HTTP requests: 401 for what Slack did not sign, 200 for everything it did."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from adapters.slack.client import new_client
from adapters.slack.listen import SlackListener
from adapters.slack.workspaces import OneWorkspace
from config.slack_parts import handlers, surface
from tests.adapters.slack.listening import FakeDesk
from tests.stores import open_test_store

NOWHERE = "http://127.0.0.1:9/api/"
SECRET = "f0e1d2c3b4a5968778695a4b3c2d1e0f"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


class At:
    """A clock that stands still."""

    def now(self):
        return NOW


@pytest.fixture
def heard():
    return []


@pytest.fixture
async def store(tmp_path):
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def listener(heard, store):
    return a_listener(heard, store, SECRET)


def a_listener(heard, store, secret):
    desk = FakeDesk()
    desk.heard = heard
    on = surface(OneWorkspace(new_client("xoxb-none", NOWHERE)), desk, store, At())
    return SlackListener(
        handlers(on, store), on.chores, api_url=NOWHERE, clock=At(), signing_secret=secret
    )


def signature(body, stamp=STAMP, secret=SECRET):
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def headers(body, stamp=STAMP, content_type="application/x-www-form-urlencoded", **changes):
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(body, stamp),
        **changes,
    }


FORM = urlencode(
    {
        "command": "/papers",
        "text": "secret words",
        "team_id": "T0LAB00001",
        "channel_id": "C0PAPERS01",
        "user_id": "U0READER01",
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/answer",
    }
).encode()


async def test_a_request_without_a_signature_is_refused(listener):
    assert (await listener.receive({}, FORM)).status == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": signature(FORM).upper()},
        {"X-Slack-Signature": "v0=" + "é" * 64},
        {"X-Slack-Signature": signature(b"another body")},
        {"X-Slack-Signature": signature(FORM, secret="other")},
        {"X-Slack-Signature": signature(FORM) + "\n"},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1" * 5_000},
        {"X-Slack-Request-Timestamp": f" {STAMP} "},
        {"X-Slack-Request-Timestamp": "١٧٦٣٨٨٥٦٠٠"},
    ],
)
async def test_a_forged_or_malformed_signature_is_refused(listener, changes, heard):
    assert (await listener.receive(headers(FORM) | changes, FORM)).status == 401
    assert heard == []


@pytest.mark.parametrize("offset", [-301, 301])
async def test_a_request_more_than_five_minutes_off_is_refused(listener, offset):
    stamp = str(int(STAMP) + offset)
    assert (await listener.receive(headers(FORM, stamp), FORM)).status == 401


async def test_a_forged_request_leaves_nothing_in_the_log(listener, caplog):
    caplog.set_level("DEBUG")
    await listener.receive(headers(FORM) | {"X-Slack-Signature": "v0=" + "0" * 64}, FORM)
    assert "secret words" not in caplog.text
    assert listener.rejections.counts == {"wrong signature": 1}


async def test_a_body_over_a_mebibyte_is_refused_before_it_is_hashed(listener):
    body = b"x" * (1024 * 1024 + 1)
    assert (await listener.receive(headers(FORM), body)).status == 413


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"type": "event_callback", '),
        ("application/json", b"[]"),
        ("application/json", b"null"),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
        ("application/json", b"\xff\xfe"),
        ("application/json", b'{"type": "something_new"}'),
        ("application/json", b'{"type": "event_callback", "event": {"type": "team_join"}}'),
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"payload=%7Bbroken"),
        ("application/x-www-form-urlencoded", b"payload=[]"),
        ("application/x-www-form-urlencoded", b"payload={}&payload={}"),
        ("application/x-www-form-urlencoded", b"payload={}"),
        ("application/x-www-form-urlencoded", b"command=/unknown&team_id=T1"),
        ("application/x-www-form-urlencoded", b"command=/papers"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(10_000))),
        ("text/plain", b"hello"),
        ("", b"hello"),
    ],
)
async def test_whatever_slack_signed_is_answered_200(listener, content_type, body, heard, caplog):
    reply = await listener.receive(headers(body, content_type=content_type), body)
    await listener.drain()
    assert reply.status == 200
    assert "Traceback" not in reply.body
    assert heard == []


async def test_slack_can_verify_the_address(listener):
    body = json.dumps({"type": "url_verification", "challenge": "c123"}).encode()
    reply = await listener.receive(headers(body, content_type="application/json"), body)
    assert (reply.status, json.loads(reply.body)) == (200, {"challenge": "c123"})


async def test_a_listener_without_a_secret_lets_nobody_in(store, heard):
    open_door = a_listener(heard, store, "")
    unsigned = headers(FORM) | {"X-Slack-Signature": signature(FORM, secret="")}
    assert (await open_door.receive(unsigned, FORM)).status == 401
    assert heard == []
