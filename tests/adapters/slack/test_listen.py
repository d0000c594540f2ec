"""People talk to the bot on Slack: stock Bolt against the local server, over both transports."""

import asyncio
import io

import pytest
from aiohttp import ClientSession

from adapters.slack.client import new_client
from adapters.slack.post import SlackMessenger
from bot.model.command import Asker
from bot.model.delivery import Posted
from bot.model.errors import StoreDown
from bot.model.message import Digest, Listing, Notice
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.listening import FakeDesk, http_mode, new_listener, socket_mode
from tests.contracts.messages import ORDINARY
from tests.contracts.messenger import a_card
from tests.servers.slack import APP_TOKEN, DEFAULT_USER, SIGNING_SECRET, SlackServer, faults
from tests.stores import open_test_store


@pytest.fixture
async def slack():
    async with SlackServer(channel_pace=None) as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def store(tmp_path):
    async with open_test_store(tmp_path) as opened:
        yield opened


@pytest.fixture
def desk():
    return FakeDesk()


@pytest.fixture(params=[socket_mode, http_mode], ids=["socket mode", "http"])
async def listener(request, slack, desk, store):
    one = new_listener(slack, desk, store)
    async with request.param(slack, one):
        yield one


async def test_a_command_is_acknowledged_and_answered_to_the_asker_alone(slack, desk, listener):
    desk.reply = Listing(heading="1 paper about “patience”", cards=(ORDINARY,), total=1)
    outcome = await slack.people.slash("patience")
    assert outcome.acked
    assert outcome.seconds < 1
    (shown,) = outcome.shown
    assert "Aligning small models" in shown
    assert slack.general.messages == []
    (private,) = slack.general.ephemeral[DEFAULT_USER]
    assert private.shown == shown


async def test_the_desk_hears_who_asked_where_and_what_they_typed(slack, desk, listener):
    await slack.people.slash("subscribe “a &amp; b” upvotes:&gt;=20")
    expected = Asker(
        channel=Channel(Platform.SLACK, slack.home.id, slack.general.id),
        member=DEFAULT_USER,
        zone="Europe/London",
        is_admin=False,
        may_see=frozenset(),
        reads_public=True,
    )
    assert desk.heard == [(expected, 'subscribe "a & b" upvotes:>=20')]


async def test_a_command_works_in_a_direct_message(slack, desk, listener):
    direct = slack.home.direct_channel(DEFAULT_USER, slack.ids)
    outcome = await slack.people.slash("help", channel=direct)
    assert outcome.shown == ["done"]
    asker = desk.heard[0][0]
    assert (asker.channel.channel, asker.direct) == (f"@{DEFAULT_USER}", True)


async def test_a_command_works_where_the_app_is_no_member(slack, desk, listener):
    outside = slack.add_channel("outside", bot_is_member=False)
    assert (await slack.people.slash("help", channel=outside)).shown == ["done"]


async def test_a_slow_answer_does_not_delay_the_acknowledgement(slack, desk, listener):
    answered = asyncio.Event()

    async def slow():
        await answered.wait()
        return Notice(heading="at last")

    desk.reply = lambda line: slow()
    outcome = await slack.people.slash("digest week", expect=0)
    assert outcome.acked
    assert outcome.answers == []
    answered.set()
    await outcome.wait_for(1)
    assert outcome.shown == ["at last"]


async def test_a_menu_under_a_paper_does_what_it_says(slack, desk, listener):
    messenger = SlackMessenger(new_client(slack.bot_token, slack.api_url))
    channel = Channel(Platform.SLACK, slack.home.id, slack.general.id)
    (page,) = messenger.pages(Digest(heading="d", cards=(ORDINARY, a_card())))
    assert isinstance(await messenger.post(channel, page, marker="m"), Posted)
    desk.reply = Notice(heading="because")
    outcome = await slack.people.click(slack.general.messages[0], "Why?")
    assert outcome.shown == ["because"]
    assert desk.lines == ["why arxiv:2611.01234"]
    assert len(slack.general.messages) == 1


async def test_a_button_in_a_private_answer_works_too(slack, desk, listener):
    desk.reply = Digest(heading="d", cards=(ORDINARY,))
    await slack.people.slash("digest")
    (private,) = slack.general.ephemeral[DEFAULT_USER]
    desk.reply = Notice(heading="because")
    assert (await slack.people.click(private, "Why?")).shown == ["because"]


async def test_the_same_interaction_twice_has_one_effect(slack, desk, listener):
    first = await slack.people.slash("subscribe rings")
    slack.people._trigger = lambda user: first.trigger_id
    again = await slack.people.slash("subscribe rings", expect=0)
    await listener.drain()
    assert again.acked
    assert desk.lines == ["subscribe rings"]


async def test_a_database_that_is_down_is_told_to_the_person(slack, desk, listener):
    desk.reply = StoreDown("The database does not answer; try again in a minute.")
    (shown,) = (await slack.people.slash("list")).shown
    assert "The database does not answer" in shown


async def test_a_mistake_of_ours_is_told_to_the_person_and_to_the_log(
    slack, desk, listener, caplog
):
    desk.reply = ZeroDivisionError("boom")
    (shown,) = (await slack.people.slash("list")).shown
    assert "Something went wrong on our side" in shown
    assert "boom" not in shown
    assert "ZeroDivisionError" in caplog.text


async def test_a_command_of_another_app_is_acknowledged_and_left_alone(slack, desk, listener):
    assert (await slack.people.slash("x", command="/other", expect=0)).acked
    assert desk.heard == []


async def test_an_event_nobody_asked_for_is_taken_without_a_retry(slack, desk, listener):
    report = await slack.events.send({"type": "team_join", "user": {"id": DEFAULT_USER}})
    assert report.statuses == [200]


async def test_a_message_of_the_bot_itself_is_ignored(slack, desk, listener):
    event = {
        "type": "message",
        "channel": slack.general.id,
        "user": slack.home.bot_user,
        "bot_id": slack.home.bot_id,
        "text": "/papers list",
    }
    assert (await slack.events.send(event)).delivered
    assert desk.heard == []


async def test_an_answer_of_many_pages_stops_at_what_slack_takes(slack, desk, listener):
    desk.reply = Listing(heading="many", cards=tuple(a_card(n) for n in range(1, 150)))
    outcome = await slack.people.slash("everything", expect=5)
    assert len(outcome.answers) == 5
    assert "Paper number 1\n" in outcome.shown[0]


async def test_an_answer_that_slack_refuses_comes_as_plain_text(slack, desk, listener):
    slack.break_with("response_url", faults.Fault("status", status=500, error="invalid_blocks"))
    desk.reply = Digest(heading="d", cards=(ORDINARY,))
    outcome = await slack.people.slash("digest")
    assert "blocks" not in outcome.answers[0]
    assert "Aligning small models" in outcome.shown[0]


async def test_an_answer_that_gets_lost_is_not_sent_twice(slack, desk, listener, caplog):
    slack.break_with("response_url", faults.reset(committed=False))
    outcome = await slack.people.slash("list", expect=0)
    async with asyncio.timeout(2):
        while "answer lost" not in caplog.text:
            await asyncio.sleep(0.005)
    assert outcome.answers == []
    assert outcome.response_url not in caplog.text


async def test_fifty_commands_at_once_are_all_acknowledged_quickly(slack, desk, listener):
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(slack.people.slash(f"q{n}")) for n in range(50)]
    outcomes = [task.result() for task in running]
    assert all(outcome.acked for outcome in outcomes)
    assert max(outcome.seconds for outcome in outcomes) < 3
    assert sorted(desk.lines) == sorted(f"q{n}" for n in range(50))


async def test_nothing_secret_is_logged(slack, desk, store, caplog):
    caplog.set_level("DEBUG")
    one = new_listener(slack, desk, store)
    async with socket_mode(slack, one):
        outcome = await slack.people.slash("list")
    async with http_mode(slack, one):
        other = await slack.people.slash("list")
    for secret in (
        slack.bot_token,
        APP_TOKEN,
        SIGNING_SECRET,
        outcome.response_url,
        other.response_url,
    ):
        assert secret not in caplog.text


async def test_a_socket_that_slack_closes_is_opened_again(slack, desk, store):
    async with socket_mode(slack, new_listener(slack, desk, store)):
        await slack.sockets.disconnect()
        async with asyncio.timeout(5):
            while slack.sockets.opened < 2:
                await asyncio.sleep(0.01)
        assert (await slack.people.slash("still there?")).shown == ["done"]


async def test_stopping_lets_the_answer_out_first(slack, desk, store):
    started = asyncio.Event()

    async def slow():
        started.set()
        await asyncio.sleep(0.1)
        return Notice(heading="just in time")

    desk.reply = lambda line: slow()
    async with socket_mode(slack, new_listener(slack, desk, store)):
        outcome = await slack.people.slash("digest", expect=0)
        await started.wait()
    assert outcome.shown == ["just in time"]


async def test_a_body_that_is_too_large_is_turned_away(slack, desk, store):
    async with http_mode(slack, new_listener(slack, desk, store)), ClientSession() as session:
        body = "x" * (1024 * 1024 + 1)
        headers = slack.signed_headers(body)
        sent = io.BytesIO(body.encode())
        async with session.post(slack.request_url, data=sent, headers=headers) as reply:
            assert reply.status == 413
