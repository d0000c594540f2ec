"""What a workspace sees over time: cards that live, memory of the team, votes that teach."""

from dataclasses import replace
from typing import Any

import pytest

from bot.model.paper import Event, Status
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.driving import IDS, a_slack
from tests.builders import a_paper
from tests.scenarios.driver import ADA, BOARD, BOB, CLUB, LAB
from tests.servers.slack.visible import shown_text


@pytest.fixture
async def driver(tmp_path):
    async with a_slack(tmp_path) as one:
        yield one


def stored(driver, where):
    return Channel(Platform.SLACK, driver._slack.home.id, driver._channels[where].id)


async def test_list_all_names_private_channels_to_those_who_are_in_them_alone(driver):
    await driver.say("subscribe secrets name:plans", where=BOARD)
    await driver.say("subscribe rings name:open", where=CLUB)
    to_ada = await driver.say("list all")
    to_bob = await driver.say("list all", by=BOB)
    assert "plans" in to_ada
    assert "open" in to_ada
    assert "plans" not in to_bob
    assert "open" in to_bob
    assert f"#{driver._channels[CLUB].id}" in to_bob, "a name, not an address"
    assert "slack:" not in to_bob


async def test_a_suspended_channel_is_marked_in_the_list_of_all_and_in_home(driver):
    await driver.say("subscribe rings every:instant name:rings", where=CLUB)
    await driver.put_out(CLUB)
    await driver.world.announce(a_paper("On Rings"))
    listed = await driver.say("list all", by=BOB)
    assert "Suspended: is_archived" in listed.text
    event = {"type": "app_home_opened", "user": IDS[BOB], "channel": "D0HOME0001", "tab": "home"}
    await driver._slack.events.send(event)
    await driver._listener.drain()
    home = driver._slack.home.homes[IDS[BOB]]
    assert "suspended: is_archived" in shown_text("", home.content["blocks"])


async def test_somebody_who_leaves_a_private_channel_is_told_no_more_of_it(driver):
    await driver.say("subscribe secrets name:plans", where=BOARD)
    assert "plans" in await driver.say("list all")
    driver._channels[BOARD].members.discard(IDS[ADA])
    await driver.world.wait(minutes=2)
    assert "plans" not in await driver.say("list all")


async def test_a_guest_is_told_of_no_public_channel_they_are_not_in(driver):
    await driver.say("subscribe rings name:open", where=CLUB)
    driver._slack.home.users[IDS[BOB]].is_restricted = True
    driver._channels[CLUB].members.discard(IDS[BOB])
    assert "open" not in await driver.say("list all", by=BOB)


HAPPENINGS: dict[str, tuple[dict[str, Any], Event]] = {
    "version 2": ({"version": 2}, Event.REPLACE),
    "listed by readers": ({}, Event.LISTED),
    "code": ({"code_url": "https://github.com/x/y"}, Event.LISTED),
    "withdrawn": ({"status": Status.WITHDRAWN}, Event.WITHDRAWN),
}


@pytest.mark.parametrize("threads", ["on", "off"])
@pytest.mark.parametrize("what", HAPPENINGS)
async def test_what_happens_to_a_paper_edits_its_card_and_is_told_in_the_thread_if_wanted(
    driver, what, threads
):
    await driver.say(f"settings threads:{threads}")
    await driver.say("subscribe rings every:instant")
    paper = a_paper("On Rings")
    await driver.world.announce(paper)
    messages = driver._channels[LAB].messages
    count, card = len(messages), messages[-1]
    changed, event = HAPPENINGS[what]
    await driver.world.announce(replace(paper, **changed), event=event)
    await driver.world.wait(minutes=1)
    assert what in card.shown
    assert what in card.text, "screen readers hear it too"
    assert card.edited_ts
    assert f"Update 23 Nov: {what}" not in str(card.versions[0])
    told = messages[count:]
    assert [one.thread_ts for one in told] == ([card.ts] if threads == "on" else [])
    assert all(what in one.shown for one in told)


async def test_votes_of_a_channel_that_wants_to_see_them_are_edited_into_the_card_at_once(driver):
    await driver.say("settings tally:on")
    await driver.say("subscribe rings every:instant")
    await driver.world.announce(a_paper("On Rings"))
    card = driver._channels[LAB].messages[-1]
    for name in (ADA, BOB):
        seen = next(one for one in await driver.posts() if one.handle is card)
        assert "Noted: relevant" in await driver.press(seen, "Relevant", by=name)
    count = len(driver._channels[LAB].messages)
    await driver.world.wait(minutes=1)
    assert "2 relevant, 0 not for us" in card.shown
    assert len(card.versions) == 1, "two votes, one edit"
    assert len(driver._channels[LAB].messages) == count


async def test_a_paper_says_in_which_channel_the_team_saw_it(driver):
    await driver.world.store.policy.set_public(stored(driver, CLUB), is_public=True)
    await driver.say("subscribe rings every:instant", where=CLUB)
    paper = a_paper("On Rings")
    await driver.world.announce(paper)
    answer = await driver.say(paper.key)
    assert f"seen in #{driver._channels[CLUB].id} on 23 Nov" in answer.text
    assert "seen in" not in await driver.say(paper.key, where=CLUB)


async def unfurled(driver, paper, where=LAB):
    """What everybody in a channel sees below a link that ada posts there."""
    channel = driver._channels[where]
    message = driver._slack.people.say(f"<{paper.url}>", channel=channel)
    event = {
        "type": "link_shared",
        "user": IDS[ADA],
        "channel": channel.id,
        "message_ts": message.ts,
        "links": [{"url": paper.url, "domain": "arxiv.org"}],
    }
    await driver._slack.events.send(event)
    await driver._listener.drain()
    return str(message.unfurls)


async def test_the_card_below_a_link_names_public_channels_alone(driver):
    for where in (CLUB, BOARD):
        await driver.say("subscribe rings every:instant", where=where)
    paper = a_paper("On Rings")
    await driver.world.announce(paper)
    club, board = (driver._channels[one].id for one in (CLUB, BOARD))
    shown = await unfurled(driver, paper)
    assert club in shown
    assert board not in shown, "ada is in it, but others read along"
    driver._channels[CLUB].kind = "private"
    await driver.world.wait(minutes=31)
    await driver.say("list")
    shown = await unfurled(driver, paper)
    assert "On Rings" in shown
    assert club not in shown, "it was made private since"


async def test_a_thumb_under_a_paper_moves_later_digests_and_why_says_so(driver):
    await driver.say("subscribe paper every:instant layout:posts")
    liked = a_paper("Paper on quokkas", authors=("Ada Byron",))
    await driver.world.announce(liked)
    card = driver._channels[LAB].messages[-1]
    for user in IDS.values():
        event = {
            "type": "reaction_added",
            "user": user,
            "reaction": "+1",
            "item": {"type": "message", "channel": card.channel_id, "ts": card.ts},
        }
        await driver._slack.events.send(event, event_id=f"Ev{user}")
        await driver._listener.drain()
    await driver.say("edit 1 every:daily at:09:00 layout:digest tz:UTC")
    plain = [a_paper(f"Paper number {number}") for number in range(3)]
    similar = a_paper("Paper on more quokkas", authors=("Ada Byron",))
    driver.world.source.announce(*plain, similar)
    await driver.world.wait_until(9)
    await driver.world.wait(minutes=2)
    digest = driver._channels[LAB].messages[-1].shown
    assert "number 0" in digest
    assert digest.index("quokkas") < digest.index("number 0")
    why = await driver.say(f"why {similar.key}")
    assert "this channel's feedback" in why
