"""What a channel hears does not depend on what others listen with, though equal filters are one."""

import random
from dataclasses import replace

import pytest

from bot.model.paper import Event, Metrics
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world

PLACES = [Channel(Platform.TERMINAL, "", name) for name in ("lab", "club", "late", "later")]
RHYTHMS = ("every:instant", "at:09:00 top:1", "every:weekly on:tue at:10:00 top:2")


@pytest.mark.parametrize(
    ("filter_text", "first", "again"),
    [
        ("rings", (Event.NEW, 1, 3), (Event.LISTED, 1, 3)),
        ("rings", (Event.NEW, 1, 3), (Event.CROSS, 1, 3)),
        ("rings upvotes:>=20", (Event.NEW, 1, 25), (Event.NEW, 1, 30)),
        ("rings version:replace", (Event.REPLACE, 2, 3), (Event.REPLACE, 3, 3)),
    ],
)
async def test_who_subscribes_later_hears_what_is_said_of_a_paper_after_that(
    tmp_path, filter_text, first, again
):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")

        async def said(event, version, upvotes):
            metrics = Metrics(upvotes=upvotes)
            await world.announce(replace(paper, version=version, metrics=metrics), event=event)

        await world.say(f"subscribe {filter_text} every:instant")
        await said(*first)
        await world.wait(hours=1)
        await world.say(f"subscribe {filter_text} every:instant", READING_CLUB)
        why = str((await world.say(f"why {paper.key}", READING_CLUB)).lines)
        assert "no: event, it was announced before this subscription was made" in why
        assert world.shown(READING_CLUB) == []
        await said(*again)
        assert world.shown(READING_CLUB) == ["On Rings"]
        assert world.shown(LAB) == ["On Rings"], "once for who had it"
        why = str((await world.say(f"why {paper.key}", READING_CLUB)).lines)
        assert "yes: posted, in this channel" in why


async def played(folder, seed, texts):
    """Some weeks of papers said again and again, while channels subscribe; what each was shown."""
    chance = random.Random(seed)
    async with a_world(folder) as world:
        papers, waiting = [], list(zip(PLACES, texts, strict=True))
        for _ in range(60):
            if waiting and chance.random() < 0.12:
                place, text = waiting.pop()
                await world.wait(seconds=1)
                await world.say(f"subscribe {text} {chance.choice(RHYTHMS)} name:rings", place)
            step = chance.random()
            if not papers or step < 0.25:
                key = f"arxiv:2611.{90_000 + len(papers)}"
                papers.append(a_paper(f"On Rings {len(papers)}", key=key, ids=(key,), upvotes=2))
                await world.announce(papers[-1])
            elif step < 0.75:
                number = chance.randrange(len(papers))
                risen = Metrics(upvotes=(papers[number].metrics.upvotes or 0) + chance.randrange(9))
                papers[number] = replace(papers[number], metrics=risen)
                event = chance.choice((Event.NEW, Event.NEW, Event.LISTED, Event.CROSS))
                await world.announce(papers[number], event=event)
            else:
                await world.wait(hours=chance.randrange(1, 30))
        await world.wait(days=8)
        pages = world.platform.posts
        return [
            (
                [card["title"] for page in pages.get(str(place), []) for card in page["cards"]],
                [page.get("omitted", 0) for page in pages.get(str(place), [])],
            )
            for place in PLACES
        ]


@pytest.mark.parametrize("seed", range(2))
async def test_equal_filters_bring_what_different_ones_would(tmp_path, seed):
    wanted = "rings (upvotes:>=6 | stars:>=1)"
    same = await played(tmp_path / "same", seed, [wanted] * 4)
    apart = await played(tmp_path / "apart", seed, [f"{wanted} -never{n}" for n in range(4)])
    assert same == apart
    assert any(titles for titles, _ in same)
