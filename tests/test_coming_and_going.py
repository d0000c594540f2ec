"""Channels that come and go, and papers the team has seen before."""

from bot.commands.lifecycle import Lifecycle
from bot.model.delivery import ChannelGone
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world

ADA = Channel(Platform.TERMINAL, "", "@U1")


def lifecycle(world):
    return Lifecycle(world.store, world.clock)


async def test_a_suspended_channel_keeps_its_subscriptions_and_comes_back_without_a_flood(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings at:09:00")
        await lifecycle(world).suspend(LAB, "the channel is archived")
        for day in range(4):
            await world.announce(*[a_paper(f"On Rings {day}{part}") for part in "ab"])
            await world.wait(days=1)
        assert world.shown() == []
        listed = await world.ask("list")
        assert "archived" in listed.private.lines[0]
        assert "rings" in listed.private.lines[1]
        await lifecycle(world).resume(LAB)
        await world.wait(minutes=1)
        (page,) = world.platform.posts[str(LAB)]
        assert len(page["cards"]) == 8
        assert "Suspended" not in (await world.ask("list")).private.lines[0]


async def test_who_subscribed_a_channel_is_told_once_that_it_is_suspended(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings name:r")
        for _ in range(3):
            await lifecycle(world).suspend(LAB, "the channel is archived")
        await world.wait(minutes=1)
        (letter,) = world.platform.posts[str(ADA)]
        assert "archived" in "\n".join(letter["words"])


async def test_a_person_who_mended_it_lets_the_channel_run_again(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings every:instant")
        world.platform.fail = [ChannelGone("not_in_channel")]
        await world.announce(a_paper("On Rings"))
        await world.announce(a_paper("On Rings Again"))
        assert world.shown() == []
        await world.ask("resume")
        await world.wait(minutes=5)
        await world.wait(minutes=5)
        assert sorted(world.shown()) == ["On Rings", "On Rings Again"]


async def test_a_channel_gone_for_good_is_forgotten_after_the_stated_time(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings")
        await world.ask("subscribe rings", READING_CLUB)
        await lifecycle(world).suspend(LAB, "the channel was deleted", is_gone=True)
        await world.wait(days=29)
        await world.engine.tidy()
        assert len(await world.store.subscriptions.of(LAB)) == 1
        await world.wait(days=2)
        await world.engine.tidy()
        assert await world.store.subscriptions.of(LAB) == []
        assert len(await world.store.subscriptions.of(READING_CLUB)) == 1


async def test_a_paper_says_where_the_team_saw_it_to_those_who_can_read_there(tmp_path):
    async with a_world(tmp_path) as world:
        await world.store.policy.set_public(READING_CLUB, is_public=True)
        await world.ask("subscribe rings every:instant", READING_CLUB)
        paper = a_paper("On Rings")
        await world.announce(paper)
        (card,) = (await world.ask(paper.key)).private.cards
        assert any(str(one.channel) == "terminal:reading-club" for one in card.seen)
        (card,) = (await world.ask("rings", READING_CLUB)).private.cards
        assert not card.seen, "one's own channel is no news"
