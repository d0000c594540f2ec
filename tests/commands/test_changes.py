"""Changes of a channel: told to everybody in one line, logged, and undone without losing a paper."""

import pytest

from bot.model.message import Tone
from bot.model.subscription import Channel, Platform
from tests.builders import LAB, READING_CLUB, a_paper
from tests.world import a_world


async def test_a_change_is_told_to_everybody_in_one_line_with_who_did_it(tmp_path):
    async with a_world(tmp_path) as world:
        answer = await world.ask("subscribe rings at:09:00")
        assert answer.private.heading == "Subscribed: rings"
        assert "rings" in answer.public.heading
        assert answer.by == "U1"
        assert [one.label for one in answer.public.actions] == ["Undo"]


async def test_in_a_direct_message_there_is_nobody_else_to_tell(tmp_path):
    async with a_world(tmp_path) as world:
        assert (await world.ask("subscribe rings", direct=True)).public is None


async def test_undo_of_a_stopped_subscription_brings_the_papers_of_the_time_between(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00")
        await world.announce(a_paper("On Rings Before"))
        stopped = await world.ask("unsubscribe rings")
        await world.announce(a_paper("On Rings Between"))
        back = await world.ask(stopped.public.actions[0].command)
        assert back.private.tone is Tone.DONE
        await world.wait_until(9)
        assert sorted(world.shown()) == ["On Rings Before", "On Rings Between"]


async def test_an_edit_changes_only_what_is_given_and_is_undone_whole(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings every:weekly on:fri at:17:00 top:5 name:r")
        answer = await world.ask("edit r at:10:00 mode:full")
        (now,) = await world.store.subscriptions.of(LAB)
        assert (now.cadence.at.hour, now.cadence.weekday, now.top, now.mode) == (10, 4, 5, "full")
        assert "17:00" in answer.public.heading
        await world.ask(answer.public.actions[0].command)
        (now,) = await world.store.subscriptions.of(LAB)
        assert (now.cadence.at.hour, now.mode) == (17, "compact")


async def test_an_edit_says_how_much_the_new_filter_would_bring_and_what_stands_nowhere(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(*(a_paper(f"On Rings {number}") for number in range(3)))
        await world.say("subscribe graphs")
        said = " ".join((await world.say("edit graphs rings")).lines)
        assert "3 papers" in said
        said = " ".join((await world.say("edit graphs source:feed:https://a.example")).lines)
        assert "source:feed:https://a.example stands in no stored paper" in said
        said = " ".join((await world.say("edit graphs top:3")).lines)
        assert "stands in no stored paper" not in said, "another number of papers asks nothing anew"


async def test_a_filter_changed_before_the_digest_loses_no_paper(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings at:09:00 name:r")
        await world.announce(a_paper("On Rings"), a_paper("A Survey of Rings"))
        await world.say("edit r rings -survey")
        await world.wait_until(9)
        assert world.shown() == ["On Rings"]


async def test_what_was_changed_again_since_is_not_undone(tmp_path):
    async with a_world(tmp_path) as world:
        first = await world.ask("subscribe rings name:r")
        await world.ask("edit r top:3")
        refused = await world.ask(first.public.actions[0].command)
        assert refused.private.tone is Tone.ERROR
        assert len(await world.store.subscriptions.of(LAB)) == 1


async def test_a_change_is_undone_once_and_only_where_it_was_made(tmp_path):
    async with a_world(tmp_path) as world:
        line = (await world.ask("subscribe rings")).public.actions[0].command
        assert (await world.ask(line, READING_CLUB)).private.tone is Tone.ERROR
        assert (await world.ask(line)).private.tone is Tone.DONE
        again = await world.ask(line)
        assert "undone already" in again.private.heading
        assert again.public is None


async def test_the_log_tells_changes_and_posts_without_anybodys_id(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("subscribe rings every:instant", member="U-secret")
        await world.announce(a_paper("On Rings"))
        log = (await world.ask("log")).private
        told = "\n".join(log.lines)
        assert "new subscription “rings”" in told
        assert "sent" in told
        assert "U-secret" not in told


async def test_the_same_interaction_twice_has_one_effect(tmp_path):
    async with a_world(tmp_path) as world:
        first = await world.ask("subscribe rings name:r", event="trigger-1")
        again = await world.ask("subscribe rings name:r", event="trigger-1")
        assert first.private.tone is Tone.DONE
        assert (again.private, again.public, again.form) == (None, None, None)


async def test_only_those_the_settings_name_may_change_anything(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings manage:listed managers:@U2")
        refused = await world.ask("subscribe rings", member="U1", is_admin=False)
        assert refused.private.tone is Tone.ERROR
        assert "named" in refused.private.heading
        listed = await world.ask("subscribe rings", member="U2", is_admin=False)
        assert listed.private.tone is Tone.DONE
        admin = await world.ask("settings manage:admins", member="U9")
        assert admin.private.tone is Tone.DONE
        refused = await world.ask("edit rings top:3", member="U2", is_admin=False)
        assert refused.private.tone is Tone.ERROR


async def test_naming_members_is_enough_to_let_only_them_manage(tmp_path):
    async with a_world(tmp_path) as world:
        done = await world.ask("settings managers:@U2")
        assert "Who may change subscriptions: admins and 1 named member" in done.private.lines
        refused = await world.ask("subscribe rings", member="U1", is_admin=False)
        assert refused.private.tone is Tone.ERROR
        changed = await world.ask("settings managers:@U3")
        assert "other members named" in changed.public.heading


async def test_settings_that_change_nothing_are_shown_and_leave_no_trace(tmp_path):
    async with a_world(tmp_path) as world:
        await world.ask("settings threads:on")
        again = await world.ask("settings threads:on")
        assert (again.private.tone, again.public) == (Tone.INFO, None)
        assert len(await world.store.policy.changes(LAB, 10)) == 1


async def test_only_discord_has_posts_to_publish(tmp_path):
    async with a_world(tmp_path) as world:
        refused = await world.ask("settings publish:on")
        assert "announcement channels of Discord" in refused.private.heading
        shown = await world.ask("settings")
        assert not any(line.startswith("Publish") for line in shown.private.lines)
        assert "publish" not in [field.name for field in shown.form.fields]
        there = Channel(Platform.DISCORD, "1", "2")
        assert (await world.ask("settings publish:on", there)).private.tone is Tone.DONE
        shown = await world.ask("settings", there)
        assert "Publish posts: on" in shown.private.lines
        assert "publish" in [field.name for field in shown.form.fields]


async def test_settings_are_what_new_subscriptions_start_with_and_old_ones_keep_theirs(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings name:old")
        await world.ask("settings tz:Europe/Berlin mode:full layout:thread empty:always")
        await world.say("subscribe groups name:new")
        old, new = await world.store.subscriptions.of(LAB)
        assert (old.zone, old.mode, old.layout, old.empty) == ("UTC", "compact", "digest", "silent")
        assert (new.zone, new.mode, new.layout, new.empty) == (
            "Europe/Berlin", "full", "thread", "always",
        )  # fmt: skip


async def test_list_all_shows_public_channels_and_nobodys_direct_messages(tmp_path):
    async with a_world(tmp_path) as world:
        await world.say("subscribe rings")
        await world.say("subscribe groups", READING_CLUB)
        everything = await world.ask("list all")
        told = "\n".join(everything.private.lines)
        assert "rings" in told
        assert "groups" in told


async def test_an_answer_is_shared_once_with_who_shared_it(tmp_path):
    async with a_world(tmp_path) as world:
        await world.announce(a_paper("On Rings"))
        found = await world.ask("rings")
        line = found.private.actions[-1].command
        shared = await world.ask(line)
        assert [card.face.title for card in shared.public.cards] == ["On Rings"]
        assert shared.by == "U1"
        assert (await world.ask(line)).public is None
        assert (await world.ask("share search autor:x")).public is None


@pytest.mark.parametrize("others", ["", "subscribe rings every:instant"])
async def test_a_filter_that_speaks_at_once_brings_what_comes_after_its_edit_and_no_backlog(
    tmp_path, others
):
    async with a_world(tmp_path) as world:
        await world.say("subscribe groups every:instant name:mine")
        if others:
            await world.say(others, READING_CLUB)
        await world.announce(a_paper("On Old Rings"))
        await world.wait(days=2)
        edited = await world.ask("edit mine rings")
        await world.announce(a_paper("On Rings"))
        assert world.shown() == ["On Rings"]
        await world.announce(a_paper("On Groups"))
        await world.ask(edited.public.actions[0].command)
        await world.wait(minutes=2)
        assert world.shown() == ["On Rings", "On Groups"], "what came meanwhile is not lost"
