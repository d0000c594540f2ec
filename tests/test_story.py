"""Announced, matched, digested, posted, asked about: what the bot is for, told in order."""

from dataclasses import replace
from datetime import timedelta

from bot.model.delivery import ChannelGone, DeliveryKind, NewDelivery, NotSent, Unclear
from bot.model.message import Digest, Listing, Notice, Tone
from bot.model.paper import Event
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world


async def test_a_lab_gets_its_papers_in_the_morning_and_can_ask_why(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.say("subscribe alignment -survey cat:cs.CL at:09:00")
        assert isinstance(answer, Notice)
        assert answer.tone is Tone.DONE

        wanted = a_paper("Alignment of Small Models", categories=("cs.CL",), upvotes=7)
        survey = a_paper("A Survey of Alignment", categories=("cs.CL",))
        await world.announce(wanted, survey, a_paper("On Rings"))
        assert world.shown() == [], "nothing comes before the digest is due"

        await world.wait_until(9)
        assert world.shown() == ["Alignment of Small Models"]
        page = world.platform.posts[str(LAB)][0]
        assert page["heading"].startswith("alignment")
        assert any("Alignment" in why for why in page["cards"][0]["why"])

        came = await world.say(f"why {wanted.key}")
        assert any(line.startswith("yes: posted") for line in came.lines)
        missed = await world.say(f"why {survey.key}")
        assert any(line.startswith("no: filter") and "urvey" in line for line in missed.lines)


async def test_a_new_subscription_shows_a_sample_of_the_week_and_posts_none_of_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("Old Rings"))
        await world.wait(days=8)
        await world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(6)])
        answer = await world.say("subscribe rings at:09:00")
        assert "A sample, the best of the last 7 days; it is not posted:" in answer.lines
        assert len(answer.cards) == 5
        assert "Old Rings" not in [card.face.title for card in answer.cards]
        await world.wait_until(9)
        assert world.shown() == []


async def test_a_paper_is_shown_once_in_a_channel_however_many_subscriptions_match(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe alignment at:09:00 name:a")
        await world.say("subscribe models at:10:00 name:b")
        await world.announce(a_paper("Alignment of Models"))
        await world.wait_until(9)
        await world.wait_until(10)
        assert world.shown() == ["Alignment of Models"]
        assert any("“b”" in why for why in world.platform.posts[str(LAB)][0]["cards"][0]["why"])


async def test_two_channels_each_get_their_own_digest(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.say("subscribe rings at:09:00", READING_CLUB)
        await world.announce(a_paper("On Rings"))
        await world.wait_until(9)
        assert world.shown() == world.shown(READING_CLUB) == ["On Rings"]


async def test_a_listing_of_a_paper_already_posted_stays_silent(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        paper = a_paper("On Rings")
        await world.announce(paper)
        await world.announce(paper, event=Event.LISTED)
        await world.announce(paper, event=Event.CROSS)
        assert world.shown() == ["On Rings"]


async def test_new_versions_are_silent_unless_asked_for(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.say("subscribe rings version:replace every:instant", READING_CLUB)
        await world.announce(a_paper("On Rings", version=2), event=Event.REPLACE)
        assert world.shown() == []
        assert world.shown(READING_CLUB) == ["On Rings"]


async def test_a_paper_that_becomes_popular_later_comes_once(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings upvotes:>=20 every:instant")
        paper = a_paper("On Rings", upvotes=3)
        await world.announce(paper)
        assert world.shown() == []
        for upvotes in (25, 30, 41):
            popular = a_paper(
                "On Rings", upvotes=upvotes, key=paper.key, ids=paper.ids, url=paper.url
            )
            await world.announce(popular)
        assert world.shown() == ["On Rings"]


async def test_a_risen_counter_brings_nothing_to_those_who_set_no_threshold(tmp_path):
    async with a_world(tmp_path) as world:
        paper = a_paper("On Rings", upvotes=3)
        await world.announce(paper)
        await world.say("subscribe rings every:instant")
        await world.announce(
            a_paper("On Rings", upvotes=30, key=paper.key, ids=paper.ids, url=paper.url)
        )
        assert world.shown() == []


async def test_many_papers_at_once_become_one_digest_that_counts_the_rest(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant top:4")
        await world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(30)])
        assert len(world.platform.posts[str(LAB)]) == 1
        page = world.platform.posts[str(LAB)][0]
        assert len(page["cards"]) == 4
        assert page["omitted"] == 26
        assert "30 papers" in page["note"]


async def test_several_missed_digests_become_one(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.announce(a_paper("On Rings"))
        await world.wait(days=5, hours=9)
        await world.wait(minutes=5)
        assert len(world.platform.posts[str(LAB)]) == 1
        assert "late" in world.platform.posts[str(LAB)][0]["note"]


async def test_an_empty_day_says_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.wait_until(9)
        await world.wait_until(9)
        assert world.platform.posts == {}


async def test_a_paused_subscription_is_silent_until_it_is_resumed(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.say("pause rings")
        await world.announce(a_paper("On Rings"))
        await world.wait_until(9)
        assert world.shown() == []
        await world.say("resume rings")
        await world.wait(hours=1)
        assert world.shown() == [], "it speaks again at its usual time"
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]


async def test_a_new_subscription_brings_no_backlog_even_if_it_was_not_matched_yet(tmp_path):
    async with a_world(tmp_path) as world:
        world.source.announce(a_paper("On Old Rings"))
        world.clock.advance(timedelta(minutes=2))
        await world.engine.ingest()  # stored, not matched yet
        world.clock.advance(timedelta(minutes=1))
        await world.say("subscribe rings every:instant")
        await world.announce(a_paper("On New Rings"))
        assert world.shown() == ["On New Rings"]


async def test_a_digest_moved_to_a_later_hour_comes_once_a_day_and_goes_on(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.announce(a_paper("On Rings"))
        await world.wait_until(9)
        (subscription,) = await world.store.subscriptions.of(LAB)
        later = world.clock.now() + timedelta(hours=2)
        await world.store.subscriptions.change(replace(subscription, next_due_at=later))
        await world.announce(a_paper("On Fields and Rings"))
        await world.wait(hours=3)
        assert world.shown() == ["On Rings"]
        await world.wait_until(9)
        assert world.shown() == ["On Rings", "On Fields and Rings"]


async def test_an_unsubscribed_channel_gets_nothing_more(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.say("unsubscribe rings")
        await world.announce(a_paper("On Rings"))
        assert world.shown() == []


async def test_a_lost_answer_is_read_back_and_not_sent_again(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        world.platform.lose_next_receipt = True
        await world.announce(a_paper("On Rings"))
        await world.wait(minutes=5)
        await world.engine.reconciler.reconcile()
        await world.wait(minutes=5)
        assert world.shown() == ["On Rings"]
        assert (await world.store.upkeep.status()).deliveries.get("sent") == 1


async def test_a_message_that_never_arrived_is_sent_again(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        world.platform.fail = [NotSent("connection refused"), Unclear("timed out")]
        await world.announce(a_paper("On Rings"))
        for _ in range(6):
            await world.wait(minutes=10)
            await world.engine.reconciler.reconcile()
        assert world.shown() == ["On Rings"]


async def test_a_posted_card_is_changed_in_place_also_when_answers_are_lost(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        await world.announce(a_paper("On Rings"))
        (posted,) = await world.store.ledger.shown(LAB, 1)
        assert posted.message_id
        (card,) = world.platform.posts[str(LAB)]
        now = world.clock.now()
        change = NewDelivery(
            channel=LAB,
            dedupe_key="on rings, version 2",
            payload={**card, "note": "version 2"},
            kind=DeliveryKind.EDIT,
            about=posted.delivery,
            not_before=now,
            expires_at=now + timedelta(days=1),
        )
        assert await world.store.outbox.enqueue(change, now=now)
        world.platform.fail = [Unclear("timed out")]
        for _ in range(3):
            await world.wait(minutes=1)
        assert [page["note"] for page in world.platform.posts[str(LAB)]] == ["version 2"]
        assert len(world.platform.edits) == 1


async def test_a_channel_that_is_gone_is_paused_and_says_so(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        world.platform.fail = [ChannelGone("is_archived")]
        await world.announce(a_paper("On Rings"))
        status = await world.say("status")
        assert any("is_archived" in line for line in status.lines)


async def test_a_source_that_is_down_for_days_loses_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:instant")
        world.source.down = True
        await world.announce(a_paper("On Rings"))
        await world.wait(days=2)
        status = await world.say("status")
        assert any("does not answer" in line for line in status.lines)
        world.source.down = False
        await world.wait(hours=7)
        assert world.shown() == ["On Rings"]


async def test_a_wrong_filter_points_at_the_column_and_saves_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.say("subscribe alignment autor:Leike")
        assert answer.tone is Tone.ERROR
        assert "author" in " ".join((answer.heading, *answer.lines))
        assert answer.code.splitlines()[1].index("^") == len("alignment ")
        assert (await world.say("list")).heading == "This channel has no subscriptions yet"


async def test_who_may_not_manage_the_channel_changes_nothing(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.say("subscribe rings", may_manage=False)
        assert answer.tone is Tone.ERROR
        assert await world.store.subscriptions.of(LAB) == []


async def test_one_channel_cannot_touch_anothers_subscription(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe secret-project name:plans")
        answer = await world.say("unsubscribe plans", READING_CLUB)
        assert answer.tone is Tone.ERROR
        assert "secret" not in " ".join((answer.heading, *answer.lines))
        assert len(await world.store.subscriptions.of(LAB)) == 1


async def test_the_same_subscription_twice_is_one_with_a_friendly_notice(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings OR groups")
        answer = await world.say("subscribe group | ring")
        assert "already" in answer.heading
        assert len(await world.store.subscriptions.of(LAB)) == 1


async def test_a_search_answers_at_once_with_reasons_and_pages(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(*[a_paper(f"On Rings, Part {part}") for part in range(12)])
        first = await world.say("rings")
        assert isinstance(first, Listing)
        assert (first.total, len(first.cards)) == (12, 10)
        second = await world.say(first.actions[0].command)
        assert len(second.cards) == 2
        assert not {card.face.paper for card in first.cards} & {
            card.face.paper for card in second.cards
        }


async def test_a_digest_on_demand_takes_nothing_from_the_regular_one(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.announce(a_paper("On Rings"))
        now = await world.say("digest")
        assert isinstance(now, Digest)
        assert [card.face.title for card in now.cards] == ["On Rings"]
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]


async def test_a_filter_can_build_on_another_subscription(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings OR groups name:algebra at:09:00")
        await world.say("subscribe filter:algebra upvotes:>=5 name:popular every:instant")
        await world.announce(a_paper("On Groups", upvotes=9), a_paper("On Rings", upvotes=1))
        assert world.shown() == ["On Groups"]
