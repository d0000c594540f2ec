"""Bad inputs a person or a source can bring, by their numbers in the catalogue of bad inputs.

Each gets a clear answer and stores nothing; none ends in an exception.
"""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from adapters.discord.render import render as discord_pages
from adapters.slack.render import render as slack_pages
from adapters.sources.hf_rows import sighting_of
from bot.commands.subscribing import MOST_PER_WORKSPACE
from bot.model.errors import SourceError
from bot.model.message import Listing, Notice, Tone
from bot.model.paper import Announcements, Event, Sighting
from bot.model.record import SearchRequest
from bot.model.subscription import Channel, Platform
from bot.rules.document import document
from bot.rules.identity import arxiv_id
from bot.rules.matching import expand, matches
from bot.rules.parse import parse_filter
from bot.rules.schedule import next_due, zone_of
from bot.rules.text import cut
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world

TODAY = date(2026, 11, 23)


def finds(text, **paper):
    root = expand(parse_filter(text).root)
    return matches(root, document(a_paper(**paper)), event=Event.NEW, today=TODAY)


async def refused(tmp_path, line, says):
    """`line` is answered with an error that says so, and nothing is stored."""
    async with a_world(tmp_path) as world:
        answer = await world.say(line)
        assert isinstance(answer, Notice)
        assert answer.tone is Tone.ERROR
        assert says in " ".join((answer.heading, *answer.lines))
        assert await world.store.subscriptions.of() == []
        return answer


@pytest.mark.parametrize("line", ["", "   ", "\u200b", "help", "search", "search   ", "preview"])
async def test_1_empty_input_is_answered_with_help(tmp_path, line):
    async with a_world(tmp_path) as world:
        answer = await world.say(line)
        assert isinstance(answer, Notice)
        assert answer.lines


async def test_2_a_word_of_100_000_characters_is_too_long(tmp_path):
    await refused(tmp_path, "subscribe " + "x" * 100_000, "at most 4000")


@pytest.mark.parametrize(
    ("text", "column"), [('alignment "reward', 11), ("(a b", 1), ("a b)", 4), ("a (b | (c)", 3)]
)
async def test_3_unbalanced_quotes_and_brackets_show_their_place(tmp_path, text, column):
    answer = await refused(tmp_path, f"subscribe {text}", f"column {column}")
    assert answer.code.splitlines()[1].index("^") == column - 1


@pytest.mark.parametrize("text", ["NOT", "AND OR", "a OR", "OR", "-", "a AND"])
async def test_4_operators_alone_are_refused(tmp_path, text):
    await refused(tmp_path, f"subscribe {text}", "column")


@pytest.mark.parametrize("depth", [9, 250, 10_000])
async def test_5_brackets_have_a_depth(tmp_path, depth):
    says = "8 deep" if depth < 250 else "at most"
    await refused(tmp_path, f"subscribe {'(' * depth}a{')' * depth}", says)


@pytest.mark.parametrize(("count", "says"), [(65, "64 terms"), (5_000, "at most")])
async def test_6_terms_have_a_number(tmp_path, count, says):
    await refused(tmp_path, "subscribe " + " ".join(f"t{n % 10}" for n in range(count)), says)


async def test_7_what_looks_like_a_pattern_is_plain_text(tmp_path):
    async with a_world(tmp_path) as world:
        made = await world.say("subscribe (abc+)+$")
        assert made.tone is Tone.DONE
        assert finds("(abc+)+$", title="ABC of Rings")


@pytest.mark.parametrize(
    "text", ["re:(a+)+$", "re:(?=x)y", r"re:(a)\1", "re:((a{1,100}){1,100}){1,100}"]
)
async def test_8_9_10_regular_expressions_are_not_supported_and_cost_nothing(tmp_path, text):
    started = time.thread_time()
    await refused(tmp_path, f"subscribe {text}", "not supported")
    assert time.thread_time() - started < 2
    started = time.thread_time()
    assert not finds('"a a a"', title="a" * 40_000 + "!")
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("'; DROP TABLE papers;--", "drop table papers"),
        ('"100%"', "A 100 % Solution"),
        ("snake_case", "Snake Case"),
        ("back\\slash", "Back Slash"),
        ("{{7*7}}", "7 7"),
        ("${x} %s {0.__class__}", "x s 0 class"),
    ],
)
async def test_11_12_code_in_a_filter_is_only_text(tmp_path, text, title):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper(title), a_paper("On Rings"))
        found = await world.say(f"search {text}")
        assert isinstance(found, Listing)
        assert [card.face.title for card in found.cards] == [title]
        assert (await world.say("status")).tone is Tone.INFO


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("istanbul", "\u0130stanbul"),
        ("strasse", "Straße"),
        ("fine", "\ufb01ne"),
        ("λόγος", "ΛΌΓΟΣ"),
    ],
)
def test_13_case_and_ligatures_are_folded_as_documented(typed, written):
    assert finds(typed, title=written)
    assert finds(written, title=typed)


async def test_14_nul_is_refused_at_its_column(tmp_path):
    await refused(tmp_path, "subscribe ali\0gnment", "U+0000")


async def test_15_a_lone_surrogate_is_refused_and_the_answer_can_be_shown(tmp_path):
    answer = await refused(tmp_path, "subscribe ali\ud800gnment", "U+D800")
    " ".join((answer.heading, *answer.lines, answer.code)).encode()


@pytest.mark.parametrize("emoji", ["👩🏽‍🔬", "🇪🇺", "🏳️‍🌈", "👨‍👩‍👧‍👦"])
def test_16_emoji_are_kept_whole_when_cut(emoji):
    for limit in range(1, 12):
        kept = cut("ab" + emoji * 3, limit)
        assert not kept.rstrip("…").endswith("\u200d")
        assert len(kept) <= limit
        assert kept.rstrip("…").removeprefix("ab").replace(emoji, "") == "" or limit < 3


async def test_17_a_right_to_left_override_reaches_nobody(tmp_path):
    async with a_world(tmp_path) as world:
        made = await world.say("subscribe \u202eneural rings")
        said = " ".join((made.heading, *made.lines))
        assert "\u202e" not in said
        (one,) = await world.store.subscriptions.of(LAB)
        assert "\u202e" not in one.name + one.filter.canonical
        wrong = await world.say("subscribe rings name:\u202egnir")
        assert wrong.tone is Tone.ERROR


def test_18_a_zero_width_character_inside_a_word_changes_nothing():
    assert parse_filter("align\u200bment").key == parse_filter("alignment").key
    assert finds("alignment", title="align\u2060ment")


async def test_19_a_cyrillic_lookalike_finds_nothing_and_is_pointed_out(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("Alignment of Rings"))
        answer = await world.say("search \u0430lignment")
        assert isinstance(answer, Notice)
        assert any("only looks Latin (Cyrillic small letter a)" in line for line in answer.lines)
        silent = await world.say("preview \u0430lignment")
        assert any("only looks Latin" in line for line in silent.lines)


@pytest.mark.parametrize("text", ["@everyone", "<!here>", "<@U1>", "@everyone autor:x"])
async def test_20_a_ping_in_a_query_is_echoed_inert(tmp_path, text):
    async with a_world(tmp_path) as world:
        answer = await world.say(f"search {text}")
        for page in slack_pages(answer):
            assert "<!here>" not in page["text"]
            assert "<@U1>" not in page["text"]
        for page in discord_pages(answer):
            assert page["allowed_mentions"]["parse"] == []


@pytest.mark.parametrize("at", ["25:00", "09:00:61", "9:99", "noon", "٠٩:٠٠", ""])
async def test_21_a_time_that_is_none_is_refused(tmp_path, at):
    await refused(tmp_path, f"subscribe rings at:{at}", "takes a time such as 09:00")


@pytest.mark.parametrize("at", ["9", "9am", "09:00"])
async def test_21_short_forms_of_a_time_are_understood(tmp_path, at):
    async with a_world(tmp_path) as world:
        await world.say(f"subscribe rings at:{at}")
        (one,) = await world.store.subscriptions.of(LAB)
        assert one.cadence.at is not None
        assert one.cadence.at.strftime("%H:%M") == "09:00"


@pytest.mark.parametrize("zone", ["Mars/Base", "+05:30", "", '""', "../etc/passwd", "Europe"])
async def test_22_a_zone_that_is_none_is_refused(tmp_path, zone):
    await refused(tmp_path, f"subscribe rings tz:{zone}", "is no time zone")


@pytest.mark.parametrize("zone", ["EST5EDT", "US/Eastern", "Etc/GMT+5"])
async def test_22_an_old_name_of_a_zone_is_mapped_with_its_summer_time(tmp_path, zone):
    async with a_world(tmp_path) as world:
        made = await world.say(f"subscribe rings tz:{zone} at:09:00")
        assert made.tone is Tone.DONE
        (one,) = await world.store.subscriptions.of(LAB)
        assert one.zone == zone
        winter, summer = (datetime(2026, month, 15, tzinfo=UTC) for month in (1, 7))
        hours = [next_due(one.cadence, zone_of(zone), day).hour for day in (winter, summer)]
        assert hours == ([14, 14] if zone == "Etc/GMT+5" else [14, 13])


@pytest.mark.parametrize("top", ["", "-1", "0", "1e9", "NaN", "٣", "999999999999"])
async def test_23_a_limit_is_a_small_whole_number(tmp_path, top):
    await refused(tmp_path, f"subscribe rings top:{top}", "takes a whole number from 1 to 50")


async def test_24_two_equal_subscriptions_at_once_are_one(tmp_path):
    async with a_world(tmp_path) as world:
        async with asyncio.TaskGroup() as both:
            tasks = [both.create_task(world.say("subscribe rings")) for _ in range(2)]
        assert len(await world.store.subscriptions.of(LAB)) == 1
        (friendly,) = [task.result() for task in tasks if task.result().tone is Tone.ERROR]
        assert "already" in friendly.heading


async def test_25_anothers_subscription_is_not_found_and_not_named(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe secret-project name:plans")
        for line in ("unsubscribe plans", "unsubscribe 1", "edit plans top:3", "pause plans",
                     "rest #1", "undo 1"):  # fmt: skip
            answer = await world.say(line, READING_CLUB)
            assert answer.tone is Tone.ERROR, line
            assert "secret" not in " ".join((answer.heading, *answer.lines))
        assert len(await world.store.subscriptions.of(LAB)) == 1


async def test_27_the_201st_subscription_of_a_workspace_is_refused(tmp_path):
    async with a_world(tmp_path) as world:
        for number in range(MOST_PER_WORKSPACE):
            room = Channel(Platform.SLACK, "T1", f"C{number // 20}")
            made = await world.say(f"subscribe topic{number}", room)
            assert made.tone is Tone.DONE
        last = await world.say("subscribe rings", Channel(Platform.SLACK, "T1", "C99"))
        assert last.tone is Tone.ERROR
        assert f"{MOST_PER_WORKSPACE} subscriptions" in last.heading
        assert (await world.say("subscribe rings")).tone is Tone.DONE, "others may"


@pytest.mark.parametrize("text", ["../..", "2611.99999v0", "2613.00001", "1234.5", "arXiv:"])
def test_41_what_is_no_arxiv_id_is_none(text):
    assert arxiv_id(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [("hep-th/9901001", "hep-th/9901001"), ("math.GT/0309136v2", "math/0309136"),
     (" 2403.09472 ", "2403.09472"), ("arXiv:2403.09472v3", "2403.09472")],
)  # fmt: skip
def test_41_old_and_spaced_arxiv_ids_are_one_form(text, key):
    found = arxiv_id(text)
    assert found is not None
    assert found.id == key


async def test_42_one_paper_as_two_versions_from_two_sources_alerts_once(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        first = a_paper("On Rings")
        second = replace(first, title="On Rings, Revised", version=2)
        await world.announce(first)
        for event in (Event.LISTED, Event.CROSS, Event.REPLACE, Event.NEW):
            await world.announce(second, event=event)
            told = Sighting(paper=second, event=event, on=world.clock.now().date())
            await world.store.papers.save(
                "arxiv_rss:cs.CL",
                Announcements(sightings=(told,)),
                now=world.clock.now(),
                late_before=None,
            )
            await world.wait(minutes=1)
        assert len(world.shown()) == 1


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2025-02-30", "2025-01-01T24:00:00",
             "2025-06-01", "soon", "", None, 17]
)  # fmt: skip
def test_43_an_impossible_date_hurts_nobody(when):
    inner = {"id": "2403.09472", "title": "On Rings", "summary": "s", "authors": [], "upvotes": 1,
             "publishedAt": when}  # fmt: skip
    row = {"paper": inner, "publishedAt": when, "title": "On Rings"}
    try:
        sighting = sighting_of(row, date(2026, 11, 23))
    except (SourceError, ValueError):
        return  # the row is skipped, the others go on
    day = sighting.paper.published_on
    assert day is None or date(1990, 1, 1) <= day <= date(2028, 1, 1)


async def test_43_a_date_a_year_ahead_puts_a_paper_above_nothing_that_comes_later(tmp_path):
    async with a_world(tmp_path) as world:
        today = world.clock.now().date()
        await world.announce(a_paper("Rings of the Future", published_on=today.replace(year=2027)))
        await world.wait(hours=25)
        await world.announce(a_paper("Rings of Tomorrow", published_on=world.clock.now().date()))
        newest = SearchRequest(root=None, today=today, newest=True)
        found = (await world.store.papers.search(newest)).found
        assert [one.paper.title for one in found] == ["Rings of Tomorrow", "Rings of the Future"]


async def test_44_a_homoglyph_author_is_another_text(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe author:Noether every:instant")
        await world.announce(a_paper("Forged", authors=("Emmy N\u043eether",)))
        assert world.shown() == []
        await world.announce(a_paper("On Rings", authors=("Emmy Noether",)))
        assert world.shown() == ["On Rings"]
