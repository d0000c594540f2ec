"""Digests that votes have taught something, days without papers, and pages that do not fit."""

from bot.engine.paging import split
from bot.model.message import Digest
from tests.builders import LAB, READING_CLUB, a_card, a_paper
from tests.world import a_world


async def test_votes_of_a_channel_change_the_order_of_its_later_digests_and_of_no_others(tmp_path):
    async with a_world(tmp_path) as world:
        liked = a_paper("Noetherian Rings", authors=("Emmy Noether",))
        await world.announce(liked)
        await world.ask(f"like {liked.key}", member="U1")
        await world.ask(f"like {liked.key}", member="U2")
        for channel in (LAB, READING_CLUB):
            await world.say("subscribe rings at:09:00", channel)
        await world.announce(
            a_paper("Artinian Rings", authors=("Emil Artin",), categories=("math.AC",)),
            a_paper("Noetherian Rings Again", authors=("Emmy Noether",)),
        )
        await world.wait_until(9)
        assert world.shown() == ["Noetherian Rings Again", "Artinian Rings"]
        assert sorted(world.shown()) == sorted(world.shown(READING_CLUB))


async def test_an_empty_day_is_told_where_the_channel_wants_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 empty:always")
        await world.say("subscribe rings at:09:00", READING_CLUB)
        await world.announce(a_paper("On Fields"))
        await world.wait_until(9)
        (page,) = world.platform.posts[str(LAB)]
        assert page["cards"] == []
        assert "none matched" in page["note"]
        assert world.shown(READING_CLUB) == []
        assert str(READING_CLUB) not in world.platform.posts


async def test_a_day_without_mailing_is_told_under_note_only(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 empty:note")
        await world.announce(a_paper("On Fields"))
        await world.wait_until(9)
        assert world.platform.posts == {}, "papers came, none matched: nothing to tell"
        await world.wait(hours=23)
        await world.wait_until(9)
        await world.wait_until(9)
        await world.wait(hours=5)
        await world.wait_until(9)
        assert "nothing new" in world.platform.posts[str(LAB)][-1]["note"]


async def test_a_source_that_fails_is_never_silent_but_told_once(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        world.source.down = True
        for _ in range(20):
            await world.wait(hours=1)
        await world.wait_until(9)
        await world.wait_until(9)
        await world.wait(hours=2)
        await world.wait_until(9)
        notes = [page["note"] for page in world.platform.posts[str(LAB)]]
        assert len(notes) == 1
        assert "could not be read since" in notes[0]


def render_three(message):
    """A platform whose messages hold three papers, or 900 characters of summary."""
    pages, size = [[]], 0
    for card in message.cards:
        size += len(card.face.summary)
        if len(pages[-1]) == 3 or size > 900:
            pages.append([])
            size = len(card.face.summary)
        pages[-1].append(card.face.paper)
    if message.cards and size > 900:
        pages.append([])
    return [{"cards": page, "heading": message.heading} for page in pages]


def a_digest(count, **more):
    cards = tuple(a_card(paper=f"p{n}", title=f"T{n}", url="", **more) for n in range(count))
    return Digest(heading="rings", cards=cards, omitted=4, note="late", footer="stop it")


def test_a_long_digest_becomes_pages_that_each_say_their_own_part():
    pages = split(render_three, a_digest(8))
    assert [[card.face.paper for card in page.words.cards] for page in pages] == [
        ["p0", "p1", "p2"], ["p3", "p4", "p5"], ["p6", "p7"],
    ]  # fmt: skip
    assert [page.words.note for page in pages] == ["late", "", ""]
    assert [page.words.omitted for page in pages] == [0, 0, 4]
    assert [page.words.footer for page in pages] == ["", "", "stop it"]
    assert all(len(render_three(page.words)) == 1 for page in pages)


def test_a_card_too_long_for_any_page_is_shortened_rather_than_torn():
    (page,) = split(render_three, a_digest(1, summary="word " * 400))
    assert len(page.words.cards[0].face.summary) <= 900
