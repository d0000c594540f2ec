"""App Home: everything this workspace and this person get, and changing it there."""

import sqlite3
from dataclasses import replace

import pytest

from adapters.slack.home_view import Row, home_view
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.driving import IDS, a_slack
from tests.adapters.store.given import NOON, a_subscription
from tests.scenarios.driver import ADA, BOARD, BOB, CLUB, LAB
from tests.servers.slack.blocks import faults_of_view
from tests.servers.slack.visible import shown_text

LAB_OF_MANY = Channel(Platform.SLACK, "T0MANY0001", "C0TOPIC000")


@pytest.fixture
async def driver(tmp_path):
    async with a_slack(tmp_path) as one:
        yield one


async def home(driver, by=ADA):
    """What this person sees there now."""
    event = {"type": "app_home_opened", "user": IDS[by], "channel": "D0HOME0001", "tab": "home"}
    await driver._slack.events.send(event)
    await settled(driver)
    return driver._slack.home.homes[IDS[by]]


async def settled(driver):
    await driver._listener.drain()


def words(view):
    assert faults_of_view(view.content) == []
    return shown_text("", view.content["blocks"])


async def test_an_empty_home_says_how_to_begin(driver):
    shown = words(await home(driver))
    assert "No channel you can see has a subscription yet" in shown
    assert "You follow nobody yet" in shown


async def test_it_shows_subscriptions_follows_next_digests_and_health(driver):
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings", where=LAB)
    await driver.say("subscribe groups every:weekly tz:UTC name:groups", where=CLUB)
    await driver.say('follow author:"Ada Byron" at:07:00 tz:UTC')
    shown = words(await home(driver))
    for piece in ("rings: ring · daily at 09:00", "groups: ", "byron", "Mon 23 Nov 09:00"):
        assert piece in shown
    assert "Source hf_daily" in shown
    assert "slack:" not in shown


async def test_it_says_that_something_there_is_damaged_to_those_who_can_see_it(driver, tmp_path):
    await driver.say("subscribe rings name:rings", where=LAB)
    await driver.say("subscribe secrets name:secrets", where=BOARD)

    def break_one(name):
        with sqlite3.connect(tmp_path / "store.db") as database:
            query = "UPDATE subscriptions SET every = 'never' WHERE name = ?"
            assert database.execute(query, (name,)).rowcount == 1
        database.close()

    break_one("secrets")
    assert "is damaged" not in words(await home(driver, by=BOB))
    break_one("rings")
    assert "is damaged and sends nothing; /papers list all" in words(await home(driver, by=BOB))


async def test_nobody_sees_a_private_channel_or_a_follow_of_others(driver):
    await driver.say("subscribe secrets every:daily name:secrets", where=BOARD)
    await driver.say('follow author:"Ada Byron" at:07:00')
    assert "secrets" in words(await home(driver, ADA))
    shown = words(await home(driver, BOB))
    assert "secrets" not in shown
    assert "byron" not in shown


async def test_what_is_there_can_be_changed_there(driver):
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings", where=LAB)
    view = await home(driver)
    await driver._slack.people.press(view, "Pause", user=IDS[ADA])
    await settled(driver)
    view = driver._slack.home.homes[IDS[ADA]]
    assert "paused until resumed" in words(view)
    assert "paused" in (await driver.posts(LAB))[-1].text.lower()
    await driver._slack.people.press(view, "Resume", user=IDS[ADA])
    await settled(driver)
    assert "paused" not in words(driver._slack.home.homes[IDS[ADA]])


async def test_a_form_opened_there_is_answered_in_its_own_window(driver):
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings", where=LAB)
    before = len(driver._slack.home.views)
    await driver._slack.people.press(await home(driver), "Edit…", user=IDS[ADA])
    await settled(driver)
    form = list(driver._slack.home.views.values())[before]
    field = {"papers:field": {"type": "plain_text_input", "value": "rings OR fields"}}
    outcome = await driver._slack.people.submit(form, {"field:filter": field})
    assert outcome.body["response_action"] == "update"
    assert "Changed: rings" in shown_text("", outcome.body["view"]["blocks"])
    await settled(driver)
    assert "field" in words(driver._slack.home.homes[IDS[ADA]])


async def test_a_press_that_names_a_channel_one_cannot_see_is_refused(driver):
    """Bad input 70: an id that is not this person's to use."""
    await driver.say("subscribe secrets every:daily name:secrets", where=BOARD)
    view = await home(driver, ADA)
    await driver._slack.people.press(view, "Stop", user=IDS[BOB])
    await settled(driver)
    board = Channel(Platform.SLACK, driver._slack.home.id, driver._channels[BOARD].id)
    assert len(await driver.world.store.subscriptions.of(board)) == 1
    shown = [shown_text("", one.content["blocks"]) for one in driver._slack.home.views.values()]
    assert any("You cannot see this channel" in one for one in shown)
    assert "secrets" not in " ".join(shown)


def test_a_workspace_with_all_the_subscriptions_it_may_have_fits_into_one_view():
    many = [
        Row(
            subscription=a_subscription(name=f"topic-{number}", channel=LAB_OF_MANY),
            channel=f"C0TOPIC{number // per:03}",
            paused=False,
            now=NOON,
        )
        for per in (1, 5)
        for number in range(100)
    ]
    mine = [replace(one, channel="") for one in many[:25]]
    for rows in (many[:100], many[100:], many):
        view = home_view(rows, mine, ["Source: " + "x" * 400] * 50)
        assert faults_of_view(view) == []
        shown = shown_text("", view["blocks"])
        assert "more; /papers list all shows them" in shown
        assert shown.count("Source: ") == 10, "nothing pushes out what comes last"
