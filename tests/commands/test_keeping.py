"""A channel as text, taken out of the chat and put back."""

from bot.model.command import Asker
from bot.model.message import Tone
from tests.builders import LAB, READING_CLUB
from tests.world import a_world

ME = Asker(channel=LAB, member="U1")


async def test_what_export_writes_import_makes_again_elsewhere_with_one_diff(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings -survey every:weekly on:fri at:17:00 name:r mode:full")
        await world.ask("settings tally:on")
        text = (await world.ask("export")).private.code
        club = Asker(channel=READING_CLUB, member="U1")
        await world.ask("subscribe groups name:old", READING_CLUB)
        looked = await world.desk.submit(club, "import", {"text": text, "do": "look"})
        assert "+ r: rings -survey" in looked.private.code
        assert "- old" in looked.private.code
        assert [one.name for one in await world.store.subscriptions.of(READING_CLUB)] == ["old"]
        done = await world.desk.submit(club, "import", {"text": text, "do": "change"})
        assert done.private.tone is Tone.DONE
        assert done.public is not None
        (ours,), (theirs,) = [
            await world.store.subscriptions.of(where) for where in (LAB, READING_CLUB)
        ]
        assert (ours.filter, ours.cadence, ours.mode) == (
            theirs.filter,
            theirs.cadence,
            theirs.mode,
        )
        assert (await world.store.policy.settings(READING_CLUB)).tally
        again = await world.desk.submit(club, "import", {"text": text, "do": "change"})
        assert again.private.heading == "Everything is like that already"
        await world.ask(done.public.actions[0].command, READING_CLUB)
        assert [one.name for one in await world.store.subscriptions.of(READING_CLUB)] == ["old"]


async def test_a_text_that_is_wrong_or_about_another_channel_changes_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings name:r")
        for text, said in (
            ("subscriptions: [", "YAML"),
            ("channels: {terminal:other: []}", "terminal:other"),
            ("subscriptions:\n- {name: x, filter: 'a ('}", "column"),
            ("hello", "Expected"),
        ):
            answer = await world.desk.submit(ME, "import", {"text": text, "do": "change"})
            assert said in answer.form.errors["text"]
        assert [one.name for one in await world.store.subscriptions.of(LAB)] == ["r"]
