"""Posting to Slack, against the local Slack server, with the stock SDK."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack.client import new_client
from adapters.slack.outcomes import CLASSES, MAY_NOT_LOOK, MEANINGS, outcome_of, retry_after
from adapters.slack.post import SlackMessenger
from bot.model.delivery import (
    Absent,
    ChannelGone,
    NotSent,
    Posted,
    Refused,
    Unanswered,
    Unclear,
    Unreadable,
)
from bot.model.subscription import Channel, Platform
from tests.contracts.messenger import MARKER, PROMISES, Trouble, a_digest
from tests.servers.slack import Channel as SlackChannel
from tests.servers.slack import SlackServer, faults


class SlackStage:
    """The real messenger in front of the local Slack."""

    limited_for = timedelta(seconds=30)

    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self.messenger = SlackMessenger(new_client(server.bot_token, server.api_url))
        self.channel = Channel(Platform.SLACK, server.home.id, server.general.id)
        self.user = next(iter(server.home.users))
        self.person = Channel(Platform.SLACK, server.home.id, f"@{self.user}")

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), tz=UTC)

    @property
    def place(self) -> SlackChannel:
        return self.server.general

    def visible(self) -> list[str]:
        return [message.shown for message in self.place.messages]

    def answers(self) -> list[str]:
        return [message.shown for message in self.place.messages if message.thread_ts]

    def told(self) -> list[str]:
        direct = self.server.home.direct_channel(self.user, self.server.ids)
        return [message.shown for message in direct.messages]

    async def break_with(self, trouble: Trouble) -> None:
        post = "chat.postMessage"
        match trouble:
            case Trouble.NO_CONNECTION:
                client = new_client(self.server.bot_token, "http://127.0.0.1:9/api/")
                self.messenger = SlackMessenger(client)
            case Trouble.LOST_BEFORE:
                self.server.break_with(post, faults.reset(committed=False))
            case Trouble.LOST_AFTER:
                self.server.break_with(post, faults.reset(committed=True))
            case Trouble.SERVER_ERROR:
                self.server.break_with(post, faults.server_error(503))
            case Trouble.WEB_PAGE:
                self.server.break_with(post, faults.html())
            case Trouble.LIMITED:
                self.server.break_with(post, faults.limited(30))
            case Trouble.CHANNEL_GONE:
                self.place.archived = True
            case Trouble.TOKEN_REVOKED:
                self.server.home.token_error = "token_revoked"
            case Trouble.CONTENT_REFUSED:
                self.server.break_with(post, faults.error("invalid_blocks", times=2))
            case Trouble.EDIT_LOST_AFTER:
                self.server.break_with("chat.update", faults.reset(committed=True))
            case Trouble.EDIT_LIMITED:
                self.server.break_with("chat.update", faults.limited(30))
            case Trouble.UNREADABLE:
                self.server.home.scopes.discard("channels:history")

    async def mend(self) -> None:
        self.server.mend()


@pytest.fixture
async def slack():
    async with SlackServer(channel_pace=None) as server:
        yield server
        assert server.violations == []


@pytest.fixture
def stage(slack):
    return SlackStage(slack)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
async def test_slack_keeps_what_every_messenger_promises(stage, promise):
    await promise(stage)


async def test_a_post_unfurls_no_link_and_carries_an_opaque_id(stage):
    (page,) = stage.messenger.pages(a_digest())
    await stage.messenger.post(stage.channel, page, marker=MARKER)
    (message,) = stage.place.messages
    assert message.options == {"unfurl_links": False, "unfurl_media": False}
    assert message.metadata == {
        "event_type": "paperwire_delivery",
        "event_payload": {"delivery": MARKER},
    }


async def test_the_plain_form_of_a_page_is_its_text_without_blocks(stage):
    (page,) = stage.messenger.pages(a_digest())
    plain = stage.messenger.plain(page)
    assert isinstance(await stage.messenger.post(stage.channel, plain, marker=MARKER), Posted)
    (message,) = stage.place.messages
    assert message.blocks == []
    assert "Paper number 2" in message.shown
    assert stage.messenger.plain(plain) is None


async def test_the_place_of_a_bad_block_is_named(stage):
    page = {"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]}
    outcome = await stage.messenger.post(stage.channel, page, marker=MARKER)
    assert isinstance(outcome, Refused)
    assert "[json-pointer:/blocks/0/text/text]" in outcome.reason


async def test_half_an_answer_is_unclear(stage):
    stage.server.break_with("chat.postMessage", faults.garbled())
    outcome = await stage.messenger.post(stage.channel, {"text": "hi"}, marker=MARKER)
    assert isinstance(outcome, Unclear)
    assert stage.visible() == ["hi"]


async def test_a_silent_server_is_unclear_after_the_time_limit(slack):
    slack.break_with("chat.postMessage", faults.hang(committed=True))
    messenger = SlackMessenger(new_client(slack.bot_token, slack.api_url, seconds=1))
    channel = Channel(Platform.SLACK, slack.home.id, slack.general.id)
    assert isinstance(await messenger.post(channel, {"text": "hi"}, marker=MARKER), Unclear)


async def test_an_error_nobody_knows_is_tried_again_later(stage):
    stage.server.break_with("chat.postMessage", faults.error("brand_new_error"))
    outcome = await stage.messenger.post(stage.channel, {"text": "hi"}, marker=MARKER)
    assert outcome == NotSent("brand_new_error")


async def test_reading_back_looks_through_several_pages(stage):
    stage.server.history_page = 2
    await stage.messenger.post(stage.channel, {"text": "first"}, marker=MARKER)
    for number in range(7):
        stage.server.people.say(f"{number}")
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert isinstance(found, Posted)


async def test_reading_back_gives_up_on_a_flood_without_claiming_absence(stage):
    stage.server.history_page = 1
    for number in range(9):
        stage.server.people.say(f"{number}")
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert isinstance(found, Unreadable)


async def test_a_paper_title_cannot_pass_for_a_marker(stage):
    stage.server.people.say(MARKER)
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert found == Absent()


@pytest.mark.parametrize(
    "fault",
    [
        faults.server_error(times=None),
        faults.reset(committed=False, times=None),
        faults.html(times=None),
        faults.garbled(times=None),
    ],
)
async def test_reading_back_never_raises(stage, fault):
    stage.server.break_with("conversations.history", fault)
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert isinstance(found, Unanswered)


async def test_a_limit_on_reading_back_says_when_to_look_again(stage):
    stage.server.break_with("conversations.history", faults.limited(60))
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert found == Unanswered("ratelimited", wait=timedelta(seconds=60))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30), ("0", 1), ("99999999", 6 * 3600), ("-5", None), ("soon", None), (None, None)],
)
def test_a_wait_is_believed_only_within_reason(value, seconds):
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after(value) == expected


def test_a_channel_problem_tells_a_person_what_to_do():
    outcome = outcome_of("not_in_channel", None)
    assert isinstance(outcome, ChannelGone)
    assert "/invite" in outcome.reason


@pytest.mark.corpus
def test_errors_that_forbid_reading_back_are_listed_by_slack(corpus: Path):
    folder = corpus / "specs" / "slack-api-ref" / "methods"
    listed = {
        error
        for method in ("conversations.history", "conversations.replies")
        for error in json.loads((folder / f"{method}.json").read_text())["errors"]
    }
    assert listed >= MAY_NOT_LOOK


@pytest.mark.corpus
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_every_error_slack_lists_for_posting_has_a_meaning(corpus: Path, method: str):
    file = corpus / "specs" / "slack-api-ref" / "methods" / f"{method}.json"
    listed = json.loads(file.read_text())["errors"]
    assert [error for error in listed if error not in MEANINGS] == []


def test_no_error_has_two_meanings():
    assert len(MEANINGS) == sum(len(one.errors) for one in CLASSES)
