"""The honest remainder of a digest can be looked at, and taste changes what comes first."""

from bot.model.command import Asker
from bot.model.message import Tone
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world


def titles(message):
    return [card.face.title for card in message.cards]


async def test_the_button_lists_exactly_what_the_digest_left_out(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:3 at:09:00")
        papers = [a_paper(f"On Rings {number:02}", upvotes=50 - number) for number in range(16)]
        await world.announce(*papers)
        await world.wait_until(9)
        (page,) = world.platform.posts[str(LAB)]
        assert page["omitted"] == 13
        (command,) = [command for label, command in page["actions"] if label == "Show the rest"]
        rest = await world.say(command)
        assert rest.total == 13
        assert titles(rest) == [paper.title for paper in papers[3:13]]
        assert all(card.why for card in rest.cards)
        second = await world.say(rest.actions[0].command)
        assert titles(second) == [paper.title for paper in papers[13:]]
        assert second.actions == ()
        assert titles(await world.say("rest rings")) == titles(rest), "the last digest by name"


async def test_what_comes_later_does_not_change_the_rest_of_a_digest(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:1 at:09:00 name:daily")
        await world.say("subscribe rings top:9 every:weekly on:mon at:12:00 name:weekly")
        await world.announce(a_paper("On Rings", upvotes=9), a_paper("On Ideals of Rings"))
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]
        await world.wait_until(12)
        assert world.shown() == ["On Rings", "On Ideals of Rings"], "the weekly one gathers the cut"
        rest = await world.say("rest daily 2026-11-23")
        assert titles(rest) == ["On Ideals of Rings"]
        assert titles(await world.say("rest weekly")) == []


async def test_the_rest_of_another_channel_or_of_nothing_is_not_found(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 top:1")
        await world.announce(a_paper("On Secret Rings"), a_paper("On Other Secret Rings"))
        early = await world.say("rest rings")
        assert early.tone is Tone.ERROR
        await world.wait_until(9)
        (subscription,) = await world.store.subscriptions.of(LAB)
        stolen = await world.say(f"rest #{subscription.id}", READING_CLUB)
        assert stolen.tone is Tone.ERROR
        assert "Secret" not in " ".join((stolen.heading, *stolen.lines))
        assert (await world.say("rest rings 2020-01-01")).tone is Tone.ERROR
        await world.say("unsubscribe rings")
        gone = await world.say(f"rest #{subscription.id} 2026-11-23")
        assert "stopped" in gone.heading


async def test_feedback_moves_papers_of_the_next_digest_and_why_says_so(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings top:5 at:09:00")
        liked = [a_paper(f"Widgets and Rings {number}", upvotes=1) for number in range(2)]
        await world.announce(*liked)
        for member in ("a", "b"):
            for paper in liked:
                await world.desk.ask(Asker(channel=LAB, member=member), f"like {paper.key}")
        await world.wait_until(9)
        plain, widget = a_paper("Rings of Sets", upvotes=2), a_paper("Rings of Widgets", upvotes=1)
        await world.announce(plain, widget)
        await world.wait_until(9)
        assert world.shown()[2:] == ["Rings of Widgets", "Rings of Sets"]
        lines = (await world.say(f"why {widget.key}")).lines
        assert any("this channel's feedback: " in line and "widget +" in line for line in lines)


async def test_an_author_the_channel_follows_comes_first(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.say('subscribe author:"Emmy Noether" at:20:00')
        followed = a_paper("Rings B", authors=("Emmy Noether",))
        other = a_paper("Rings A", authors=("Somebody Else",), upvotes=3)
        await world.announce(followed, other)
        await world.wait_until(9)
        assert world.shown() == ["Rings B", "Rings A"]
        lines = (await world.say(f"why {followed.key}")).lines
        assert any("you follow Emmy Noether" in line for line in lines)
