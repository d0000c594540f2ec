"""Scenarios of people who look, try and take back: what they can ask beside subscribing."""

from tests.builders import a_paper
from tests.scenarios.driver import BOARD, BOB, CLUB, LAB, Driver
from tests.scenarios.suite import scenario


@scenario
async def help_says_what_can_be_typed_here(driver: Driver) -> None:
    told = await driver.say("help")
    assert "subscribe" in told
    assert "list" in told
    assert "What it does" not in told
    assert "unsubscribe" in await driver.say("help unsubscribe")


@scenario
async def a_filter_is_tried_on_the_last_days_before_anything_is_saved(driver: Driver) -> None:
    await driver.world.announce(a_paper("On Rings"), a_paper("On Groups"))
    tried = await driver.say("preview rings 7d")
    assert "matched 1 paper of 2" in tried
    assert "On Rings" in tried
    assert "On Groups" not in tried
    assert "no subscriptions" in await driver.say("list")
    assert await driver.posts() == []
    assert "Subscribed" in await driver.press(tried, "Subscribe")


@scenario
async def a_trend_counts_the_papers_on_a_topic(driver: Driver) -> None:
    await driver.world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(3)])
    trend = await driver.say("trend rings", by=BOB)
    assert "Trend: " in trend
    assert "3 papers" in trend


@scenario
async def everybody_may_see_how_things_are(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    await driver.world.announce(a_paper("On Rings"))
    await driver.world.wait_until(9)
    status = await driver.say("status", by=BOB)
    assert "Index: 1 paper" in status
    assert "rings: matched 1, posted 1" in status


@scenario
async def the_log_names_what_was_done_and_takes_it_back(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    await driver.say("settings tally:on")
    log = await driver.say("log")
    assert "new subscription “rings”" in log
    assert "tally: off → on" in log
    assert "Undone" in await driver.press(log, "Undo 1")
    assert "no subscriptions" in await driver.say("list")
    assert "undone since" in await driver.say("log")


@scenario
async def what_was_stopped_by_mistake_goes_on_as_it_was(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC name:rings")
    stopped = await driver.say("unsubscribe rings")
    assert "Stopped: rings" in stopped
    assert "no subscriptions" in await driver.say("list")
    await driver.press(stopped, "Undo")
    await driver.world.announce(a_paper("On Rings"))
    await driver.world.wait_until(9)
    assert "On Rings" in (await driver.posts())[-1]


@scenario
async def a_paper_asked_for_by_its_name_offers_all_that_can_be_done_with_it(driver: Driver) -> None:
    rings, more = a_paper("On Rings and Ideals"), a_paper("More on Rings and Ideals")
    await driver.world.announce(rings, more)
    found = await driver.say(rings.key, by=BOB)
    assert "On Rings and Ideals" in found
    assert "More on Rings" in await driver.press(found, "Similar papers", by=BOB)
    assert "noether2026rings" in await driver.press(found, "BibTeX", by=BOB)
    assert "Saved" in await driver.press(found, "Save", by=BOB)
    assert "On Rings and Ideals" in await driver.say("saved", by=BOB)
    assert "On Rings" not in await driver.say("saved")


@scenario
async def whom_i_follow_no_longer_comes_no_longer(driver: Driver) -> None:
    await driver.say('follow author:"Ada Byron" at:09:00 tz:UTC')
    assert "ada byron" in (await driver.say("unfollow 1")).text.lower()
    await driver.world.announce(a_paper("Notes", authors=("Ada Byron",)))
    await driver.world.wait_until(9)
    assert await driver.letters("ada") == []


@scenario
async def what_others_ordered_is_shown_to_those_who_can_read_there(driver: Driver) -> None:
    for where in (LAB, CLUB, BOARD):
        await driver.say(f"subscribe {where}work name:{where}", where=where)
    mine, bobs = await driver.say("list all"), await driver.say("list all", by=BOB)
    assert all(f"{where}work" in mine for where in (LAB, CLUB, BOARD))
    assert "clubwork" in bobs
    assert "boardwork" not in bobs


@scenario
async def a_setting_holds_for_what_is_ordered_afterwards(driver: Driver) -> None:
    assert "Asia/Tokyo" in await driver.say("settings tz:Asia/Tokyo")
    assert "Asia/Tokyo" in await driver.say("subscribe rings every:daily at:09:00 name:rings")
    wrong = await driver.say("settings tz:Mars/Base")
    assert "Mars/Base" in wrong
    assert "Asia/Tokyo" in await driver.say("subscribe groups every:daily at:09:00 name:groups")


@scenario
async def a_verdict_lets_like_papers_come_first(driver: Driver) -> None:
    await driver.say("subscribe rings every:daily at:09:00 tz:UTC top:1 name:rings")
    liked = a_paper("Rings of integers", abstract="Class numbers of integers in rings.")
    await driver.world.announce(liked)
    await driver.world.wait_until(9)
    for person in ("ada", BOB):
        await driver.press((await driver.posts())[-1], "Relevant", by=person)
    assert "Relevant" in (await driver.posts())[-1].labels
    await driver.world.announce(
        a_paper("Rings of matrices", abstract="Matrices in rings."),
        a_paper("More rings of integers", abstract="Class numbers of integers in rings."),
    )
    await driver.world.wait(hours=1)
    await driver.world.wait_until(9)
    assert "More rings of integers" in (await driver.posts())[-1]
