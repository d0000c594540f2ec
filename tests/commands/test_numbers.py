"""Every number on a card, and every number that decided about it, is explained by `why`."""

import re

from bot.model.paper import Metrics
from bot.rules.cards import face
from tests.builders import LAB, a_paper
from tests.world import a_world


def numbers(*texts: str) -> set[str]:
    return {one for text in texts for one in re.findall(r"\d+(?:\.\d+)?", text)}


async def test_every_number_of_a_posted_card_is_explained(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings tally:on")
        await world.say("subscribe rings at:09:00")
        paper = a_paper(
            "On Rings",
            metrics=Metrics(upvotes=71, comments=12, stars=345),
            version=3,
            authors=tuple(f"Author {letter}" for letter in "ABCDEFGH"),
            published_on=world.clock.now().date(),
        )
        await world.announce(paper)
        await world.ask(f"like {paper.key}", member="U1")
        await world.ask(f"like {paper.key}", member="U2")
        await world.ask(f"dislike {paper.key}", member="U3")
        await world.wait_until(9)
        stored = await world.store.papers.get(paper.key)
        assert stored is not None
        shown = face(stored)
        facts = [*shown.facts, "2 relevant, 1 not for us"]
        assert {"71 upvotes", "12 comments", "345 stars", "version 3"} <= set(facts)
        assert "and 5 more" in shown.byline
        said = "\n".join((await world.say(f"why {paper.key}")).lines).lower()
        for fact in facts:
            if numbers(fact):
                assert fact in said
        assert "it has 8 authors; a card names 3" in said


async def test_the_parts_of_a_score_add_up_to_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say('subscribe (rings | fields | "of rings") author:"Emmy Noether" at:09:00')
        twin = a_paper("A Theory of Rings and Fields in Short", abstract="Rings.", upvotes=3)
        await world.announce(twin, a_paper(f"{twin.title}, Again", abstract="Rings.", upvotes=2))
        await world.wait(days=2)
        for line in await scores(world, twin.key):
            total, parts = line.removeprefix("score ").split(": ", 1)
            signed = re.findall(r"(?:^|([+−]) )(-?\d+(?:\.\d+)?) \(", parts)
            added = sum(-float(value) if sign == "−" else float(value) for sign, value in signed)
            assert abs(added - float(total)) < 0.05
            assert len(signed) >= 2


async def scores(world, key):
    found = [one for one in (await world.say(f"why {key}")).lines if one.startswith("score ")]
    assert found
    return found


async def test_the_counts_of_a_digest_are_those_why_and_rest_name(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:2 at:09:00")
        papers = [a_paper(f"On Rings, Part {n}", upvotes=n) for n in range(7)]
        await world.announce(*papers)
        await world.wait_until(9)
        (page,) = world.platform.posts[str(LAB)]
        assert "7 new papers" in page["heading"]
        assert page["omitted"] == 5
        cut = next(one for one in papers if one.title not in world.shown())
        said = " ".join((await world.say(f"why {cut.key}")).lines)
        assert "of 7 in the digest 2026-11-23, which showed 2" in said
        assert (await world.say("rest rings")).total == 5
