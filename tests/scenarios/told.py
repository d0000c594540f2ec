"""Scenarios of channels that subscribe, change their mind, and get papers."""

from dataclasses import replace

from bot.model.paper import Event, Status
from tests.builders import a_paper
from tests.scenarios.driver import ADA, BOARD, BOB, CLUB, LAB, Driver
from tests.scenarios.suite import scenario


@scenario
async def a_lab_subscribes_and_gets_one_digest_in_the_morning(driver: Driver) -> None:
    answer = await driver.say("subscribe rings -survey every:daily at:09:00 tz:UTC name:rings")
    assert "Subscribed: rings" in answer
    (told,) = await driver.posts()
    assert "rings" in told.text.lower()
    assert "Undo" in told.labels
    await driver.world.announce(a_paper("On Rings"), a_paper("A Survey of Rings"))
    assert len(await driver.posts()) == 1
    await driver.world.wait_until(9)
    _, digest = await driver.posts()
    assert "On Rings" in digest
    assert "Survey" not in digest
    assert "matched" in digest


@scenario
async def a_search_answers_the_asker_alone_and_turns_its_pages(driver: Driver) -> None:
    await driver.world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(12)])
    first = await driver.say("rings", by=BOB)
    assert "12 papers" in first
    assert await driver.posts() == []
    second = await driver.press(first, "More results", by=BOB)
    assert "11 to 12" in second


@scenario
async def what_was_found_is_shared_with_the_channel_once(driver: Driver) -> None:
    await driver.world.announce(a_paper("On Rings"))
    found = await driver.say("rings")
    await driver.press(found, "Share to channel")
    await driver.press(found, "Share to channel")
    (post,) = await driver.posts()
    assert "On Rings" in post


@scenario
async def why_says_what_brought_a_paper_and_what_kept_another_out(driver: Driver) -> None:
    await driver.say("subscribe rings -survey every:instant name:rings")
    came, missed = a_paper("On Rings"), a_paper("A Survey of Rings")
    await driver.world.announce(came, missed)
    assert "posted" in await driver.say(f"why {came.key}")
    assert "urvey" in await driver.say(f"why {missed.key}")


@scenario
async def a_mistake_points_at_itself_and_changes_nothing(driver: Driver) -> None:
    answer = await driver.say("subscribe rings autor:Noether")
    assert "author" in answer
    assert "column" in answer
    assert await driver.posts() == []
    assert "no subscriptions" in await driver.say("list")


@scenario
async def a_change_is_told_to_everybody_and_undone_by_its_button(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    assert "Changed" in await driver.say("edit rings at:10:30")
    *_, told = await driver.posts()
    assert "10:30" in told
    assert "Undone" in await driver.press(told, "Undo")
    assert "09:00" in await driver.say("list")


@scenario
async def a_form_asks_and_shows_each_mistake_under_its_field(driver: Driver) -> None:
    form = await driver.say("subscribe")
    assert "filter" in form.values
    wrong = await driver.fill(form, {"filter": "rings (", "at": "25:00"})
    assert set(wrong.errors) == {"filter", "at"}
    done = await driver.fill(wrong, {"filter": "rings", "at": "08:15"})
    assert "Subscribed: rings" in done
    assert "08:15" in await driver.say("list")


@scenario
async def an_edit_form_shows_what_is_and_takes_what_shall_be(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    form = await driver.say("edit rings")
    assert form.values["filter"] == "rings"
    assert "Changed" in await driver.fill(form, {"filter": "rings OR groups"})
    assert "group" in await driver.say("list")


@scenario
async def settings_are_changed_in_a_form_and_taken_back(driver: Driver) -> None:
    form = await driver.say("settings")
    assert form.values["manage"] == "anyone"
    wrong = await driver.fill(form, {"tz": "Mars/Base"})
    assert set(wrong.errors) == {"tz"}
    done = await driver.fill(wrong, {"tz": "Europe/Berlin", "manage": "admins"})
    assert "Settings changed" in done
    told = (await driver.posts())[-1]
    assert "Europe/Berlin" in told
    assert "Undone" in await driver.press(told, "Undo")
    assert (await driver.say("settings")).values["manage"] == "anyone"


@scenario
async def a_pause_is_silent_and_a_resumed_subscription_brings_what_came_between(
    driver: Driver,
) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    await driver.say("pause rings")
    await driver.world.announce(a_paper("On Rings"))
    await driver.world.wait_until(9)
    assert not any("On Rings" in post for post in await driver.posts())
    await driver.say("resume rings")
    await driver.world.wait(hours=1)
    await driver.world.wait_until(9)
    assert "On Rings" in (await driver.posts())[-1]


@scenario
async def a_verdict_is_told_to_the_voter_alone_and_taken_back(driver: Driver) -> None:
    await driver.say("subscribe rings every:instant name:rings")
    await driver.world.announce(a_paper("On Rings"))
    before = await driver.posts()
    assert "Relevant" in before[-1].labels
    noted = await driver.press(before[-1], "Relevant", by=BOB)
    assert "relevant" in noted
    assert len(await driver.posts()) == len(before)
    assert "Taken back" in await driver.press(noted, "Undo", by=BOB)


@scenario
async def whom_i_follow_reaches_me_alone(driver: Driver) -> None:
    assert "Following" in await driver.say('follow author:"Ada Byron" at:09:00 tz:UTC')
    await driver.world.announce(a_paper("Notes", authors=("Ada Byron",)))
    await driver.world.wait_until(9)
    (letter,) = await driver.letters("ada")
    assert "Notes" in letter
    assert await driver.posts() == []


@scenario
async def only_admins_change_what_only_admins_may(driver: Driver) -> None:
    await driver.say("settings manage:admins")
    posts = len(await driver.posts())
    refused = await driver.say("subscribe rings", by=BOB)
    assert "Subscribed" not in refused
    assert len(await driver.posts()) == posts
    assert "Subscribed" in await driver.say("subscribe rings")


@scenario
async def two_channels_know_nothing_of_each_other(driver: Driver) -> None:
    await driver.say("subscribe rings every:instant name:rings", where=LAB)
    assert "no subscriptions" in await driver.say("list", where=CLUB)
    assert "no subscription" in await driver.say("unsubscribe rings", where=CLUB)
    await driver.world.announce(a_paper("On Rings"), event=Event.NEW)
    assert await driver.posts(CLUB) == []


@scenario
async def saved_papers_become_bibtex(driver: Driver) -> None:
    paper = a_paper("On Rings", authors=("Emmy Noether",))
    await driver.world.announce(paper)
    assert "Saved" in await driver.say(f"save {paper.key}")
    assert "noether2026rings" in await driver.say("bib saved")
    assert "noether" not in await driver.say("bib saved", by=BOB)


@scenario
async def what_becomes_of_a_paper_is_told_on_the_card_that_stands_there(driver: Driver) -> None:
    await driver.say("subscribe rings every:instant name:rings")
    paper = a_paper("On Rings")
    await driver.world.announce(paper)
    before = await driver.posts()
    await driver.world.announce(replace(paper, version=2), event=Event.REPLACE)
    await driver.world.wait(minutes=2)
    assert "version 2" in (await driver.posts())[-1]
    withdrawn = replace(paper, version=2, status=Status.WITHDRAWN)
    await driver.world.announce(withdrawn, event=Event.WITHDRAWN)
    await driver.world.wait(minutes=2)
    after = await driver.posts()
    assert "withdrawn" in after[-1]
    assert "version 2" in after[-1]
    assert len(after) == len(before)


@scenario
async def a_paper_the_team_has_seen_says_in_which_public_channel_and_when(driver: Driver) -> None:
    for where in (CLUB, BOARD):
        await driver.say("subscribe rings every:instant name:rings", where=where)
    paper = a_paper("On Rings")
    await driver.world.announce(paper)
    found = await driver.say(paper.key)
    assert found.text.count("seen in ") == 1, "the private channel is named to nobody"
    assert "on 23 Nov" in found
    assert "seen in " in await driver.say("rings", by=BOB)
    assert "seen in " not in await driver.say(paper.key, where=CLUB), "everybody there knows"
    await driver.press(found, "Share to channel")
    shared = (await driver.posts())[-1].text
    assert shared.count("seen in ") == 1


@scenario
async def a_channel_that_cannot_be_posted_to_waits_and_loses_nothing(driver: Driver) -> None:
    await driver.say("subscribe rings every:instant name:rings")
    await driver.put_out()
    await driver.world.announce(a_paper("On Rings"))
    listed = await driver.say("list")
    assert "uspended" in listed, listed.text
    assert "rings" in listed, "what was ordered is kept"
    await driver.let_in()
    await driver.say("resume")
    for _ in range(2):
        await driver.world.wait(minutes=5)
    posts = [post for post in await driver.posts() if "On Rings" in post]
    assert len(posts) == 1


@scenario
async def what_i_mute_is_hidden_from_me_and_from_nobody_else(driver: Driver) -> None:
    await driver.say("subscribe rings every:instant name:rings")
    assert "surveys" in await driver.say("mute surveys")
    await driver.world.announce(a_paper("On Rings"), a_paper("Surveys of Rings"))
    await driver.world.wait(minutes=2)
    posted = "".join(post.text for post in await driver.posts())
    assert "Surveys of Rings" in posted
    mine, bobs = await driver.say("digest"), await driver.say("digest", by=BOB)
    assert "On Rings" in mine
    assert "Surveys of Rings" not in mine
    assert "Surveys of Rings" in bobs
    await driver.say("unmute surveys")
    assert "Surveys of Rings" in await driver.say("digest")


@scenario
async def a_channel_is_taken_out_as_text_and_made_again_elsewhere(driver: Driver) -> None:
    await driver.say("subscribe rings -survey every:weekly on:Fri at:17:00 tz:UTC name:rings")
    text = await driver.say("export")
    assert "rings -survey" in text
    form = await driver.say("import", where=CLUB)
    copy = "subscriptions:\n- {name: rings, filter: rings -survey, every: weekly, on: fri}\n"
    done = await driver.fill(form, {"text": copy, "do": "change"}, where=CLUB)
    assert "rings" in done
    assert "rings" in await driver.say("list", where=CLUB)


@scenario
async def who_subscribed_a_channel_is_told_once_that_nothing_can_be_posted_there(
    driver: Driver,
) -> None:
    await driver.say("subscribe rings every:instant name:rings", where=CLUB)
    await driver.put_out(CLUB)
    await driver.world.announce(a_paper("On Rings"))
    await driver.world.wait(minutes=5)
    (letter,) = await driver.letters(ADA)
    assert "Your subscriptions wait" in letter
    assert "“rings”" in letter
    assert "Status" in letter.labels
    assert await driver.letters(BOB) == []
    for _ in range(3):  # tried again by itself meanwhile
        await driver.world.wait(days=1)
    assert len(await driver.letters(ADA)) == 1, "once for as long as it lasts"
    await driver.let_in(CLUB)
    for _ in range(5):
        await driver.world.wait(days=1)
    assert any("On Rings" in post for post in await driver.posts(CLUB))
