"""Requests that come twice, too late, or from somebody who should not: one effect, or a polite no."""

import asyncio
import json
from urllib.parse import urlencode

import pytest

from adapters.slack.client import new_client
from adapters.slack.workspaces import OneWorkspace
from bot.commands.desk import Desk
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.driving import IDS, a_slack
from tests.adapters.slack.listening import FakeDesk, WallClock, new_listener
from tests.builders import a_paper
from tests.scenarios.driver import ADA, BOB, LAB
from tests.servers.slack import DEFAULT_USER, SlackServer
from tests.stores import open_test_store


@pytest.fixture
async def driver(tmp_path):
    async with a_slack(tmp_path) as one:
        yield one


def lab_of(driver):
    return Channel(Platform.SLACK, driver._slack.home.id, driver._channels[LAB].id)


@pytest.mark.parametrize("times", [2, 5])
async def test_a_request_replayed_within_five_minutes_has_one_effect(tmp_path, times):
    """Bad inputs 64 and 66: the same signed command again, and in two processes at once."""
    async with SlackServer(channel_pace=None) as slack, open_test_store(tmp_path) as store:
        desk = Desk(store, WallClock())
        where = OneWorkspace(new_client(slack.bot_token, slack.api_url))
        both = [new_listener(slack, desk, store, workspaces=where) for _ in range(2)]
        form = {
            "command": "/papers",
            "text": "settings tz:Europe/Berlin",
            "team_id": slack.home.id,
            "channel_id": slack.general.id,
            "user_id": "U0READER01",
            "trigger_id": "1.2.3",
            "response_url": f"{slack.url}/commands/{slack.home.id}/none",
        }
        body = urlencode(form)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            **slack.signed_headers(body),
        }
        async with asyncio.TaskGroup() as tasks:
            for number in range(times):
                listener = both[number % 2]
                tasks.create_task(listener.receive(headers, body.encode()))
        for listener in both:
            await listener.drain()
        here = Channel(Platform.SLACK, slack.home.id, slack.general.id)
        assert (await store.policy.settings(here)).zone == "Europe/Berlin"
        assert len(await store.policy.changes(here, 10)) == 1


WHO = {"team": {"id": "T0LAB00001"}, "user": {"id": "U0READER01"}, "trigger_id": "1.2.3"}
CHANNEL = {"channel": {"id": "C0PAPERS01"}}
EVENT = {"channel": "C0PAPERS01", "user": "U0READER01", "ts": "1.000001"}
TWICE = {
    "a button": {
        **WHO, **CHANNEL, "type": "block_actions",
        "actions": [{"type": "button", "action_id": "papers:0", "block_id": "b", "value": "list"}],
    },
    "a shortcut": {
        **WHO, **CHANNEL, "type": "message_action", "callback_id": "papers_in_message",
        "message": {"text": "see 2611.01234"},
    },
    "a press in App Home": {
        **WHO, "type": "block_actions", "view": {"id": "V1", "type": "home"},
        "actions": [{"type": "button", "action_id": "papers_home:do:0", "value": "- follow"}],
    },
    "a mention": {**EVENT, "type": "app_mention", "text": "rings"},
    "a direct message": {
        **EVENT, "type": "message", "channel_type": "im", "channel": "D0READER01", "text": "rings",
    },
}  # fmt: skip


@pytest.mark.parametrize("what", TWICE)
async def test_whatever_comes_twice_is_answered_once(tmp_path, what):
    """Bad inputs 64 to 66: the same request again, to another process."""
    async with SlackServer(channel_pace=None) as slack, open_test_store(tmp_path) as store:
        desk = FakeDesk()
        both = [new_listener(slack, desk, store) for _ in range(2)]
        body, content_type = _as_sent(TWICE[what], slack)
        headers = {"Content-Type": content_type, **slack.signed_headers(body)}
        for listener in both:
            assert (await listener.receive(headers, body.encode())).status == 200
            await listener.drain()
        assert len(_shown(slack)) == 1, "and whoever asked reads one answer"


def _as_sent(payload, slack):
    said = slack.people.say("rings")
    real = {
        "T0LAB00001": slack.home.id,
        "C0PAPERS01": slack.general.id,
        "U0READER01": DEFAULT_USER,
        "1.2.3": slack.people._trigger(DEFAULT_USER),
        "1.000001": said.ts,
    }
    text = json.dumps(payload)
    for ours, theirs in real.items():
        text = text.replace(ours, theirs)
    payload = json.loads(text)
    if payload["type"] in {"block_actions", "message_action"}:
        return urlencode({"payload": json.dumps(payload)}), "application/x-www-form-urlencoded"
    if payload["type"] == "message":
        payload["channel"] = slack.home.direct_channel(DEFAULT_USER, slack.ids).id
    whole = {"type": "event_callback", "team_id": slack.home.id, "event_id": "Ev1"}
    return json.dumps(whole | {"event": payload}), "application/json"


def _shown(slack):
    channels = slack.home.channels.values()
    bot = slack.home.bot_id
    aloud = [one for channel in channels for one in channel.messages if one.author == bot]
    alone = [one for channel in channels for some in channel.ephemeral.values() for one in some]
    return [*aloud, *alone, *slack.home.views.values()]


async def test_a_button_of_a_subscription_that_is_gone_says_so(driver):
    """Bad input 69: pressed long after."""
    made = await driver.say("subscribe rings every:instant name:rings")
    await driver.say("unsubscribe rings")
    await driver.world.wait(days=90)
    answer = await driver.press(made, "Edit")
    assert "no subscription" in answer.text.lower()


async def test_a_button_pressed_by_somebody_who_may_not_is_refused(driver):
    """Bad input 69: pressed by another person."""
    await driver.say("subscribe rings every:instant name:rings")
    (told,) = await driver.posts()
    await driver.say("settings manage:admins")
    answer = await driver.press(told, "Undo", by=BOB)
    assert "Undone" not in answer
    assert len(await driver.world.store.subscriptions.of(lab_of(driver))) == 1


@pytest.mark.parametrize("value", ["", "like", "like nothing", "unsubscribe", "x" * 2_000, "\x00"])
async def test_a_button_with_anything_in_it_is_answered(driver, value, caplog):
    """Bad input 70: a forged value."""
    await driver.say("subscribe rings every:instant name:rings")
    await driver.world.announce(a_paper("On Rings"))
    message = (await driver.posts())[-1].handle
    for block in message.blocks:
        for element in block.get("elements", []):
            if element.get("text", {}) and element.get("type") == "button":
                element["value"] = value
    outcome = await driver._slack.people.click(message, "Relevant", user=IDS[ADA], expect=0)
    await driver._listener.drain()
    assert outcome.acked
    assert "a mistake of ours" not in caplog.text
    assert len(await driver.world.store.subscriptions.of(lab_of(driver))) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_mention"},
        {"type": "message", "channel_type": "im"},
        {"type": "link_shared", "links": [{}], "user": "U1", "channel": "C1"},
        {"type": "reaction_added", "user": "U1", "item": {"type": "message"}, "reaction": "+1"},
        {"type": "app_home_opened", "user": "U0NOBODY01", "tab": "home"},
        {"type": "member_joined_channel", "user": "U1"},
        {"type": "channel_id_changed"},
        {"type": "tokens_revoked", "tokens": {}},
        {"type": "something_new"},
    ],
)
async def test_an_event_that_is_not_whole_is_taken_and_left(tmp_path, event, caplog):
    """Bad input 68: unknown workspaces, unknown types, missing parts."""
    async with SlackServer(channel_pace=None) as slack, open_test_store(tmp_path) as store:
        listener = new_listener(slack, FakeDesk(), store)
        body = json.dumps({"type": "event_callback", "team_id": "T0NOBODY01", "event": event})
        headers = {"Content-Type": "application/json", **slack.signed_headers(body)}
        assert (await listener.receive(headers, body.encode())).status == 200
        await listener.drain()
    assert "a mistake of ours" not in caplog.text
    assert "Traceback" not in caplog.text
