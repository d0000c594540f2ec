"""Nothing found: what was searched, the nearest query that finds something, how far the index goes."""

import pytest

from bot.commands.answers.mistakes import problem
from bot.model.errors import BadFilter
from bot.model.message import Listing, Notice
from bot.rules.parse import parse_filter
from tests.builders import a_paper
from tests.world import a_world


async def asked(tmp_path, line):
    async with a_world(tmp_path) as world:
        await world.announce(
            a_paper("Alignment of Graphs", abstract="With a survey."),
            a_paper("Alignment of Rings", abstract="With a survey."),
            a_paper("Aligned Robots"),
        )
        return await world.say(line), world


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("alignment robots", "without alignment it finds 1 paper, that is robot"),
        ("alignment robots fields", "without alignment and without field it finds 1 paper"),
        ("alignment -survey", "without -survey it finds 2 papers, that is alignment"),
        ('"rings alignment"', "with the words of “rings alignment” anywhere it finds 1 paper"),
        ("title:survey", "with “survey” in the abstract too it finds 2 papers"),
        ("alignmenz", "with words that begin with “alignme” it finds 2 papers"),
    ],
)
async def test_the_nearest_looser_query_comes_with_its_count(tmp_path, query, says):
    answer, world = await asked(tmp_path, f"search {query}")
    assert isinstance(answer, Notice)
    said = "\n".join(answer.lines)
    assert f"Nearest: {says}" in said
    assert f"The newest paper in the index is of {world.clock.now():%Y-%m-%d}." in said
    (again,) = answer.actions
    assert again.command.startswith("search ")


async def test_the_nearest_query_really_finds_what_it_promises(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("Alignment of Graphs"), a_paper("Alignment of Rings"))
        answer = await world.say("search alignment robots")
        found = await world.say(answer.actions[0].command)
        assert isinstance(found, Listing)
        assert found.total == 2


async def test_words_that_stand_nowhere_are_named(tmp_path):
    answer, _ = await asked(tmp_path, "search iffusion alignment")
    assert any("“iffusion” stands in no stored paper" in line for line in answer.lines)


async def test_an_empty_index_says_that_it_is_empty(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.say("search alignment")
        assert any("No paper is in the index yet" in line for line in answer.lines)


async def test_a_page_beyond_the_last_is_not_called_nothing(tmp_path):
    answer, _ = await asked(tmp_path, "search alignment page:9")
    assert answer.heading.startswith("There is no page 9")
    assert "2 papers" in answer.lines[0]


@pytest.mark.parametrize("text", ["a\nb OR", "a\tb OR", "a\u2028b OR", "x " * 50 + "orgg:y z"])
def test_the_caret_stands_under_its_column_on_one_line(text):
    with pytest.raises(BadFilter) as refused:
        parse_filter(text)
    excerpt, caret = problem(refused.value).code.split("\n")
    wrong = "OR" if text.endswith("OR") else "orgg"
    assert excerpt.index(wrong) == caret.index("^")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("athor:x", "author:"), ("categroy:cs.CL", "cat:"), ("affilation:mit", "org:"),
     ("upvote:>3", "upvotes:")],
)  # fmt: skip
def test_a_misspelt_field_is_told_the_nearest(typed, meant):
    with pytest.raises(BadFilter) as refused:
        parse_filter(typed)
    assert f"Did you mean {meant}?" in refused.value.problem.hint


async def test_or_in_small_letters_is_pointed_at_where_nothing_is_found(tmp_path):
    answer, _ = await asked(tmp_path, "search quantum or cooking")
    assert any(line.startswith("“or” is a word to look for here") for line in answer.lines)
