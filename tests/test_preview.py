"""What a preview shows is what would have been posted: the days are replayed for real."""

from datetime import timedelta

import pytest

from bot.commands.previewing import preview, trial
from bot.model.command import Preview
from bot.model.message import Notice, Tone
from bot.model.paper import Announcements, Event, Sighting
from bot.model.record import IMPORT
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world

DAYS = 10
TOPICS = ("Rings", "Fields", "Groups", "Graphs")


async def ten_days(world):
    """Papers of ten days, some listed or replaced later, one surge, each day at two hours."""
    known = []
    for day in range(DAYS):
        for hour in (7, 15):
            await world.wait_until(hour)
            fresh = [
                a_paper(
                    f"On {TOPICS[(day + number) % 4]}, Note {day}.{hour}.{number}",
                    abstract="A survey." if number == 2 else "We prove a theorem on groups.",
                    announced_on=world.clock.now().date(),
                    upvotes=number,
                )
                for number in range(9 if day == 5 else 3)
            ]
            await world.announce(*fresh)
            if known:
                await world.announce(known[-1], event=Event.LISTED)
                await world.announce(known[0], event=Event.REPLACE)
            known += fresh
    await world.wait_until(23)


@pytest.mark.parametrize(
    "line",
    [
        "rings -survey",
        "groups at:16:30 top:4",
        "(rings OR fields) every:instant top:3",
        "graphs every:weekly on:fri top:5",
        "rings upvotes:>=1 every:hourly",
        "title:groups version:(new|replace)",
        "groups -version:listed every:weekdays top:2 tz:America/New_York",
        "=groups -title:=rings top:4",
        '"prove theorem"~1 -"note fields"~3 top:2',
        '="a theorem" | =ring every:hourly',
        "author:noether top:3",
        'author:"emmy noether" lang:en code:no -title:graph* every:weekly on:fri',
    ],
)
async def test_a_preview_shows_to_the_paper_what_is_then_posted(tmp_path, line):
    async with a_world(tmp_path) as world:
        await world.wait_until(0)
        first = world.clock.now()
        made = await world.say(f"subscribe {line} name:real")
        assert made.tone is Tone.DONE
        await ten_days(world)
        (real,) = await world.store.subscriptions.of(LAB)
        posted = [
            (one.at.replace(second=0, microsecond=0), one.paper)
            for one in reversed(await world.store.ledger.shown(LAB, 1_000))
        ]
        assert posted

        tried = trial(Preview(filter=line), READING_CLUB, "UTC")
        last = world.clock.now().date()
        zone_slack = 1 if "tz:" in line else 0
        days = (last - first.date()).days + 1 + zone_slack
        report = await preview(world.store, tried, days, last)
        now = world.clock.now()
        previewed = {
            one.paper.key for issue in report.issues if issue.at <= now for one in issue.shown
        }
        assert previewed == {paper for _, paper in posted}
        omitted = sum(page.get("omitted", 0) for page in world.platform.posts[str(LAB)])
        assert omitted == sum(issue.left_out for issue in report.issues if issue.at <= now)
        assert real.filter == report.topic


async def test_a_preview_of_more_than_a_thousand_papers_is_posted_to_the_paper_too(tmp_path):
    """As many matches as a broad filter has in a fortnight, near-equal titles among them."""
    async with a_world(tmp_path) as world:
        await world.wait_until(0)
        first = world.clock.now()
        await world.say("subscribe (rings|fields) -survey at:16:30 top:25 name:real")
        for day in range(3):
            await world.wait_until(7)
            await world.announce(
                *[
                    a_paper(
                        f"{TOPICS[number % 4]} of {number % 11} Kinds, Extended {day}.{number // 9}",
                        abstract="A survey." if number % 10 == 0 else "On rings and many fields.",
                        announced_on=world.clock.now().date(),
                        upvotes=number % 7,
                    )
                    for number in range(450)
                ]
            )
            await world.wait_until(23)
        posted = {one.paper for one in await world.store.ledger.shown(LAB, 1_000)}
        tried = trial(Preview(filter="(rings|fields) -survey at:16:30 top:25"), LAB, "UTC")
        last = world.clock.now().date()
        report = await preview(world.store, tried, (last - first.date()).days + 1, last)
        assert report.matches == 3 * 405
        assert {one.paper.key for issue in report.issues for one in issue.shown} == posted
        assert len(posted) == 75
        assert report.left_out == sum(
            page.get("omitted", 0) for page in world.platform.posts[str(LAB)]
        )
        assert report.cause == ("“fields”", 1.0)

        whole = await preview(world.store, tried, report.days, last, everything=True)
        assert len(whole.papers) == whole.matches == report.matches
        assert [one.paper for one in whole.samples] == [one.paper for one in report.samples]
        assert [issue.shown for issue in whole.issues] == [issue.shown for issue in report.issues]
        assert whole.left_out == report.left_out


async def stocked(world):
    await world.wait_until(7)
    await world.announce(
        *[a_paper(f"Agents for Task {number}", categories=("cs.AI",)) for number in range(4)],
        a_paper("Alignment of Agents", categories=("cs.CL",)),
        a_paper("Alignment Surveyed", abstract="A survey.", categories=("cs.CL",)),
        a_paper("On Rings"),
    )


def words(answer: Notice) -> str:
    return "\n".join((answer.heading, *answer.lines))


async def test_a_preview_counts_by_day_names_the_loudest_word_and_near_misses(tmp_path):
    async with a_world(tmp_path) as world:
        await stocked(world)
        answer = await world.say("preview agents | alignment -survey 3d")
        said = words(answer)
        assert "would have matched 5 papers of 7" in said
        assert f"{world.clock.now():%a} {world.clock.now().day}" in said
        assert "“agents” causes most: it stands in 100% of them" in said
        assert "A little looser: without -survey it would match 6." in said
        assert "A little tighter: " in said
        assert len(answer.cards) == 5


async def test_a_preview_warns_of_a_firehose_and_of_silence(tmp_path):
    async with a_world(tmp_path) as world:
        await world.wait_until(7)
        await world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(40)])
        loud = await world.say("preview rings 2d")
        assert loud.tone is Tone.WARNING
        assert "firehose" in words(loud)
        assert "would only have been counted" in words(loud)
        silent = await world.say("preview iffusion 2d")
        assert silent.tone is Tone.WARNING
        assert "expect silence" in words(silent)
        assert "“iffusion” stands in no stored paper" in words(silent)


async def test_a_preview_of_one_word_names_a_looser_one_and_no_cause_where_there_is_no_choice(
    tmp_path,
):
    async with a_world(tmp_path) as world:
        await world.wait_until(7)
        await world.announce(a_paper("Reward Models"), a_paper("Aligned"), a_paper("On Alignment"))
        said = words(await world.say("preview alignment 1d"))
        assert "In the last day it would have matched 1 paper of 3" in said
        assert "A little looser: with words that begin with “align” it would match 2." in said
        said = words(await world.say('preview "reward model" 1d'))
        assert "would have matched 1 paper" in said
        assert "causes most" not in said


async def test_a_preview_says_which_form_of_an_abbreviation_is_the_loud_one(tmp_path):
    async with a_world(tmp_path) as world:
        await world.wait_until(7)
        await world.announce(
            *[a_paper(f"Machine Learning for X{number}") for number in range(3)], a_paper("ML in Y")
        )
        assert "“machine learning” causes most: it stands in 75%" in words(
            await world.say("preview ml 2d")
        )


async def test_a_preview_of_imported_papers_goes_by_their_own_dates(tmp_path):
    async with a_world(tmp_path) as world:
        on = world.clock.now().date() - timedelta(days=1)
        sightings = tuple(
            Sighting(paper=a_paper(f"On Rings {number}"), event=Event.NEW, on=on)
            for number in range(3)
        )
        await world.store.papers.save(
            IMPORT, Announcements(sightings=sightings), now=world.clock.now(), late_before=None
        )
        tried = trial(Preview(filter="rings"), LAB, "UTC")
        assert (await preview(world.store, tried, 1, on)).matches == 3
        assert (await preview(world.store, tried, 1, on - timedelta(days=1))).matches == 0
        assert dict((await preview(world.store, tried, 2, on)).by_day)[on] == 3


async def test_a_preview_names_a_category_or_a_source_no_paper_has_ever_had(tmp_path):
    async with a_world(tmp_path) as world:
        await stocked(world)
        said = words(await world.say("preview cat:econ.EM OR source:feed:https://a.example 3d"))
        assert "cat:econ.EM and source:feed:https://a.example stand in no stored paper" in said
        assert (
            "cat:econ.EM stands in no stored paper; papers of Hugging Face alone come without "
            "categories, those of arXiv have them."
        ) in words(await world.say("preview rings cat:econ.EM 2d"))
        assert "source:arxiv_oai:math stands in no stored paper" in words(
            await world.say("subscribe source:arxiv_oai:math name:typo")
        )


@pytest.mark.parametrize("line", ["preview {}", "subscribe {}", "search {}", "search {} | rings"])
async def test_a_source_there_cannot_be_is_told_wherever_a_filter_is_typed(tmp_path, line):
    async with a_world(tmp_path) as world:
        await stocked(world)
        answer = await world.say(line.format("source:hf_dialy"))
        assert answer.tone is Tone.ERROR
        assert "source: expects one of hf_daily, arxiv" in words(answer)
        assert "Did you mean source:hf_daily?" in words(answer)
        assert not await world.store.subscriptions.of(LAB)


async def test_the_button_of_a_preview_subscribes_what_was_typed(tmp_path):
    async with a_world(tmp_path) as world:
        await stocked(world)
        answer = await world.say("preview Agents -surveys 3d")
        assert [one.command for one in answer.actions] == ["subscribe Agents -surveys"]
