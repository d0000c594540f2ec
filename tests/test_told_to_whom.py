"""What status and cards tell: a channel's own, and nothing of others."""

from bot.model.subscription import Channel, Platform
from tests.builders import LAB, a_paper
from tests.world import a_world


async def test_status_counts_the_askers_own_workspace_and_names_no_ids(tmp_path):
    async with a_world(tmp_path) as world:
        mine = Channel(Platform.SLACK, "T0MINE0001", "C0MINE0001")
        other = Channel(Platform.SLACK, "T0OTHER001", "C0OTHER001")
        for channel, word in ((mine, "rings"), (other, "groups"), (other, "fields")):
            await world.ask(f"subscribe {word}", channel)
        said = " ".join((await world.ask("status", mine)).private.lines)
        assert "Subscriptions in this workspace: 1." in said
        assert "T0" not in said
        assert "C0" not in said


async def test_cards_say_how_many_found_them_relevant_only_where_the_channel_wants_it(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.ask(f"like {paper.key}")
        await world.ask(f"dislike {paper.key}", LAB, member="U2")
        (card,) = (await world.ask("rings")).private.cards
        assert "1 relevant, 1 not for us" not in card.face.facts
        await world.ask("settings tally:on")
        (card,) = (await world.ask("rings")).private.cards
        assert "1 relevant, 1 not for us" in card.face.facts
