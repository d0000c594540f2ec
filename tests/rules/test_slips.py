"""Words that are an operator in capitals only are pointed at, and searched for all the same."""

import pytest

from bot.rules.parse import parse_filter
from bot.rules.slips import notes, slips
from tests.builders import a_paper
from tests.world import a_world


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("rlhf or dpo", ["or"]),
        ("alignment not survey", ["not"]),
        ("Not alignment or safety", ["Not", "or"]),
        ("(a or b) title:not", ["or"]),
        ("rlhf OR dpo NOT survey", []),
        ('"to be or not" nothing', []),
        ("org:or author:(or | not)", []),
        ("sand and water", []),
        ("-not a", []),
        ("alignment !survey", ["!"]),
        ("!(a b) !title:x", ["!"]),
        ("Attention! is all", []),
        ("rlhf, dpo, ppo", [","]),
        ('"reward model", rlhf', [","]),
        ("rlhf | dpo,ppo", []),
        ("a, | b", []),
        ('"a, b" c', []),
    ],
)
def test_operators_in_small_letters(typed, words):
    parse_filter(typed)
    told = slips(typed)
    said = [one.replace("A comma", "“,”").split("”")[0].strip("“") for one in told]
    assert said == words


def test_what_is_meant_is_told_with_the_words_of_the_filter():
    assert slips("alignment !survey") == (
        "“!” is read past; to leave a word out, write -survey, or NOT in capitals.",
    )
    assert slips("rlhf, dpo") == (
        "A comma is read past, so all of these words are wanted; for any of them, write OR or |.",
    )


async def test_who_subscribes_edits_or_previews_is_told(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("Rings or Fields"))
        told = "“or” is a word to look for here; for either of two, write OR in capitals, or |."
        for line in ("subscribe rings or fields name:mine", "preview rings or fields"):
            assert told in (await world.say(line)).lines
        assert told not in (await world.say("edit mine rings OR fields")).lines
        edited = await world.say("edit mine rings or fields -not")
        assert told in edited.lines
        assert (
            "That is: papers with “fields”, “or” and “rings” in title or abstract, but without “not”."
            in (edited.lines)
        )


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ("rings version:hot", True),
        ("rings (a | version:(hot|new))", True),
        ("rings version:hot stars:>9", False),
        ("rings -version:hot", False),
    ],
)
def test_hot_without_a_threshold_brings_nothing_and_is_told_so(typed, is_told):
    told = notes(typed, parse_filter(typed).root)
    assert [one.startswith("version:hot brings a paper when") for one in told] == [True] * is_told
