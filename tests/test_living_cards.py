"""What happens to a posted paper changes its card in place, and never makes a second post."""

from dataclasses import replace

from bot.model.paper import Event, Metrics, Status
from tests.builders import LAB, a_paper
from tests.world import a_world


def facts(world):
    """The facts line of the last edit, as text."""
    _, page = world.platform.edits[-1]
    return "\n".join(page["words"])


async def test_a_new_version_and_a_withdrawal_edit_the_card_where_it_stands(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper, a_paper("On Rings Too"))
        await world.announce(replace(paper, version=2), event=Event.REPLACE)
        assert "Update 23 Nov: version 2" in facts(world)
        await world.announce(
            replace(paper, version=2, status=Status.WITHDRAWN), event=Event.WITHDRAWN
        )
        assert "withdrawn" in facts(world)
        assert "version 2" in facts(world), "what was told before stays told"
        assert sorted(world.shown()) == ["On Rings", "On Rings Too"]
        assert {message_id for message_id, _ in world.platform.edits} == {"m1"}
        assert world.platform.threads == {}


async def test_code_and_a_listing_that_come_together_are_one_edit(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.announce(replace(paper, code_url="https://github.com/x/y"), event=Event.LISTED)
        assert len(world.platform.edits) == 1
        assert "listed by readers, code" in facts(world)


async def test_counters_alone_edit_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings", upvotes=1)
        await world.announce(paper)
        for upvotes in (5, 50, 500):
            await world.announce(replace(paper, metrics=Metrics(upvotes=upvotes)))
        assert world.platform.edits == []


async def test_a_channel_that_asks_for_it_is_told_in_the_thread(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings threads:on")
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.announce(replace(paper, version=3), event=Event.REPLACE)
        await world.wait(minutes=1)
        (reply,) = world.platform.threads["m1"]
        assert reply["heading"] == "On Rings: version 3"
        assert len(world.platform.posts[str(LAB)]) == 1


async def vote(world, paper, verb, *members):
    for member in members:
        await world.ask(f"{verb} {paper.key}", member=member)


async def test_ten_votes_are_one_edit_where_the_channel_wants_to_see_them(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings tally:on")
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await vote(world, paper, "like", *(f"U{number}" for number in range(8)))
        await vote(world, paper, "dislike", "U8", "U9")
        await world.wait(seconds=10)
        assert world.platform.edits == [], "votes are gathered for a while"
        await world.wait(seconds=30)
        ((message_id, page),) = world.platform.edits
        assert message_id == "m1"
        assert "8 relevant, 2 not for us" in page["words"]
        await vote(world, paper, "undo", "U0")
        await world.announce(replace(paper, version=2), event=Event.REPLACE)
        assert "7 relevant, 2 not for us" in facts(world)
        assert "version 2" in facts(world)
        await world.ask("settings tally:off")
        await world.wait(minutes=1)
        assert "relevant" not in facts(world)


async def test_votes_edit_nothing_where_nobody_asked_to_see_them(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await vote(world, paper, "like", "U1", "U2")
        await world.wait(minutes=2)
        assert world.platform.edits == []
        await world.ask("settings tally:on")
        await world.wait(minutes=1)
        assert "2 relevant, 0 not for us" in facts(world)


async def test_a_vote_given_before_a_paper_is_posted_is_counted_with_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings tally:on")
        await world.say("subscribe rings at:09:00")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await vote(world, paper, "like", "U1")
        await world.wait_until(9)
        await world.wait(minutes=1)
        assert "1 relevant, 0 not for us" in facts(world)


async def test_what_was_known_when_the_digest_was_written_is_no_news(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.announce(replace(paper, version=2), event=Event.REPLACE)
        await world.wait_until(9)
        await world.wait(minutes=5)
        assert world.shown() == ["On Rings"]
        assert world.platform.edits == []


async def test_a_digest_with_details_keeps_both_true(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 layout:thread")
        paper = a_paper("On Rings", abstract="A ring is a thing. " * 40)
        await world.announce(paper)
        await world.wait_until(9)
        await world.wait(minutes=1)
        (post,), (details,) = world.platform.posts[str(LAB)], world.platform.threads["m1"]
        assert len("\n".join(details["words"])) > len("\n".join(post["words"])) + 300
        assert details["actions"] == []
        await world.announce(replace(paper, version=2), event=Event.REPLACE)
        await world.wait(minutes=1)
        assert {message_id for message_id, _ in world.platform.edits} == {"m1", "m2"}


async def test_a_post_for_each_paper_counts_what_had_no_room(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 top:3 layout:posts")
        await world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(5)])
        await world.wait_until(9)
        for _ in range(4):
            await world.wait(seconds=5)
        posts = world.platform.posts[str(LAB)]
        assert [len(page["cards"]) for page in posts] == [1, 1, 1]
        assert [page["omitted"] for page in posts] == [0, 0, 2]
