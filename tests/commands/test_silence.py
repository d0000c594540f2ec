"""Days without papers: scanned, matched, posted, below the cap; and who asked to hear of it."""

import sqlite3

from bot.model.subscription import EmptyDay
from tests.builders import LAB, a_paper
from tests.world import a_world


def said(world):
    return [" ".join(page["words"]) for page in world.platform.posts.get(str(LAB), [])]


async def test_who_asked_hears_how_many_papers_were_looked_at(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 empty:always")
        await world.announce(*[a_paper(f"On Groups {number}") for number in range(3)])
        await world.wait_until(9)
        (page,) = said(world)
        assert "Scanned 3 papers announced on this day; none matched" in page


async def test_a_day_without_mailing_is_noted_where_a_note_is_wanted(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:18:00 empty:note")
        await world.say("subscribe rings at:18:00 empty:silent name:calm")
        await world.wait_until(18)
        (page,) = said(world)
        assert "hf_daily has listed nothing new on Monday 23 November." in page
        world.platform.posts.clear()
        await world.wait_until(8)
        await world.announce(a_paper("On Groups"))
        await world.wait_until(18)
        assert said(world) == [], "papers came, none matched: nothing to note"


async def test_a_source_that_is_down_is_told_even_to_silent_channels_once(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:18:00")
        await world.say("subscribe sets at:18:05")
        world.source.down = True
        for _ in range(60):
            await world.wait(hours=1)
        pages = said(world)
        assert len(pages) == 1
        assert "hf_daily could not be read since 2026-11-23" in pages[0]
        assert "Of papers announced on this day none is known yet." in pages[0], "not: none was"


async def test_status_says_what_the_last_digests_came_to_and_why_it_is_quiet(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:2 at:09:00")
        await world.announce(*[a_paper(f"On Rings {number}") for number in range(5)])
        await world.wait_until(9)
        lines = (await world.say("status")).lines
        assert "Digest 2026-11-23 of rings: matched 5, posted 2, 3 below the cap." in lines
        await world.wait(days=5)  # Saturday
        lines = (await world.say("status")).lines
        assert any("no list at weekends" in line or "listed nothing new" in line for line in lines)
        assert (await world.store.subscriptions.of(LAB))[0].empty is EmptyDay.SILENT


async def test_a_damaged_subscription_is_no_silent_one(tmp_path):
    """Its row stays, so everybody is told what to do, and can take it out."""
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:mine")
        await world.say("subscribe groups name:other")
        paper = a_paper("On Rings")
        await world.announce(paper)
        with sqlite3.connect(tmp_path / "store.db") as database:
            database.execute("UPDATE filters SET canonical = '((' WHERE canonical = 'ring'")
        database.close()
        for line in ("list", "list all", "status", f"why {paper.url}"):
            told = "\n".join(map(str, (await world.say(line)).lines))
            assert "“mine” is damaged and sends nothing" in told, line
            assert "take it out with `unsubscribe mine`" in told, line
        assert (await world.say("subscribe mine")).heading == "Subscribed: mine-2"
        assert "nothing but `unsubscribe` can be done" in str(await world.say("edit mine rings"))
        assert (await world.say("unsubscribe mine")).heading == "Stopped: mine"
        assert "damaged" not in str((await world.say("list")).lines)
        log = await world.say("log")
        assert "“mine” was stopped, which was damaged" in str(log)
        (number,) = (line.split(".")[0] for line in log.lines if "which was damaged" in str(line))
        assert f"undo {number}" not in str(log)
        assert "cannot be undone" in str(await world.say(f"undo {number}"))
        assert (await world.say("subscribe rings name:mine")).heading == "Subscribed: mine"
