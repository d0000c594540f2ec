"""The windows as somebody uses them, wrongly too, with the whole bot behind."""

import pytest

from tests.adapters.slack.driving import IDS, _state, a_slack
from tests.builders import a_paper
from tests.scenarios.driver import BOB, LAB
from tests.servers.slack.blocks import faults_of_view
from tests.servers.slack.visible import shown_text


@pytest.fixture
async def driver(tmp_path):
    async with a_slack(tmp_path) as one:
        yield one


async def typed(driver, form, field, **values):
    """What stands in the window, block by block, after somebody typed and paused."""
    view = form.handle
    state = _state(view, form.values | values)
    await driver._slack.people.type_in(view, state, f"field:{field}")
    await driver._listener.drain()
    assert faults_of_view(view.content) == []
    return view.content["blocks"]


def below(blocks, field):
    """What stands right below a field."""
    place = next(n for n, one in enumerate(blocks) if one.get("block_id") == f"field:{field}")
    return shown_text("", blocks[place + 1 : place + 2])


async def test_a_form_starts_with_the_time_zone_of_the_person_who_asks(driver):
    driver._slack.home.users[IDS[BOB]].tz = "Asia/Tokyo"
    form = await driver.say("subscribe", by=BOB)
    assert form.values["tz"] == "Asia/Tokyo"
    await driver.fill(form, {"filter": "rings", "at": "09:00"}, by=BOB)
    assert "Asia/Tokyo" in await driver.say("list")


async def test_what_is_wrong_stands_under_its_field_while_it_is_typed(driver):
    await driver.world.announce(a_paper("On Rings"))
    form = await driver.say("subscribe")
    blocks = await typed(driver, form, "filter", filter="rings (")
    assert "✗ “(” needs a word after it" in below(blocks, "filter")
    blocks = await typed(driver, form, "at", filter="rings", at="25:00", tz="Mars/Base")
    assert "it would have matched 1 paper" in below(blocks, "filter")
    assert "On Rings" in below(blocks, "filter"), "a sample of what would have come"
    assert "✗ Takes a time" in below(blocks, "at")
    assert "✗ “Mars/Base” is no time zone" in below(blocks, "tz")
    blocks = await typed(driver, form, "tz", filter="rings", at="8:30", tz="Europe/Berlin")
    assert "✗" not in shown_text("", blocks)


async def test_a_form_sent_wrong_and_mended_is_carried_out_once(driver):
    form = await driver.say("subscribe")
    wrong = await driver.fill(form, {"filter": "autor:Noether", "top": "0"})
    assert set(wrong.errors) == {"filter", "top"}
    assert "author" in wrong.errors["filter"]
    done = await driver.fill(wrong, {"filter": "author:Noether", "top": "5"})
    assert "Subscribed" in done
    assert len(await driver.posts(LAB)) == 1


async def test_settings_are_changed_in_their_window_and_mistakes_named_there(driver):
    form = await driver.say("settings")
    wrong = await driver.fill(form, {"manage": "listed", "tz": "Mars/Base"})
    assert set(wrong.errors) == {"managers", "tz"}
    done = await driver.fill(wrong, {"manage": "admins", "tz": "Europe/Berlin", "tally": "on"})
    assert "Settings changed" in done
    refused = await driver.say("settings tally:off", by=BOB)
    assert "only its creator and admins" in refused
    shown = await driver.say("settings", by=BOB)
    assert "Who may change subscriptions: the channel's creator and admins" in shown
    assert shown.values == {}, "a form is for those who may send it"


async def test_an_edit_of_what_is_gone_meanwhile_says_so(driver):
    await driver.say("subscribe rings name:rings")
    form = await driver.say("edit rings")
    await driver.say("unsubscribe rings")
    answer = await driver.fill(form, {"filter": "rings OR groups"})
    assert "no subscription" in answer.text + str(answer.errors)
    assert "no subscriptions" in await driver.say("list")
