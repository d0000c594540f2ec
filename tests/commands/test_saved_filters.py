"""`filter:name`: one subscription's filter inside another, wherever a filter can be typed."""

import pytest

from bot.model.message import Tone
from tests.builders import LAB, a_paper
from tests.world import a_world


def told(answer):
    return "\n".join([answer.heading, *map(str, answer.lines), answer.code])


@pytest.mark.parametrize("verb", ["search ", "", "preview ", "trend "])
async def test_what_is_asked_for_once_takes_a_saved_filter_too(tmp_path, verb):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings -survey name:algebra")
        papers = [a_paper("On Rings"), a_paper("On Rings, a Survey"), a_paper("On Noether Rings")]
        await world.announce(*papers)
        answer = await world.say(f"{verb}filter:Algebra -noether")
        if verb == "trend ":
            assert "1 paper" in told(answer)
        else:
            assert [card.face.title for card in answer.cards] == ["On Rings"]


async def test_a_saved_filter_can_be_muted(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:algebra")
        muted = (await world.ask("mute filter:algebra")).private
        assert "ring" in told(muted)
        assert "filter:" not in told(muted)


@pytest.mark.parametrize("verb", ["search", "subscribe", "preview", "trend", "mute"])
@pytest.mark.parametrize(
    ("typed", "column", "says", "hint"),
    [
        ("x filter:algebar", 10, "This channel has no subscription “algebar”", "Did you mean filter:algebra?"),
        ("x filter:zoo", 10, "no subscription “zoo” to take a filter from", "It has “algebra” and “sets”."),
        ("x filter:(sets|zoo)", 16, "no subscription “zoo”", "It has"),
        ("filter:algebra -rings", 1, "Nothing can match: ring is both asked for and left out", ""),
    ],
)  # fmt: skip
async def test_a_saved_filter_there_is_not_is_named_with_its_column(
    tmp_path, verb, typed, column, says, hint
):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:algebra")
        await world.say("subscribe sets name:sets")
        answer = (await world.ask(f"{verb} {typed}")).private
        assert answer.tone is Tone.ERROR
        assert says in answer.heading
        assert f"(column {column})" in answer.heading
        assert hint in told(answer)
        assert answer.code.splitlines()[0] == typed
        assert len(await world.store.subscriptions.of(LAB)) == 2


async def test_a_subscription_cannot_take_its_filter_from_itself(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:algebra")
        answer = await world.say("edit algebra filter:algebra -survey")
        assert answer.heading == "“algebra” cannot take its filter from itself. (column 8)"
        answer = await world.say("subscribe filter:algebra -survey name:short")
        answer = await world.say("edit algebra filter:short -video")
        assert "Filter: ring → ring -survey -video" in answer.lines


async def test_a_channel_without_subscriptions_says_so(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.say("search filter:algebra")
        assert "It has none yet; `subscribe` makes one." in told(answer)
