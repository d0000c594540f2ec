"""Posting once, knowing what became of it, and finding it again, against the local Discord."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord.limits import COMPONENTS_V2
from adapters.discord.mark import reference
from adapters.discord.meanings import MEANINGS, Answer, Kind, outcome_of
from adapters.discord.pace import MARGIN, hold
from adapters.discord.post import discord_messenger
from bot.model.delivery import (
    Absent,
    ChannelGone,
    NotSent,
    Posted,
    Reach,
    Refused,
    Unanswered,
    Unclear,
    Unreadable,
    WorkspaceGone,
)
from bot.model.subscription import Channel, Platform
from tests.adapters.discord.examples import HOSTILE_TITLES, a_card, a_digest
from tests.servers.discord import UNLIMITED, DiscordServer, Limits, Permission, faults

MARKER = "d-17-0123456789abcdef0123"


@pytest.fixture
async def server():
    async with DiscordServer(limits=UNLIMITED) as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def messenger(server):
    async with discord_messenger(server.token, api_url=server.api_url) as made:
        yield made


@pytest.fixture
def lab(server):
    return server.add_guild("Lab")


@pytest.fixture
def papers(server, lab):
    return server.add_channel(lab)


def address(channel):
    return Channel(Platform.DISCORD, str(channel.guild_id), str(channel.id))


def page_of(messenger, **changes):
    (page,) = messenger.pages(a_digest(1, **changes))
    return page


def just_now(server):
    return datetime.fromtimestamp(server.clock.now(), UTC)


class TestPosting:
    async def test_a_digest_becomes_visible_as_it_was_rendered(self, server, messenger, papers):
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        (shown,) = server.shown(papers)
        assert outcome == Posted(str(shown.id))
        assert "Ideals of rings that commute, part 1" in shown.text
        assert shown.text.endswith(" · " + reference(MARKER))

    async def test_the_same_delivery_sent_twice_is_shown_once(self, server, messenger, papers):
        page = page_of(messenger)
        first = await messenger.post(address(papers), page, marker=MARKER)
        again = await messenger.post(address(papers), page, marker=MARKER)
        other = await messenger.post(address(papers), page, marker="another")
        assert first == again != other
        assert len(server.shown(papers)) == 2

    async def test_no_title_notifies_anybody(self, server, messenger, papers):
        for number, title in enumerate(HOSTILE_TITLES.values()):
            page = page_of(messenger, heading=title, cards=(a_card(title=title),), footer=title)
            outcome = await messenger.post(address(papers), page, marker=str(number))
            assert isinstance(outcome, Posted)
        assert server.messages.pings == []
        assert all(
            body["allowed_mentions"] == {"parse": []} for body in server.asked("create_message")
        )

    async def test_a_request_is_made_once_whatever_happens(self, server, messenger, papers):
        for fault in (faults.Status(500), faults.Status(503), faults.Reset(), faults.Code(50035)):
            server.desk.faults.plan("create_message", fault)
            before = len(server.asked("create_message"))
            outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
            assert not isinstance(outcome, Posted)
            assert len(server.asked("create_message")) == before + 1
        assert server.shown(papers) == []


class TestOutcomes:
    @pytest.mark.parametrize(
        "fault",
        [
            faults.Status(500),
            faults.Status(502, committed=True),
            faults.Status(503),
            faults.Status(524),
            faults.Code(130000),
            faults.Reset(),
            faults.Reset(committed=True),
            faults.Hang(0.01),
            faults.Garbage(),
        ],
    )
    async def test_what_may_have_arrived_is_unclear(self, server, messenger, papers, fault):
        server.desk.faults.plan("create_message", fault)
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, Unclear)

    async def test_after_an_unclear_end_sending_again_shows_it_once(
        self, server, messenger, papers
    ):
        server.desk.faults.plan("create_message", faults.Reset(committed=True))
        page = page_of(messenger)
        assert isinstance(await messenger.post(address(papers), page, marker=MARKER), Unclear)
        outcome = await messenger.post(address(papers), page, marker=MARKER)
        assert [str(shown.id) for shown in server.shown(papers)] == [outcome.message_id]

    async def test_a_server_that_cannot_be_reached_got_nothing(self, messenger, papers):
        async with discord_messenger("x", api_url="http://127.0.0.1:9/api/v10") as unreachable:
            outcome = await unreachable.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, NotSent)
        assert not outcome.limited

    async def test_a_silent_server_is_given_up_in_time(
        self, server, messenger, papers, monkeypatch
    ):
        monkeypatch.setattr("adapters.discord.post.ANSWER_WITHIN_S", 0.05)
        server.desk.faults.plan("create_message", faults.Hang(0.3, committed=True))
        async with discord_messenger(server.token, api_url=server.api_url) as hasty:
            outcome = await hasty.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, Unclear)

    @pytest.mark.parametrize(
        ("rights", "advice"),
        [
            (Permission(0), "View Channel"),
            (Permission.VIEW_CHANNEL, "Send Messages"),
        ],
    )
    async def test_a_missing_right_closes_the_channel_and_is_named(
        self, server, messenger, lab, rights, advice
    ):
        there = server.add_channel(lab, bot_permissions=rights)
        outcome = await messenger.post(address(there), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, ChannelGone)
        assert advice in outcome.reason

    async def test_an_answer_without_the_right_to_read_comes_as_a_message_of_its_own(
        self, server, messenger, lab
    ):
        rights = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        there = server.add_channel(lab, bot_permissions=rights)
        card = await messenger.post(address(there), page_of(messenger), marker="card")
        outcome = await messenger.post(
            address(there), page_of(messenger), marker=MARKER, thread=card.message_id
        )
        assert isinstance(outcome, Posted)
        assert len(server.shown(there)) == 2

    async def test_an_edit_notifies_nobody_either(self, server, messenger, papers):
        posted = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        page = page_of(messenger, heading="@everyone")
        assert await messenger.edit(address(papers), posted.message_id, page) == posted
        (asked,) = server.asked("update_message")
        assert asked["allowed_mentions"] == {"parse": []}
        assert server.messages.pings == []

    async def test_a_person_who_takes_no_messages_closes_that_conversation_alone(
        self, server, messenger, lab, papers
    ):
        anna = server.add_member(lab, "anna")
        anna.takes_dms = False
        to_anna = Channel(Platform.DISCORD, str(lab.id), f"@{anna.id}")
        outcome = await messenger.post(to_anna, page_of(messenger), marker=MARKER)
        assert isinstance(outcome, ChannelGone)
        assert isinstance(
            await messenger.post(address(papers), page_of(messenger), marker=MARKER), Posted
        )

    async def test_a_deleted_channel_is_gone(self, server, messenger, papers):
        await server.delete_channel(papers)
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, ChannelGone)
        assert "deleted" in outcome.reason

    async def test_a_channel_id_that_is_none_reaches_no_other_route(self, server, messenger):
        for wrong in ("../users/@me", "1/messages/2", "", "٣"):
            there = Channel(Platform.DISCORD, "1", wrong)
            outcome = await messenger.post(there, page_of(messenger), marker=MARKER)
            assert isinstance(outcome, ChannelGone)
        assert {one.operation for one in server.desk.asked} == {"create_message"}

    async def test_a_form_discord_does_not_take_is_named(self, server, messenger, papers):
        text = {"type": 10, "content": "x" * 4001}
        page = {"flags": COMPONENTS_V2, "components": [text]}
        outcome = await messenger.post(address(papers), page, marker=MARKER)
        assert isinstance(outcome, Refused)
        assert "components" in outcome.reason
        server.violations.clear()

    async def test_a_dead_token_is_asked_about_once(self, server, messenger, papers):
        async with discord_messenger("dead", api_url=server.api_url) as dead:
            outcomes = [
                await dead.post(address(papers), page_of(messenger), marker=MARKER)
                for _ in range(3)
            ]
        assert all(isinstance(outcome, WorkspaceGone) for outcome in outcomes)
        assert len(server.asked("create_message")) == 1
        assert "dead" not in str(outcomes[0])

    async def test_being_asked_to_slow_down_is_no_failure(self, server, messenger, papers):
        server.desk.faults.plan("create_message", faults.Limited(2.5))
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, NotSent)
        assert (outcome.wait, outcome.limited) == (timedelta(seconds=2.5), True)

    async def test_a_blocked_address_waits_long(self, server, messenger, papers):
        server.desk.faults.plan("create_message", faults.Limited(1, via=False))
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        assert isinstance(outcome, NotSent)
        assert not outcome.limited
        assert (outcome.wait or timedelta(0)) >= timedelta(minutes=10)

    @pytest.mark.parametrize("code", MEANINGS)
    def test_every_code_of_the_table_has_an_outcome_and_a_source(self, code):
        meaning = MEANINGS[code]
        outcome = outcome_of(Answer(400, {"code": code, "message": "x"}))
        expected = {
            Kind.CHANNEL: ChannelGone,
            Kind.WORKSPACE: WorkspaceGone,
            Kind.CONTENT: Refused,
            Kind.LATER: NotSent,
        }[meaning.kind]
        assert isinstance(outcome, expected)
        assert meaning.advice in str(outcome)
        assert meaning.source in {"[codes]", "[limits]", "[seen]"}

    @pytest.mark.parametrize(
        ("status", "body", "expected"),
        [
            (403, {"code": 60003, "message": "2FA"}, ChannelGone),
            (404, None, ChannelGone),
            (403, None, NotSent),
            (400, {"message": "?"}, Refused),
            (400, None, Refused),
            (413, [], Refused),
            (520, {"code": 10003}, Unclear),
            (429, {"retry_after": "nonsense"}, NotSent),
            (429, {"retry_after": -5, "global": True}, NotSent),
            (429, {"retry_after": 1e300}, NotSent),
            (400, {"code": "10003", "errors": {"a": {"_errors": ["x"]}}}, Refused),
        ],
    )
    def test_unknown_answers_have_an_outcome_too(self, status, body, expected):
        outcome = outcome_of(Answer(status, body))
        assert isinstance(outcome, expected)
        if isinstance(outcome, NotSent):
            assert timedelta(0) < (outcome.wait or timedelta(0)) <= timedelta(hours=6)


class TestReadingBack:
    async def test_what_was_posted_is_found(self, server, messenger, papers):
        before = just_now(server)
        posted = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        await messenger.post(address(papers), page_of(messenger), marker="another")
        assert await messenger.find(address(papers), marker=MARKER, since=before) == posted
        assert await messenger.find(address(papers), marker="third", since=before) == Absent()

    async def test_it_is_found_long_after_the_nonce_is_forgotten(self, server, messenger, papers):
        before = just_now(server)
        posted = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        server.clock.advance(3 * 24 * 3600)
        assert await messenger.find(address(papers), marker=MARKER, since=before) == posted

    async def test_it_is_found_below_what_others_said_since(self, server, messenger, papers):
        before = just_now(server)
        anna = server.add_member(server.world.guilds[papers.guild_id], "anna")
        for number in range(150):
            server.messages.say(papers, anna, {"content": str(number)})
        posted = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        for number in range(150):
            server.messages.say(papers, anna, {"content": str(number)})
        assert await messenger.find(address(papers), marker=MARKER, since=before) == posted
        assert await messenger.find(address(papers), marker="other", since=before) == Absent()

    async def test_a_person_who_copies_the_reference_is_not_believed(
        self, server, messenger, papers
    ):
        anna = server.add_member(server.world.guilds[papers.guild_id], "anna")
        server.messages.say(papers, anna, {"content": f"-# {reference(MARKER)}"})
        found = await messenger.find(address(papers), marker=MARKER, since=just_now(server))
        assert found == Absent()

    async def test_without_the_right_to_read_it_does_not_claim_absence(
        self, server, messenger, lab
    ):
        rights = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        there = server.add_channel(lab, bot_permissions=rights)
        before = just_now(server)
        await messenger.post(address(there), page_of(messenger), marker=MARKER)
        found = await messenger.find(address(there), marker=MARKER, since=before)
        assert isinstance(found, Unreadable)
        assert "Read Message History" in found.reason

    async def test_without_it_too_a_channel_in_which_nothing_was_said_since_holds_no_post(
        self, server, messenger, lab
    ):
        rights = Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES
        there = server.add_channel(lab, bot_permissions=rights)
        assert await messenger.find(address(there), marker=MARKER, since=just_now(server)) == (
            Absent()
        )
        await messenger.post(address(there), page_of(messenger), marker="old")
        server.clock.advance(3600)
        assert await messenger.find(address(there), marker=MARKER, since=just_now(server)) == (
            Absent()
        )

    async def test_an_older_message_proves_that_reading_works(self, server, messenger, papers):
        await messenger.post(address(papers), page_of(messenger), marker="old")
        server.clock.advance(3600)
        found = await messenger.find(address(papers), marker=MARKER, since=just_now(server))
        assert found == Absent()

    @pytest.mark.parametrize(
        ("fault", "meaning"),
        [
            (faults.Status(502), Unanswered),
            (faults.Reset(), Unanswered),
            (faults.Limited(30), Unanswered),
            (faults.Garbage(), Unanswered),
            (faults.Code(50001), Unreadable),
        ],
    )
    async def test_trouble_while_reading_is_no_absence_and_may_pass_or_not(
        self, server, messenger, papers, fault, meaning
    ):
        # Twice: aiohttp asks again by itself when a connection it kept turns out dead.
        server.desk.faults.plan("list_messages", fault, times=2)
        found = await messenger.find(address(papers), marker=MARKER, since=just_now(server))
        assert isinstance(found, meaning)


class TestPace:
    @pytest.mark.parametrize("taken", [True, False], ids=["posted", "refused"])
    async def test_a_used_up_channel_asks_to_be_left_alone(self, taken):
        async with DiscordServer(limits=Limits(per_route={"create_message": (2, 0.3)})) as server:
            place = server.add_channel(server.add_guild())
            async with discord_messenger(server.token, api_url=server.api_url) as messenger:
                page = page_of(messenger)
                page |= {} if taken else {"components": [{"type": 10, "content": "x" * 5_000}]}
                holds = [
                    (await messenger.post(address(place), page, marker=marker)).hold
                    for marker in ("1", "2")
                ]
            assert holds[0] is None
            assert MARGIN < (holds[1] or timedelta(0)) <= timedelta(seconds=0.3) + MARGIN

    async def test_a_global_limit_reaches_everything(self, server, messenger, papers):
        server.desk.faults.plan("create_message", faults.Limited(2, scope="global"))
        outcome = await messenger.post(address(papers), page_of(messenger), marker=MARKER)
        assert (outcome.wait, outcome.reach) == (timedelta(seconds=2), Reach.PLATFORM)

    def test_headers_without_sense_hold_nothing(self):
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "soon"}
        assert hold(headers) == timedelta(0)
        assert hold({"X-RateLimit-Remaining": "1", "X-RateLimit-Reset-After": "9"}) is None

    def test_a_bucket_is_left_alone_a_little_longer_than_its_rounded_header_says(self):
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "4.996"}
        assert hold(headers) == timedelta(seconds=4.996) + MARGIN
