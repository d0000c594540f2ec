"""What every Messenger promises, whatever the platform: one suite for fakes and real adapters.

A stage is a messenger together with a platform that can be made to fail and that tells what became
visible. Use it like this:

    @pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
    async def test_a_messenger_keeps_its_promises(stage, promise):
        await promise(stage)
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Protocol

from bot.model.delivery import (
    Absent,
    ChannelGone,
    NotSent,
    Payload,
    Posted,
    Refused,
    Unclear,
    Unreadable,
    WorkspaceGone,
)
from bot.model.last_look import permitted
from bot.model.message import Action, Card, Digest, Listing, Message, Notice, Tone
from bot.model.subscription import Channel
from bot.ports import Messenger
from tests.builders import a_card as built

MARKER = "p7f3c2a9d1e4b5a6c8d0e1f2a"


class Trouble(Enum):
    """Ways in which the next call fails."""

    NO_CONNECTION = auto()
    LOST_BEFORE = auto()
    LOST_AFTER = auto()
    SERVER_ERROR = auto()
    WEB_PAGE = auto()
    LIMITED = auto()
    CHANNEL_GONE = auto()
    TOKEN_REVOKED = auto()
    CONTENT_REFUSED = auto()
    UNREADABLE = auto()
    EDIT_LOST_AFTER = auto()
    EDIT_LIMITED = auto()


class Stage(Protocol):
    """A messenger and the world around it."""

    messenger: Messenger
    channel: Channel
    person: Channel
    limited_for: timedelta

    def now(self) -> datetime:
        """The time of the platform."""
        ...

    def visible(self) -> list[str]:
        """The words of every message standing in the channel, oldest first."""
        ...

    def answers(self) -> list[str]:
        """The words of every message that answers another one, oldest first."""
        ...

    def told(self) -> list[str]:
        """The words of every direct message to `person`, oldest first."""
        ...

    async def break_with(self, trouble: Trouble) -> None:
        """Make the next call of the messenger fail like this."""
        ...

    async def mend(self) -> None:
        """Undo a trouble that lasts."""
        ...


def a_card(number: int = 1, **changes: object) -> Card:
    """A card that says which it is."""
    about: dict[str, object] = {
        "paper": f"arxiv:2403.{number:05d}",
        "title": f"Paper number {number}",
        "url": f"https://arxiv.org/abs/2403.{number:05d}",
        "byline": "Emmy Noether, David Hilbert",
        "summary": "We count things, and they are many.",
        "facts": ("math.RA", "3 upvotes"),
        "why": ("matched “number” in the title",),
    }
    return built(**(about | changes))


def a_digest(count: int = 2) -> Digest:
    """A digest of so many cards."""
    cards = tuple(a_card(number) for number in range(1, count + 1))
    return Digest(heading=f"numbers: {count} new papers", cards=cards, footer="Subscription “n”")


async def a_posted_page_is_visible_once(stage: Stage) -> None:
    page = one_page(stage)
    outcome = await stage.messenger.post(stage.channel, page, marker=MARKER)
    assert isinstance(outcome, Posted)
    assert outcome.message_id
    assert len(stage.visible()) == 1
    assert "Paper number 1" in stage.visible()[0]


async def a_posted_page_is_found_by_its_marker(stage: Stage) -> None:
    before = stage.now()
    sent = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=before)
    assert found == sent
    other = await stage.messenger.find(stage.channel, marker="another", since=before)
    assert other == Absent()


async def a_page_lost_before_the_platform_had_it_is_not_found(stage: Stage) -> None:
    before = stage.now()
    await stage.break_with(Trouble.LOST_BEFORE)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Unclear)
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=before)
    assert found == Absent()


async def a_page_whose_receipt_was_lost_stands_once_and_is_found(stage: Stage) -> None:
    before = stage.now()
    await stage.break_with(Trouble.LOST_AFTER)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Unclear)
    assert len(stage.visible()) == 1
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=before)
    assert isinstance(found, Posted)


async def no_connection_means_not_sent(stage: Stage) -> None:
    await stage.break_with(Trouble.NO_CONNECTION)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, NotSent)
    assert not outcome.limited


async def a_server_error_is_unclear(stage: Stage) -> None:
    await stage.break_with(Trouble.SERVER_ERROR)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Unclear)


async def a_web_page_instead_of_an_answer_is_unclear(stage: Stage) -> None:
    await stage.break_with(Trouble.WEB_PAGE)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Unclear)


async def a_limit_is_no_failure_and_says_how_long_to_wait(stage: Stage) -> None:
    await stage.break_with(Trouble.LIMITED)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, NotSent)
    assert outcome.limited
    assert outcome.wait == stage.limited_for
    assert stage.visible() == []


async def a_channel_that_is_gone_is_told_apart(stage: Stage) -> None:
    await stage.break_with(Trouble.CHANNEL_GONE)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, ChannelGone)


async def a_revoked_token_is_told_apart(stage: Stage) -> None:
    await stage.break_with(Trouble.TOKEN_REVOKED)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, WorkspaceGone)


async def content_the_platform_never_takes_is_told_apart(stage: Stage) -> None:
    await stage.break_with(Trouble.CONTENT_REFUSED)
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Refused)


async def a_channel_that_may_not_be_read_is_unreadable(stage: Stage) -> None:
    await stage.break_with(Trouble.UNREADABLE)
    found = await stage.messenger.find(stage.channel, marker=MARKER, since=stage.now())
    assert isinstance(found, Unreadable)


async def after_every_trouble_the_next_page_gets_through(stage: Stage) -> None:
    for trouble in (Trouble.SERVER_ERROR, Trouble.LIMITED, Trouble.LOST_BEFORE):
        await stage.break_with(trouble)
        await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
        await stage.mend()
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Posted)


async def a_long_digest_comes_complete_and_in_order(stage: Stage) -> None:
    for number, page in enumerate(stage.messenger.pages(a_digest(40))):
        outcome = await stage.messenger.post(stage.channel, page, marker=f"{MARKER[:20]}-{number}")
        assert isinstance(outcome, Posted)
    everything = "\n".join(stage.visible())
    places = [everything.index(f"Paper number {number}\n") for number in range(1, 41)]
    assert places == sorted(places)


async def every_kind_of_message_can_be_posted(stage: Stage) -> None:
    messages: tuple[Message, ...] = (
        a_digest(1),
        Digest(heading="nothing", cards=(), note="No paper matched today."),
        Listing(heading="found", cards=(a_card(),), total=9, note="9 papers", footer="page 1"),
        Listing(heading="nothing found", cards=(), total=0),
        Notice(
            heading="The filter does not parse.",
            lines=("Something is missing after OR.",),
            code="a OR\n    ^",
            tone=Tone.ERROR,
            actions=(Action("Help", "help subscribe"),),
        ),
    )
    for number, message in enumerate(messages):
        for page in stage.messenger.pages(message):
            outcome = await stage.messenger.post(stage.channel, page, marker=f"kind-{number}")
            assert isinstance(outcome, Posted), (message, outcome)


async def an_edit_shows_the_new_page_instead_of_the_old_one(stage: Stage) -> None:
    message_id = await posted(stage)
    for _ in range(2):  # twice is as good as once
        outcome = await stage.messenger.edit(stage.channel, message_id, one_page(stage, 7))
        assert outcome == Posted(message_id)
        (shown,) = stage.visible()
        assert "Paper number 7" in shown
        assert "Paper number 1\n" not in shown


async def an_edit_of_a_message_that_is_not_there_harms_nothing_else(stage: Stage) -> None:
    outcome = await stage.messenger.edit(stage.channel, "1700000000.000100", one_page(stage))
    assert isinstance(outcome, Refused)
    assert stage.visible() == []


async def an_edit_whose_receipt_was_lost_may_simply_be_made_again(stage: Stage) -> None:
    message_id = await posted(stage)
    await stage.break_with(Trouble.EDIT_LOST_AFTER)
    page = one_page(stage, 7)
    assert isinstance(await stage.messenger.edit(stage.channel, message_id, page), Unclear)
    assert await stage.messenger.edit(stage.channel, message_id, page) == Posted(message_id)
    assert len(stage.visible()) == 1


async def a_limit_on_edits_says_how_long_to_wait(stage: Stage) -> None:
    message_id = await posted(stage)
    await stage.break_with(Trouble.EDIT_LIMITED)
    outcome = await stage.messenger.edit(stage.channel, message_id, one_page(stage, 7))
    assert isinstance(outcome, NotSent)
    assert outcome.limited
    assert outcome.wait == stage.limited_for


async def an_answer_stands_with_its_message_and_is_found(stage: Stage) -> None:
    before = stage.now()
    message_id = await posted(stage)
    outcome = await stage.messenger.post(
        stage.channel, one_page(stage, 7), marker="answer", thread=message_id
    )
    assert isinstance(outcome, Posted)
    (answer,) = stage.answers()
    assert "Paper number 7" in answer
    found = await stage.messenger.find(
        stage.channel, marker="answer", since=before, thread=message_id
    )
    assert found == outcome


async def a_person_is_told_directly_and_what_was_said_can_be_changed(stage: Stage) -> None:
    before = stage.now()
    outcome = await stage.messenger.post(stage.person, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Posted)
    (told,) = stage.told()
    assert "Paper number 1" in told
    assert stage.visible() == []
    assert await stage.messenger.find(stage.person, marker=MARKER, since=before) == outcome
    changed = await stage.messenger.edit(stage.person, outcome.message_id, one_page(stage, 7))
    assert changed == outcome
    (told,) = stage.told()
    assert "Paper number 7" in told


async def posted(stage: Stage) -> str:
    """The id of a message that stands in the channel."""
    outcome = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(outcome, Posted)
    return outcome.message_id


def one_page(stage: Stage, first: int = 1) -> Payload:
    """The only page of a small digest."""
    cards = tuple(a_card(number) for number in (first, first + 1))
    (page,) = stage.messenger.pages(
        Digest(heading="numbers: 2 new papers", cards=cards, footer="Subscription “n”")
    )
    return page


async def nothing_is_written_once_its_time_is_over(stage: Stage) -> None:
    """The lease was good when the request was begun, and is over when it would be written."""
    sent = await stage.messenger.post(stage.channel, one_page(stage), marker=MARKER)
    assert isinstance(sent, Posted)
    stood = stage.visible()
    until = stage.now()
    with permitted(until, lambda: until + timedelta(seconds=1)) as permit:
        late = await stage.messenger.post(stage.channel, one_page(stage, 7), marker="another")
        assert isinstance(late, Unclear)
        late = await stage.messenger.post(stage.person, one_page(stage, 7), marker="another")
        assert isinstance(late, Unclear | NotSent)
        late = await stage.messenger.edit(stage.channel, sent.message_id, one_page(stage, 7))
        assert isinstance(late, Unclear)
    assert permit.withheld
    assert stage.visible() == stood
    assert stage.told() == []
    with permitted(until, lambda: until) as permit:
        in_time = await stage.messenger.post(stage.channel, one_page(stage, 7), marker="another")
    assert isinstance(in_time, Posted)
    assert not permit.withheld


PROMISES: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    a_posted_page_is_visible_once,
    a_posted_page_is_found_by_its_marker,
    a_page_lost_before_the_platform_had_it_is_not_found,
    a_page_whose_receipt_was_lost_stands_once_and_is_found,
    no_connection_means_not_sent,
    a_server_error_is_unclear,
    a_web_page_instead_of_an_answer_is_unclear,
    a_limit_is_no_failure_and_says_how_long_to_wait,
    a_channel_that_is_gone_is_told_apart,
    a_revoked_token_is_told_apart,
    content_the_platform_never_takes_is_told_apart,
    a_channel_that_may_not_be_read_is_unreadable,
    after_every_trouble_the_next_page_gets_through,
    a_long_digest_comes_complete_and_in_order,
    every_kind_of_message_can_be_posted,
    an_edit_shows_the_new_page_instead_of_the_old_one,
    an_edit_of_a_message_that_is_not_there_harms_nothing_else,
    an_edit_whose_receipt_was_lost_may_simply_be_made_again,
    a_limit_on_edits_says_how_long_to_wait,
    an_answer_stands_with_its_message_and_is_found,
    a_person_is_told_directly_and_what_was_said_can_be_changed,
    nothing_is_written_once_its_time_is_over,
)
