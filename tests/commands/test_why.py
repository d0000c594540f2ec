"""`why PAPER`: every stage ticked to the first failure, and the one word that would change it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.commands.explaining import why
from bot.model.errors import NotFound
from bot.model.paper import Announcements, Event, Metrics, Sighting
from bot.model.record import IMPORT
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world


def said(answer, name=""):
    """The answer's lines, or those of one subscription."""
    lines = list(answer.lines)
    if not name:
        return lines
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name} ("))
    rest = lines[start + 1 :]
    end = next((n for n, line in enumerate(rest) if line.endswith(")") and ": " not in line), None)
    return rest[:end]


async def test_a_posted_paper_shows_every_stage_where_it_came_and_its_score(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe alignment cat:cs.CL at:09:00")
        paper = a_paper("Alignment of Models", categories=("cs.CL",), upvotes=7)
        await world.announce(paper)
        await world.wait_until(9)
        lines = said(await world.say(f"why {paper.key}"))
        assert [line.split(",")[0] for line in lines[1:7]] == [
            f"yes: {stage}" for stage in ("seen", "source", "event", "filter", "cap", "posted")
        ]
        assert "said “new” on 2026-11-23" in lines[1]
        assert "matched “Alignment” in the title; category cs.CL" in lines[4]
        assert "number 1 of 1 in the digest 2026-11-23" in lines[5]
        assert "in this channel on 2026-11-23 09:00 UTC" in lines[6]
        assert lines[7] == "score 6: 3 (1 in the title, 0 in the abstract) + 3 (7 upvotes)"
        assert lines[8].startswith("Counters: 7 upvotes")


@pytest.mark.parametrize(
    ("subscribed", "stage", "detail", "change"),
    [
        (
            "alignment -survey",
            "filter",
            "`alignment`: “alignment” is not in title or abstract",
            None,
        ),
        (
            "aligned -survey",
            "filter",
            "`-survey`: “Survey” stands in the title: A Survey of Aligned Models",
            "Without -survey it would match: aligned",
        ),
        (
            "alignment",
            "filter",
            "“alignment” is not in title or abstract",
            "With “alignment” OR “aligned” it would match: aligned | alignment",
        ),
        (
            "survey cat:cs.RO",
            "filter",
            "its categories are cs.CL",
            "With cat:cs.CL too it would match: survey cat:(cs.CL | cs.RO)",
        ),
        (
            "survey upvotes:>=20",
            "filter",
            "12 upvotes, not at least 20",
            "With at least 10 upvotes it would match: survey upvotes:>=10",
        ),
        (
            '"models robots"',
            "filter",
            "is not in title or abstract",
            "With the words of “model robot” anywhere it would match: model robot",
        ),
        (
            "survey source:arxiv_oai",
            "source",
            "source:arxiv_oai, but it is from",
            "Without source:arxiv_oai it would match: survey",
        ),
        ("quantum cooking", "filter", "is not in title or abstract", None),
        ("title:models -survey", "filter", "“Survey” stands in the title", "Without -survey"),
    ],
)
async def test_a_paper_that_did_not_come_names_the_clause_and_the_one_change(
    tmp_path, subscribed, stage, detail, change
):
    async with a_world(tmp_path) as world:
        await world.say(f"subscribe {subscribed} at:09:00")
        paper = a_paper(
            "A Survey of Aligned Models",
            abstract="Robots too.",
            categories=("cs.CL",),
            upvotes=12,
        )
        await world.announce(paper)
        await world.wait_until(9)
        answer = await world.say(f"why {paper.key}")
        failed = [line for line in said(answer) if line.startswith("no: ")]
        assert len(failed) == 1, "stages are ticked to the first failure only"
        assert failed[0].startswith(f"no: {stage}, ")
        assert detail in failed[0]
        offered = [line for line in said(answer) if "it would match: " in line]
        if change is None:
            assert offered == []
        else:
            assert offered[0].startswith(change)
            preview = next(one for one in answer.actions if one.command.startswith("preview "))
            tried = await world.say(f"{preview.command} 2d")
            assert paper.title in [card.face.title for card in tried.cards], (
                "the change really does it"
            )


async def test_a_paper_beyond_the_cap_says_its_place_and_how_to_see_the_rest(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:2 at:09:00")
        papers = [a_paper(f"On Rings {name}", upvotes=9 - n) for n, name in enumerate("ABCD")]
        await world.announce(*papers)
        await world.wait_until(9)
        lines = said(await world.say(f"why {papers[3].key}"))
        (failed,) = [line for line in lines if line.startswith("no: ")]
        assert failed.startswith("no: cap, number 4 of 4 in the digest 2026-11-23, which showed 2;")
        assert "“rest rings 2026-11-23”" in failed


async def test_a_place_is_told_as_of_the_day_of_the_digest_not_of_the_paper(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:1 at:09:00")
        today = world.clock.now().date()
        long_ago, fresh = a_paper("On Old Rings", upvotes=40), a_paper("On Rings", upvotes=25)
        for paper, on in ((long_ago, today - timedelta(days=60)), (fresh, today)):
            said_of = Sighting(paper=replace(paper, published_on=on), event=Event.NEW, on=on)
            announced = Announcements(sightings=(said_of,))
            now = world.clock.now()
            await world.store.papers.save(IMPORT, announced, now=now, late_before=None)
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]
        failed = await failed_at(world, long_ago)
        assert failed.startswith("no: cap, number 2 of 2 in the digest 2026-11-23, which showed 1;")


async def test_a_paper_that_has_risen_since_its_digest_is_not_said_to_have_been_first(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:1 at:09:00")
        first, second = a_paper("On Rings A", upvotes=9), a_paper("On Rings B", upvotes=3)
        await world.announce(first, second)
        await world.wait_until(9)
        await world.announce(replace(second, metrics=Metrics(upvotes=400)))
        assert (
            "number 1 of 2 in the digest 2026-11-23 by today's counters and votes, which showed 1;"
            in await failed_at(world, second)
        )


async def test_a_paper_of_before_the_subscription_fails_at_the_event(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.wait(minutes=1)
        await world.say("subscribe rings")
        (failed,) = [
            line for line in said(await world.say(f"why {paper.key}")) if line.startswith("no: ")
        ]
        assert failed.startswith("no: event, it was announced before this subscription was made")


async def test_a_new_version_fails_at_the_event_and_can_be_asked_for(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        paper = a_paper("On Rings", version=2)
        await world.announce(paper, event=Event.REPLACE)
        await world.wait_until(9)
        answer = await world.say(f"why {paper.key}")
        (failed,) = [line for line in said(answer) if line.startswith("no: ")]
        assert "does not ask for version:replace" in failed
        (change,) = [line for line in said(answer) if "it would match" in line]
        assert change.startswith("With version:replace asked for")
        text = change.partition("it would match: ")[2]
        await world.say(f"subscribe {text} every:instant", READING_CLUB)
        await world.announce(a_paper("On New Rings", version=3), event=Event.REPLACE)
        await world.announce(a_paper("On Newer Rings"))
        assert world.shown(READING_CLUB) == ["On New Rings", "On Newer Rings"]


async def test_a_paper_another_subscription_posted_says_which_and_when(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe alignment at:09:00 name:a")
        await world.say("subscribe models at:10:00 name:b")
        paper = a_paper("Alignment of Models")
        await world.announce(paper)
        await world.wait_until(9)
        await world.wait_until(10)
        lines = said(await world.say(f"why {paper.key}"))
        assert sum("yes: posted" in line for line in lines) == 2
        assert any("by “a” on 2026-11-23 09:00" in line for line in lines)


async def test_a_paper_that_waits_says_for_which_digest(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        paper = a_paper("On Rings")
        await world.announce(paper)
        lines = said(await world.say(f"why {paper.key}"))
        assert "no: posted, it waits for the digest of 2026-11-23 09:00 UTC" in lines
        await world.say("pause rings")
        lines = said(await world.say(f"why {paper.key}"))
        assert "no: posted, this subscription is paused" in lines


async def test_a_paper_announced_too_late_says_so(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        old = (world.clock.now() - timedelta(days=9)).date()
        world.source.announce(a_paper("On Rings"), on=old)
        await world.wait(minutes=2)
        (paper,) = (await world.say("rings")).cards
        lines = said(await world.say(f"why {paper.face.paper}"))
        assert any(line.startswith("no: event, it was announced too long ago") for line in lines)


async def test_a_paper_nobody_has_shown_is_not_explained_but_named(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings")
        answer = await world.say("why 2611.09999")
        assert "No source has shown" in answer.heading
        with pytest.raises(NotFound, match="“banana” is neither an id nor an address"):
            await why(world.store, LAB, "banana", world.clock.now().date())
        assert (await world.store.subscriptions.of(LAB))[0].name == "rings"


async def failed_at(world, paper, name=""):
    """The stage a paper stopped at, and all that is said with it."""
    lines = said(await world.say(f"why {paper.key}"), name)
    (failed,) = [line for line in lines if line.startswith("no: ")]
    return failed


async def test_a_change_is_offered_only_if_it_lets_the_paper_in_by_what_was_said_of_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings -survey")
        paper = a_paper("A Survey of Rings", version=4)
        await world.announce(paper, event=Event.REPLACE)
        answer = await world.say(f"why {paper.key}")
        assert "does not ask for version:replace" in await failed_at(world, paper)
        assert "it would match" not in str(answer.lines), "two changes would be needed"
        await world.announce(paper, event=Event.LISTED)
        answer = await world.say(f"why {paper.key}")
        assert "Without -survey it would match: ring" in answer.lines


async def test_a_filter_edited_since_says_that_it_was_another_when_the_paper_came(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe groups at:09:00 name:mine")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.wait(days=3)
        await world.say("edit mine rings")
        await world.wait(minutes=5)
        failed = await failed_at(world, paper)
        assert failed == (
            "no: filter, it matches now, but did not when something was said of the paper: "
            "the filter or the paper was changed since"
        )
        young = a_paper("On More Rings")
        await world.announce(young)
        assert "waits for the digest" in await failed_at(world, young)


async def test_a_paper_that_a_stopped_subscription_brought_was_posted_all_the_same(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.wait_until(9)
        await world.say("unsubscribe rings")
        posted = "It was posted in this channel by “rings” on 2026-11-23 09:00 UTC."
        answer = await world.say(f"why {paper.key}")
        assert posted in answer.lines
        assert "This channel has no subscriptions now." in answer.lines
        await world.say("subscribe groups")
        answer = await world.say(f"why {paper.key}")
        assert posted in answer.lines
        await world.say("subscribe rings")
        answer = await world.say(f"why {paper.key}")
        assert posted in answer.lines, "who came later did not bring it"


async def test_a_paper_below_a_threshold_says_until_when_it_may_still_come(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings upvotes:>=20 at:09:00 name:open")
        await world.say("subscribe rings upvotes:>=20 cat:cs.LG at:09:00 name:shut")
        paper = a_paper("On Rings", upvotes=3)
        await world.announce(paper)
        pending = "3 upvotes, not at least 20; it still comes if it gets there by 2026-12-07"
        assert pending in await failed_at(world, paper, "open")
        assert "it still comes" not in await failed_at(world, paper, "shut")
        await world.announce(replace(paper, metrics=Metrics(upvotes=21)))
        await world.announce(replace(paper, metrics=Metrics(upvotes=12)))
        await world.wait_until(9)
        lines = said(await world.say(f"why {paper.key}"), "open")
        assert (
            "yes: filter, matched “Rings” in the title; since then: 12 upvotes, not at least 20"
            in (lines)
        )
        await world.wait(days=15)
        assert "it still comes" not in str(said(await world.say(f"why {paper.key}")))
