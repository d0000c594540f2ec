"""People who ask very often are told to wait, and nothing else happens."""

from bot.model.message import Tone
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, a_paper
from tests.world import a_world

ROOM = Channel(Platform.SLACK, "T1", "C1")


async def ask(world, line, member="U1"):
    return (await world.ask(line, ROOM, member=member)).private


async def test_the_eleventh_command_within_a_minute_is_put_off_and_does_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        for _ in range(10):
            assert (await ask(world, "help")).tone is not Tone.ERROR
        put_off = await ask(world, "subscribe alignment")
        assert put_off.tone is Tone.ERROR
        assert put_off.heading == (
            "You have asked 10 times within a minute, and I answer no faster. Nothing was done; "
            "ask again in 60 s."
        )
        assert await world.store.subscriptions.of(ROOM) == []
        await world.wait(seconds=60)
        await ask(world, "subscribe alignment")
        assert len(await world.store.subscriptions.of(ROOM)) == 1


async def test_a_workspace_that_asks_too_often_is_put_off_as_a_whole(tmp_path):
    async with a_world(tmp_path) as world:
        for number in range(60):
            assert (await ask(world, "help", f"U{number}")).tone is not Tone.ERROR
        put_off = await ask(world, "help", "U99")
        assert put_off.heading.startswith("This workspace has asked 60 times within a minute")


async def test_going_through_a_digest_card_by_card_is_no_hurry(tmp_path):
    async with a_world(tmp_path) as world:
        papers = [a_paper(f"Rings {number}") for number in range(12)]
        await world.announce(*papers)
        for paper in papers:
            assert (await ask(world, f"like {paper.key}")).tone is Tone.DONE


async def test_a_terminal_may_be_as_quick_as_it_likes(tmp_path):
    async with a_world(tmp_path) as world:
        for _ in range(12):
            answer = await world.ask("help", LAB)
            assert answer.private.tone is not Tone.ERROR
