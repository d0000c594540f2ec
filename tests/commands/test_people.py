"""What people keep for themselves: votes, follows, muted words, saved papers."""

from bot.model.command import Asker
from bot.model.member import Member
from bot.model.message import Tone
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world

ME = Channel(Platform.TERMINAL, "", "@U1")


async def test_a_vote_counts_once_for_each_member_and_can_be_taken_back(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        for line in (f"like {paper.key}", f"like {paper.key}", f"dislike {paper.key}"):
            answer = await world.ask(line)
            assert answer.private.tone is Tone.DONE
            assert answer.public is None
        await world.ask(f"like {paper.key}", member="U2")
        (judged,) = await world.store.feedback.judged(LAB, 10)
        assert (judged.relevant, judged.not_for_us) == (1, 1)
        assert (await world.ask("undo")).private.heading.startswith("Taken back: not for us")
        (judged,) = await world.store.feedback.judged(LAB, 10)
        assert (judged.relevant, judged.not_for_us) == (1, 0)
        assert (await world.ask("undo")).private.tone is Tone.ERROR


async def test_the_count_of_votes_is_told_only_where_the_channel_wants_it(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        quiet = await world.ask(f"like {paper.key}")
        assert not any("So far here" in line for line in quiet.private.lines)
        await world.ask("settings tally:on")
        told = await world.ask(f"like {paper.key}", member="U2")
        assert any("2 relevant" in line for line in told.private.lines)


async def test_votes_of_one_channel_are_nothing_to_another(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.ask(f"like {paper.key}")
        assert await world.store.feedback.judged(READING_CLUB, 10) == []


async def test_whom_i_follow_comes_to_me_alone_by_direct_message(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask('follow author:"Ada Byron" at:09:00')
        await world.ask("follow org:Göttingen")
        await world.announce(
            a_paper("Notes", authors=("Ada Byron",)),
            a_paper("Rings", organization="Göttingen"),
            a_paper("Something Else"),
        )
        await world.wait_until(9)
        assert sorted(world.shown(ME)) == ["Notes", "Rings"]
        assert world.shown() == []


async def test_follows_are_listed_and_ended_by_name_or_number(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask('follow author:"Ada Byron"')
        await world.ask("follow org:DeepMind")
        assert (await world.ask('unfollow "ada byron"')).private.tone is Tone.DONE
        left = await world.ask("follows")
        assert any("deepmind" in line.lower() for line in left.private.lines)
        assert (await world.ask("unfollow nobody")).private.tone is Tone.ERROR
        assert (await world.ask("unfollow 1")).private.tone is Tone.DONE
        assert await world.store.subscriptions.of(ME) == []


async def test_words_cannot_be_followed_only_names(tmp_path):
    async with a_world(tmp_path) as world:
        form = (await world.ask("follow")).form
        values = {form.fields[0].name: "alignment"}
        answer = await world.desk.submit(Asker(channel=LAB, member="U1"), "follow", values)
        assert "subscribe" in answer.form.errors["filter"]


async def test_what_i_mute_leaves_my_digests_but_not_the_channels(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings at:09:00")
        await world.ask("mute survey 2w")
        await world.announce(a_paper("On Rings"), a_paper("A Survey of Rings"))
        mine = await world.ask("digest")
        assert [card.face.title for card in mine.private.cards] == ["On Rings"]
        others = await world.ask("digest", member="U2")
        assert len(others.private.cards) == 2
        await world.wait_until(9)
        assert len(world.shown()) == 2
        await world.ask("unmute survey")
        assert len((await world.ask("digest")).private.cards) == 2


async def test_saved_papers_are_mine_and_become_bibtex(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings & Fields_1", authors=("Emmy Noether", "Ada Byron"))
        await world.announce(paper)
        assert (await world.ask(f"save {paper.key}")).private.heading == "Saved"
        assert "already" in (await world.ask(f"save {paper.key}")).private.heading
        assert (await world.ask("saved", member="U2")).private.heading.startswith(
            "You have saved no"
        )
        text = (await world.ask("bib")).private.code
        assert text.startswith("@misc{noether2026")
        assert r"Rings \& Fields\_1" in text
        assert "Emmy Noether and Ada Byron" in text
        await world.ask(f"unsave {paper.key}")
        assert (await world.ask("saved")).private.heading.startswith("You have saved no")


async def test_forget_me_leaves_nothing_of_me_and_everything_of_others(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings")
        await world.announce(paper)
        for member in ("U1", "U2"):
            for line in ("subscribe rings", f"like {paper.key}", f"save {paper.key}", "mute x",
                         "follow org:X"):  # fmt: skip
                await world.ask(line, member=member)
        assert (await world.ask("forget-me")).private.tone is Tone.DONE
        assert (
            await world.store.people.saved(Member(Platform.TERMINAL, "", "U1"), limit=9)
        ).total == 0
        assert (
            await world.store.people.saved(Member(Platform.TERMINAL, "", "U2"), limit=9)
        ).total == 1
        (judged,) = await world.store.feedback.judged(LAB, 10)
        assert judged.relevant == 1
        assert await world.store.subscriptions.of(ME) == []
        (kept,) = await world.store.subscriptions.of(LAB)
        assert kept.created_by == ""


async def test_similar_papers_share_words_and_say_which(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("Noetherian Rings and Ideals")
        near = a_paper("Ideals of Noetherian Rings", authors=("Emil Artin",))
        await world.announce(paper, near, a_paper("Cooking With Gas", categories=("cs.CV",)))
        found = (await world.ask(f"similar {paper.key}")).private
        assert [card.face.paper for card in found.cards] == [near.key]
        assert "noetherian" in found.cards[0].why[0]


async def test_a_trend_counts_by_week_and_names_what_rises(tmp_path):
    async with a_world(tmp_path) as world:
        for title in ("On Fields", "On Groups", "On Modules", "On Ideals"):
            await world.announce(a_paper(title))
        await world.wait(days=40)
        await world.announce(*[a_paper(f"Mamba Networks {part}") for part in "abcdef"])
        everything = (await world.ask("trend 30d")).private
        assert "6 papers, +50 % on the 30 days before (4)" in everything.lines[0]
        assert "mamba" in everything.lines[2]
        one = (await world.ask("trend mamba 7d")).private
        assert "6 papers" in one.lines[0]
