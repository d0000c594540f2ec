"""Votes, saved papers, settings, the log, memory and absences, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from adapters.store.engines import database_url
from adapters.store.tables import METADATA
from bot.model.delivery import DeliveryState, Posted, Receipt, Settlement
from bot.model.errors import Conflict, NotFound
from bot.model.member import Member
from bot.model.memory import Absence, Change, Rewritten
from bot.model.message import Digest
from bot.model.personal import Verdict
from bot.model.settings import ChannelSettings, Managers
from bot.model.subscription import Channel, EmptyDay, Layout, Mode, Platform
from tests.adapters.store.given import (
    EVERYWHERE,
    NOON,
    a_message,
    a_subscription,
    again,
    announce,
    plan_all,
)
from tests.builders import a_card, a_paper

HERE = Channel(Platform.SLACK, "T0FIRST", "C1")
BESIDE = Channel(Platform.SLACK, "T0FIRST", "C2")
FAR = Channel(Platform.SLACK, "T0OTHER", "C1")
ADA = Member(Platform.SLACK, "T0FIRST", "U0ADA")
SOON = NOON + timedelta(minutes=1)


async def test_one_vote_for_each_member_and_the_last_one_counts(store):
    paper, other = a_paper(), a_paper()
    await announce(store, paper, other)
    bob = replace(ADA, id="U0BOB")
    vote = store.feedback.vote
    assert await vote(HERE, ADA, paper.key, Verdict.RELEVANT, now=NOON) is None
    assert await vote(HERE, ADA, paper.key, Verdict.NOT_FOR_US, now=NOON) is Verdict.RELEVANT
    await vote(HERE, bob, paper.key, Verdict.RELEVANT, now=SOON)
    await vote(HERE, ADA, other.key, Verdict.RELEVANT, now=SOON)
    assert await store.feedback.last(HERE, ADA) == other.key
    assert await store.feedback.tally(HERE, [paper.key, other.key]) == {
        paper.key: (1, 1), other.key: (1, 0),
    }  # fmt: skip
    assert await store.feedback.tally(FAR, [paper.key]) == {}
    assert await vote(HERE, ADA, other.key, None, now=SOON) is Verdict.RELEVANT
    assert [one.paper.key for one in await store.feedback.judged(HERE, 9)] == [paper.key]
    with pytest.raises(NotFound):
        await vote(HERE, ADA, "arxiv:9999.99999", Verdict.RELEVANT, now=NOON)


async def test_what_a_member_keeps_is_theirs_alone(store):
    paper = a_paper()
    await announce(store, paper)
    assert await store.people.save(ADA, paper.key, now=NOON)
    assert not await store.people.save(ADA, paper.key, now=NOON)
    stranger = replace(ADA, workspace="T0OTHER")
    assert (await store.people.saved(stranger, limit=9)).total == 0
    assert [one.key for one in (await store.people.saved(ADA, limit=9)).papers] == [paper.key]
    await store.people.mute(ADA, "survey", until=SOON, now=NOON)
    await store.people.mute(ADA, "ring", until=None, now=NOON)
    assert [one.term for one in await store.people.mutes(ADA, now=NOON)] == ["ring", "survey"]
    assert [one.term for one in await store.people.mutes(ADA, now=SOON)] == ["ring"]
    for number in range(25):
        await store.people.asked(ADA, f"query {number}", now=NOON + timedelta(seconds=number))
    recent = await store.people.recent(ADA, 50)
    assert (len(recent), recent[0]) == (20, "query 24")
    assert await store.people.forget(ADA) == 1 + 2 + 20
    assert await store.people.recent(ADA, 50) == []


async def test_settings_and_changes_come_back_as_they_were(store):
    assert await store.policy.settings(HERE) == ChannelSettings()
    settings = ChannelSettings(
        zone="Europe/Berlin", mode=Mode.FULL, layout=Layout.POSTS, empty=EmptyDay.NOTE,
        managers=Managers.LISTED, listed=("aa", "bb"), tally=True, threads=True, publish=True,
    )  # fmt: skip
    await store.policy.set_public(HERE, is_public=True)
    bare = Change(channel=HERE, what="settings", at=NOON)
    await store.policy.make(replace(bare, settings=(ChannelSettings(), settings)))
    assert await store.policy.settings(HERE) == replace(settings, is_public=True)
    assert await store.policy.public(Platform.SLACK, "T0FIRST") == {HERE}
    made = await store.subscriptions.add(a_subscription(channel=HERE))
    change = Change(
        channel=HERE, what="a change", at=NOON, who="aa", before=(made,),
        settings=(settings, ChannelSettings()),
    )  # fmt: skip
    done = await store.policy.make(change)
    read = (await store.policy.changes(HERE, 9))[0]
    assert read == replace(done, before=(replace(made, created_by=""),))
    assert await store.policy.settings(HERE) == ChannelSettings(is_public=True)
    assert await store.subscriptions.of(HERE) == []
    assert await store.policy.change(FAR, done.number) is None


async def _posted(store, key, paper, channel):
    card = a_card(paper=paper.key, title=paper.title, url=paper.url)
    words = Digest(heading="rings", cards=(card,))
    await store.outbox.enqueue(a_message(key, paper, channel=channel, words=words), now=NOON)
    while claimed := await store.outbox.claim(
        "w", EVERYWHERE, now=NOON, lease=timedelta(minutes=1), limit=9
    ):
        for one in claimed:
            await store.outbox.record([Receipt(one, Posted("1700000000.000001"))], now=NOON)


async def _settle(store, channel, *known):
    """The channel wants tallies; the log says so, and names what it knows."""
    both = (ChannelSettings(), ChannelSettings(tally=True))
    change = Change(channel=channel, what="made", at=NOON, before=known, after=known, settings=both)
    await store.policy.make(change)


async def test_a_change_happens_and_is_logged_or_neither(store):
    made = await store.subscriptions.add(a_subscription("rings", name="rings", channel=HERE))
    other = await store.subscriptions.add(a_subscription("fields", name="fields", channel=HERE))
    stopped = Change(channel=HERE, what="stopped", at=NOON, before=(made,))
    clash = replace(a_subscription("groups", name="fields", channel=HERE), id=0)
    with pytest.raises(Conflict):
        await store.policy.make(replace(stopped, after=(clash,)))
    assert await store.subscriptions.of(HERE) == [made, other]
    assert await store.policy.changes(HERE, 9) == []
    done = await store.policy.make(stopped)
    with pytest.raises(NotFound):
        await store.policy.make(replace(stopped, before=(other, made)))
    assert await store.subscriptions.of(HERE) == [other]
    assert [one.number for one in await store.policy.changes(HERE, 9)] == [done.number]


async def test_a_change_is_taken_back_once_and_by_its_own_channel(store):
    made = await store.subscriptions.add(a_subscription("rings", channel=HERE))
    done = await store.policy.make(Change(channel=HERE, what="stopped", at=NOON, before=(made,)))
    back = Change(channel=HERE, what="undone", at=NOON, after=(made,))
    with pytest.raises(Conflict):
        await store.policy.make(replace(back, channel=FAR, after=()), undoes=done.number)
    undone = await store.policy.make(back, undoes=done.number)
    assert undone.after[0].id != made.id
    assert undone.after[0].hit_cursor == made.hit_cursor, "it goes on where it was"
    with pytest.raises(Conflict):
        await store.policy.make(back, undoes=done.number)
    assert len(await store.subscriptions.of(HERE)) == 1


async def test_memory_names_public_channels_of_the_same_workspace_only(store):
    paper = a_paper()
    await announce(store, paper)
    for channel in (BESIDE, FAR):
        await _posted(store, f"m {channel}", paper, channel)
    assert await store.memory.elsewhere(HERE, [paper.key]) == {}
    await store.policy.set_public(BESIDE, is_public=True)
    await store.policy.set_public(FAR, is_public=True)
    (place,) = (await store.memory.elsewhere(HERE, [paper.key]))[paper.key]
    assert (place.channel, place.at, place.message_id) == (BESIDE, NOON, "1700000000.000001")
    assert await store.memory.elsewhere(BESIDE, [paper.key]) == {}


async def test_a_vote_given_while_a_page_is_written_anew_is_not_lost(store):
    paper = a_paper()
    await announce(store, paper)
    await _settle(store, HERE)
    await _posted(store, "m", paper, HERE)
    recent = {"since": NOON - timedelta(days=1), "voted_before": SOON, "limit": 9}
    await store.feedback.vote(HERE, ADA, paper.key, Verdict.RELEVANT, now=NOON)
    (page,) = await store.living.stale(**recent)
    assert page.tallies == {paper.key: (1, 0)}
    bob = replace(ADA, id="U0BOB")
    await store.feedback.vote(HERE, bob, paper.key, Verdict.NOT_FOR_US, now=SOON)
    assert await store.living.rewrite([Rewritten(page, page.words, ())], now=SOON) == 0
    (page,) = await store.living.stale(**recent)
    assert page.tallies == {paper.key: (1, 1)}
    assert await store.living.rewrite([Rewritten(page, page.words, ())], now=SOON) == 1
    assert await store.living.stale(**recent) == []


async def test_a_link_gets_its_card_once_in_half_an_hour(store):
    paper, half = a_paper(), timedelta(minutes=30)
    await announce(store, paper)
    unfurled = store.memory.unfurled
    assert await unfurled(HERE, paper.key, now=NOON, within=half)
    assert not await unfurled(HERE, paper.key, now=NOON + half / 2, within=half)
    assert await unfurled(BESIDE, paper.key, now=NOON, within=half)
    assert await unfurled(HERE, paper.key, now=NOON + half, within=half, message_id="m2")
    await store.policy.set_public(HERE, is_public=True)
    (place,) = (await store.memory.elsewhere(BESIDE, [paper.key]))[paper.key]
    assert (place.at, place.message_id) == (NOON + half, "m2")


async def test_an_absent_channel_is_passed_over_and_comes_back(store):
    made = await store.subscriptions.add(a_subscription(channel=HERE))
    due = made.next_due_at
    away = Absence(channel=HERE, reason="archived", since=NOON)
    assert await store.absences.leave(away)
    assert not await store.absences.leave(away)
    assert await store.subscriptions.due(due, 9) == []
    assert [one.reason for one in await store.outbox.lanes(HERE, now=NOON)] == ["archived"]
    assert await store.absences.of(Platform.SLACK, "T0FIRST") == [away]
    assert await store.absences.come_back(HERE)
    assert not await store.absences.come_back(HERE)
    assert [one.id for one in await store.subscriptions.due(due, 9)] == [made.id]


async def test_a_workspace_that_comes_back_leaves_its_absent_channels_absent(store):
    for channel in (HERE, BESIDE, FAR):
        await store.subscriptions.add(a_subscription(channel=channel))
    await store.absences.leave(Absence(channel=BESIDE, reason="archived", since=NOON))
    whole = replace(HERE, channel="")
    await store.absences.leave(Absence(channel=whole, reason="put out", since=NOON))
    due = NOON + timedelta(days=1)
    assert {one.channel for one in await store.subscriptions.due(due, 9)} == {FAR}
    await store.absences.come_back(whole)
    assert {one.channel for one in await store.subscriptions.due(due, 9)} == {HERE, FAR}


async def test_a_channel_with_a_new_id_keeps_everything(store):
    made = await store.subscriptions.add(a_subscription(channel=HERE))
    await _settle(store, HERE)
    assert await store.absences.rename(HERE, BESIDE)
    assert (await store.subscriptions.of(BESIDE))[0].id == made.id
    assert (await store.policy.settings(BESIDE)).tally
    assert not await store.absences.rename(HERE, BESIDE)


async def test_a_channel_that_spoke_under_its_new_id_already_keeps_all_of_both(store, url):
    await _lives(store, HERE, ADA)
    judged = (await store.feedback.judged(HERE, 9))[0].paper.key
    both = a_paper("Seen under both ids")
    await announce(store, both)
    for channel in (HERE, BESIDE):
        await store.feedback.vote(channel, ADA, both.key, Verdict.RELEVANT, now=NOON)
        await _posted(store, f"both {channel}", both, channel)
    await store.policy.set_public(BESIDE, is_public=True)
    same = a_subscription("lattice", channel=BESIDE, name="ringst0first")
    await store.subscriptions.add(same)
    waiting = [a_message(f"waiting {one}", channel=one) for one in (BESIDE, HERE)]
    for one in waiting:
        await store.outbox.enqueue(one, now=NOON)
    assert await store.absences.rename(HERE, BESIDE)
    assert await store.subscriptions.of(HERE) == []
    names = {one.name: one.filter.canonical for one in await store.subscriptions.of(BESIDE)}
    assert names == {"ringst0first": "lattice", "ringst0first-2": "ringst0first"}
    settings = await store.policy.settings(BESIDE)
    assert (settings.tally, settings.is_public) == (True, True)
    assert {one.paper.key for one in await store.feedback.judged(BESIDE, 9)} == {judged, both.key}
    (change,) = await store.policy.changes(BESIDE, 9)
    assert await store.policy.change(BESIDE, change.number) == change
    lanes = await store.outbox.lanes(BESIDE, now=NOON)
    assert [one.waiting for one in lanes] == [2]
    going = []
    for _ in waiting:
        (one,) = await store.outbox.claim(
            "w", EVERYWHERE, now=NOON, lease=timedelta(minutes=1), limit=9
        )
        going.append(one.dedupe_key)
        await store.outbox.record([Receipt(one, Posted("7"))], now=NOON)
    assert going == [f"waiting {HERE}", f"waiting {BESIDE}"], "what was owed first comes first"
    assert not await store.absences.rename(HERE, BESIDE), "nothing of it is left"
    assert _rows_with(url, HERE.channel)[0] in ([], ["deliveries"]), "its name stands in keys alone"


async def test_what_was_being_sent_under_the_old_id_is_looked_for_under_the_new_one(store):
    lease = timedelta(minutes=1)
    await store.outbox.enqueue(a_message("1", channel=HERE), now=NOON)
    await store.outbox.enqueue(a_message("2", channel=BESIDE), now=NOON)
    (sent, _) = await store.outbox.claim("w", EVERYWHERE, now=NOON, lease=lease, limit=9)
    assert await store.absences.rename(HERE, BESIDE)
    assert await store.outbox.record([Receipt(sent, Posted("7"))], now=NOON) == [False]
    later = NOON + lease
    unclear = await store.outbox.adopt_unclear(EVERYWHERE, now=later, lease=lease, alone=False)
    assert {(one.dedupe_key, one.channel) for one in unclear} == {("1", BESIDE), ("2", BESIDE)}
    for one in unclear:
        await store.outbox.settle(one, Settlement(DeliveryState.SENT, message_id="7"), now=later)
    await store.outbox.enqueue(a_message("3", channel=BESIDE), now=later)
    (next_one,) = await store.outbox.claim("w", EVERYWHERE, now=later, lease=lease, limit=9)
    assert next_one.dedupe_key == "3"


def _rows_with(url, words):
    """Tables with a row that holds these words anywhere."""
    engine = create_engine(database_url(url))
    with engine.connect() as connection:
        found = [
            table.name
            for table in METADATA.sorted_tables
            if any(words in str(tuple(row)) for row in connection.execute(table.select()))
        ]
        filters = connection.execute(text("SELECT canonical FROM filters WHERE uses > 0")).all()
    engine.dispose()
    return found, [one.canonical for one in filters]


async def _lives(store, channel, member):
    """Somebody does everything there is to do in a channel."""
    paper = a_paper()
    await announce(store, paper)
    made = await store.subscriptions.add(
        a_subscription(f"rings{channel.workspace.lower()}", channel=channel, created_by=member.id)
    )
    await store.feedback.vote(channel, member, paper.key, Verdict.RELEVANT, now=NOON)
    await store.people.save(member, paper.key, now=NOON)
    await store.people.mute(member, "survey", until=None, now=NOON)
    await store.people.asked(member, "rings", now=NOON)
    await _settle(store, channel, made)
    await store.memory.unfurled(channel, paper.key, now=NOON, within=timedelta(hours=1))
    await _posted(store, f"d {channel}", paper, channel)
    await plan_all(store)
    await announce(store, replace(paper, version=2))


async def test_a_workspace_that_stays_away_is_deleted_whole_and_others_are_untouched(store, url):
    stranger = Member(Platform.SLACK, "T0OTHER", "U0BOB")
    await _lives(store, HERE, ADA)
    await _lives(store, FAR, stranger)
    gone = Absence(
        channel=replace(HERE, channel=""), reason="put out", since=NOON,
        purge_at=NOON + timedelta(days=30),
    )  # fmt: skip
    await store.absences.leave(gone)
    assert await store.absences.purge(now=NOON + timedelta(days=29)) == 0
    assert await store.absences.purge(now=NOON + timedelta(days=30)) == 1
    left, used = _rows_with(url, "T0FIRST")
    assert left == []
    assert _rows_with(url, "U0ADA")[0] == []
    assert used == ["ringst0other"]
    (kept,) = await store.subscriptions.of(FAR)
    assert (await again(store, kept)).created_by == "U0BOB"
    assert (await store.people.saved(stranger, limit=9)).total == 1
    assert len(await store.feedback.judged(FAR, 9)) == 1
    assert len(await store.policy.changes(FAR, 9)) == 1
    assert (await store.policy.settings(FAR)).tally


async def test_a_channel_that_is_gone_for_good_is_deleted_alone(store):
    for channel in (HERE, BESIDE):
        await _lives(store, channel, ADA)
    gone = Absence(channel=HERE, reason="deleted", since=NOON, purge_at=SOON)
    await store.absences.leave(gone)
    assert await store.absences.purge(now=SOON) == 1
    assert await store.subscriptions.of(HERE) == []
    assert len(await store.subscriptions.of(BESIDE)) == 1
    assert (await store.people.saved(ADA, limit=9)).total == 2
