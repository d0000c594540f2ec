"""Text that looks like code, or is spelled unlike it is typed: the same answer on both engines.

By the numbers of the catalogue of bad inputs.
"""

import pytest

from bot.model.record import SearchRequest
from bot.rules.document import document
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter, parse_stored
from tests.adapters.store.given import TODAY, a_subscription, announce
from tests.builders import a_paper

DECOYS = ("On Rings", "Drop a Table of Reports", "A Solution", "Cases of Snakes", "Slash Back")


async def found(store, text):
    """Titles the index finds, which are those the reference finds."""
    root = parse_filter(text).root
    request = SearchRequest(root=root, today=TODAY, limit=50)
    return sorted(one.paper.title for one in (await store.papers.search(request)).found)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("'; DROP TABLE papers;--", "'; drop table papers;--"),
        ('"100%"', "A 100 % Solution"),
        ("snake_case", "On Snake_Case"),
        ("back\\slash", "The Back\\Slash"),
        ("{{7*7}}", "{{7*7}} is 49"),
        ("${x} %s {0.__class__}", "On ${x} %s {0.__class__} and More"),
        ("c' OR 1=1", "1=1"),
        ("a&!b<->c", "A & !B <-> C"),
    ],
)
async def test_11_12_code_in_a_filter_finds_only_itself(store, text, title):
    await announce(store, *map(a_paper, (*DECOYS, title)))
    assert await found(store, text) == [title]
    stored = await store.subscriptions.add(a_subscription(text, name="odd"))
    (used,) = (await store.subscriptions.filters()).filters
    assert parse_stored(used.canonical).key == stored.filter.key
    assert (await store.upkeep.status()).papers == len(DECOYS) + 1


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("istanbul", "\u0130stanbul"),
        ("\u0130stanbul", "istanbul"),
        ("strasse", "Straße"),
        ("straße", "STRASSE"),
        ("fine", "\ufb01ne"),
        ("efficient", "e\ufb03cient"),
        ("λόγος", "ΛΌΓΟΣ"),
        ("ΛΟΓΟΣ", "λόγος"),
        ("Erdos", "Erdős"),
        ("naïve", "nai\u0308ve"),
        ("state of the art", "State-of-the-Art"),
    ],
)
async def test_13_letters_are_folded_alike_by_both_engines_and_by_the_rules(store, typed, written):
    await announce(store, a_paper(f"On {written} Things"), a_paper("On Rings"))
    assert await found(store, typed) == [f"On {written} Things"]
    paper = document(a_paper(f"On {written} Things"))
    assert matches(expand(parse_filter(typed).root), paper, event=None, today=TODAY)


@pytest.mark.postgres
async def test_14_15_nul_and_surrogates_of_a_source_reach_neither_engine(store):
    await announce(store, a_paper("On\0 Rings", abstract="a\ud800b", authors=("A\0da",)))
    (title,) = await found(store, "rings")
    assert "\0" not in title
    title.encode()


@pytest.mark.postgres
async def test_16_18_emoji_and_zero_width_characters_come_back_as_they_went_in(store):
    title = "On 👩🏽‍🔬 Rings 🇪🇺 of align\u200bment"
    await announce(store, a_paper(title))
    assert await found(store, "alignment rings") == [title]
