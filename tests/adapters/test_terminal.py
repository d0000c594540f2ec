"""The terminal: how messages look in plain text, and that nothing in a paper can steer it."""

import asyncio
import io
import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.layout import COLUMNS, address, columns, wrapped
from adapters.terminal.post import REMEMBERED, TerminalMessenger
from adapters.terminal.render import pages, render
from bot.model.delivery import Absent, NotSent, Posted, Refused, Unclear
from bot.model.message import Action, Digest, Link, Listing, Notice, Tone
from bot.model.subscription import Channel, Platform
from tests.builders import a_card
from tests.contracts import messenger as contract
from tests.contracts.messages import BARE, MESSAGES, ORDINARY

LAB = Channel(Platform.TERMINAL, "", "lab")
START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_digest_says_everything_in_words():
    text = render(MESSAGES["digest"])

    for words in (
        "1. Aligning small models with the patience of large ones",
        "2. On rings",
        "Machine-written summary: A small model",
        "Why: matched “align” in the title",
        "1 more paper matched and had no room here.",
        "stop it with /papers unsubscribe alignment",
    ):
        assert words in text


def test_ten_cards_are_numbered_in_one_column():
    text = render(Digest(heading="ten", cards=(BARE,) * 10))

    assert " 9. On rings\n    https://" in text
    assert "10. On rings\n    https://" in text


def test_a_caret_stays_below_the_column_it_points_at():
    text = render(Notice(heading="x", code="a  \u200bOR\n    ^", tone=Tone.ERROR))

    filter_row, caret_row = text.splitlines()[-2:]
    assert filter_row.index("OR") == caret_row.index("^")


def test_missing_parts_leave_no_empty_lines():
    nothing = a_card(paper="arxiv:2611.00003", title="  ", url="")

    assert render(Listing(heading="one", cards=(nothing,), total=1)) == "one\n\n(no title)"
    assert render(Digest(heading="none", cards=())) == "none"


def test_a_monstrous_paper_stays_readable():
    monster = a_card(
        paper="arxiv:2611.00004",
        title="rings " * 8_000,
        url="https://arxiv.org/abs/2611.00004",
        byline=", ".join(f"Author {n}" for n in range(2_000)),
        summary="s" * 1_000_000,
        facts=("x" * 10_000,),
        why=("w" * 10_000,),
    )
    text = render(Digest(heading="h" * 5_000, cards=(monster,)))

    assert len(text) < 6_000
    assert max(map(len, text.splitlines())) <= COLUMNS


HARMLESS = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]*")
anything = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9b\r\n\x07\u202e\u2028\ud800 a👩\u200d🔬漢"))
)
cards = st.builds(
    a_card,
    paper=anything,
    title=anything,
    url=anything,
    byline=anything,
    summary=anything,
    facts=st.tuples(anything),
    why=st.tuples(anything),
    links=st.tuples(st.builds(Link, anything, anything)),
    actions=st.tuples(st.builds(Action, anything, anything)),
)


@given(anything, st.lists(cards, max_size=3).map(tuple), anything)
def test_no_text_can_steer_the_terminal_or_leave_its_columns(heading, shown, other):
    for message in (
        Digest(heading=heading, cards=shown, note=other, footer=other),
        Listing(heading=heading, cards=shown, actions=(Action(other, other),)),
        Notice(heading=heading, cards=shown, lines=(other,), code=other),
    ):
        text = render(message)
        assert HARMLESS.fullmatch(text)
        text.encode()


@given(anything)
def test_lines_end_before_the_last_column(text):
    for row in wrapped(text, first="1. ", rest="   "):
        assert columns(row) <= COLUMNS or "://" in row


def test_wide_characters_count_twice():
    rows = wrapped("漢" * 100)

    assert [columns(row) for row in rows] == [COLUMNS, COLUMNS, 200 - 2 * COLUMNS]


def test_a_long_address_stays_whole():
    long = "https://example.org/" + "x" * 200

    assert wrapped(f"code: {long}", first="   ", rest="   ") == ["   code:", f"   {long}"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://arxiv.org/abs/2611.01234", "https://arxiv.org/abs/2611.01234"),
        ("http://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c#d"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.org/\x1b]8;;evil\x07x", "https://example.org/]8;;evilx"),
        ("javascript:alert(1)", ""),
        ("https://arxiv.org@evil.example/", ""),
        ("https://example.org:port/", ""),
        ("https://", ""),
        ("https://x.org/" + "x" * 3_000, ""),
        ("", ""),
    ],
)
def test_only_plain_web_addresses_are_shown(given, shown):
    assert address(given) == shown


class BrokenScreen(io.StringIO):
    """A stream that fails as told."""

    def __init__(self):
        super().__init__()
        self.on_write = None
        self.on_flush = None

    def write(self, text):
        if self.on_write:
            raise self.on_write
        return super().write(text)

    def flush(self):
        if self.on_flush:
            raise self.on_flush
        super().flush()


class Stage:
    """The terminal for the suite every messenger passes."""

    channel = LAB
    limited_for = timedelta(0)

    def __init__(self):
        self.screen = BrokenScreen()
        self.messenger = TerminalMessenger(self.screen)

    def now(self):
        return START

    def visible(self):
        return [part for part in self.screen.getvalue().split("── terminal:lab ")[1:] if part]

    async def break_with(self, trouble):
        assert trouble is contract.Trouble.NO_CONNECTION
        self.screen.on_write = BrokenPipeError()

    async def mend(self):
        self.screen.on_write = None


KEPT = (
    contract.a_posted_page_is_visible_once,
    contract.a_posted_page_is_found_by_its_marker,
    contract.no_connection_means_not_sent,
    contract.a_long_digest_comes_complete_and_in_order,
    contract.every_kind_of_message_can_be_posted,
)


@pytest.mark.parametrize("promise", KEPT, ids=lambda promise: promise.__name__)
async def test_the_terminal_keeps_the_promises_that_make_sense_for_it(promise):
    await promise(Stage())


async def test_a_page_stands_below_the_name_of_its_channel():
    screen = io.StringIO()
    [page] = pages(MESSAGES["digest-of-one"])

    await TerminalMessenger(screen).post(LAB, page, marker="m")

    first, second, *_ = screen.getvalue().splitlines()
    assert first == "── terminal:lab " + "─" * 72
    assert second == "rings: 1 new paper"


async def test_a_page_that_was_not_flushed_does_not_count_as_posted():
    screen = BrokenScreen()
    terminal = TerminalMessenger(screen)
    [page] = pages(MESSAGES["digest-of-one"])

    screen.on_flush = OSError(28, "No space left on device")
    outcome = await terminal.post(LAB, page, marker="m")
    assert outcome == Unclear("writing failed: No space left on device")
    assert await terminal.find(LAB, marker="m", since=START) == Absent()

    screen.on_flush = None
    assert isinstance(await terminal.post(LAB, page, marker="m"), Posted)


async def test_a_terminal_says_what_an_answer_is_about_and_shows_a_changed_message_anew():
    screen = io.StringIO()
    terminal = TerminalMessenger(screen)
    await terminal.post(LAB, {"text": "a card"}, marker="1")

    await terminal.post(LAB, {"text": "an answer"}, marker="2", thread="1")
    assert await terminal.edit(LAB, "1", {"text": "a new card"}) == Posted("1")

    lines = [line.rstrip("─ ") for line in screen.getvalue().splitlines() if line]
    assert lines == [
        "── terminal:lab", "a card",
        "── terminal:lab, about message 1", "an answer",
        "── terminal:lab, message 1 as it is now", "a new card",
    ]  # fmt: skip


async def test_a_closed_terminal_is_nobodys_fault():
    screen = io.StringIO()
    screen.close()

    outcome = await TerminalMessenger(screen).post(LAB, {"text": "x"}, marker="m")

    assert outcome == NotSent("nobody reads this terminal any more")


async def test_a_page_rendered_for_another_platform_is_refused():
    outcome = await TerminalMessenger(io.StringIO()).post(LAB, {"blocks": []}, marker="m")

    assert isinstance(outcome, Refused)


async def test_markers_belong_to_their_channel():
    terminal = TerminalMessenger(io.StringIO())
    await terminal.post(LAB, {"text": "x"}, marker="m")

    other = Channel(Platform.TERMINAL, "", "other")
    assert await terminal.find(other, marker="m", since=START) == Absent()


async def test_a_terminal_that_knows_few_letters_still_shows_the_page():
    raw = io.BytesIO()
    screen = io.TextIOWrapper(raw, encoding="ascii")

    outcome = await TerminalMessenger(screen).post(LAB, {"text": "Gödel"}, marker="m")

    assert isinstance(outcome, Posted)
    assert b"G?del" in raw.getvalue()


async def test_a_held_terminal_does_not_hold_up_the_bot():
    held = threading.Event()

    class HeldScreen(io.StringIO):
        def write(self, text):
            assert held.wait(5)
            return super().write(text)

    screen = HeldScreen()
    terminal = TerminalMessenger(screen)
    async with asyncio.TaskGroup() as tasks:
        posting = [
            tasks.create_task(terminal.post(LAB, {"text": f"page {n}"}, marker=str(n)))
            for n in (1, 2)
        ]
        await asyncio.sleep(0.02)
        assert not any(task.done() for task in posting)
        held.set()

    assert [task.result() for task in posting] == [Posted("1"), Posted("2")]
    assert screen.getvalue().index("page 1") < screen.getvalue().index("page 2")


async def test_what_can_be_found_again_does_not_grow_for_ever():
    terminal = TerminalMessenger(io.StringIO())
    for number in range(REMEMBERED + 1):
        await terminal.post(LAB, {"text": "x"}, marker=str(number))

    assert await terminal.find(LAB, marker="0", since=START) == Absent()
    assert await terminal.find(LAB, marker="1", since=START) == Posted("2")


def test_the_terminal_is_a_messenger_like_any_other():
    assert TerminalMessenger(io.StringIO()).pages(MESSAGES["digest"]) == pages(MESSAGES["digest"])
    assert ORDINARY.face.title in pages(MESSAGES["digest"])[0]["text"]
