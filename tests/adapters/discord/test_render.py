"""What messages become on Discord: within every limit, and nothing in a paper acts."""

import json
import re

import pytest

from adapters.discord import limits
from adapters.discord.escape import address, escape, line
from adapters.discord.mark import is_marked, marked, reference
from adapters.discord.render import TEXT, TITLE, render, without_controls
from bot.model.message import Action, Digest, Link, Listing, Message, Notice
from tests.adapters.discord.examples import HOSTILE_TITLES, MESSAGES, a_card, a_digest
from tests.servers.discord import openapi
from tests.servers.discord.message_rules import check_message

MARKER = "d-0123456789abcdef0123456"


def texts(page):
    """Every place of a page where Discord reads markup."""
    return [part["content"] for part in page["components"] if part["type"] == TEXT]


def buttons(page):
    """Rows of (label, id)."""
    return [
        [(one["label"], one["custom_id"]) for one in part["components"]]
        for part in page["components"]
        if part["type"] == 1
    ]


def titles(pages):
    return [
        text.splitlines()[0] for page in pages for text in texts(page) if text.startswith("### ")
    ]


def as_sent(page):
    """The page as it goes out, with its reference and nonce."""
    return {**marked(page, MARKER), "nonce": MARKER, "enforce_nonce": True}


def check(page):
    check_message(as_sent(page))
    path = openapi.published_file()
    if path:
        assert openapi.load(path).violations("create_message", as_sent(page)) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_discord_takes_every_page(name):
    for page in render(MESSAGES[name]):
        check(page)


@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_discord_takes_a_hostile_title_everywhere(name):
    title = HOSTILE_TITLES[name]
    cards = tuple(
        a_card(number, title=title, byline=title, summary=title, facts=(title,), why=(title,) * 3)
        for number in range(1, 12)
    )
    messages: list[Message] = [
        Digest(heading=title, cards=cards, omitted=3, note=title, footer=title),
        Listing(heading=title, cards=cards[:1], footer=title, actions=(Action(title, "help"),)),
        Listing(heading=title, cards=(), footer=title),
        Notice(heading=title, lines=(title,) * 5, code=title),
    ]
    shown = 0
    for message in messages:
        for page in render(message):
            check(page)
            shown += len(titles([page]))
    assert shown == 12


@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_nothing_in_a_title_can_ping_link_or_format(name):
    title = HOSTILE_TITLES[name]
    for page in render(Digest(heading=title, cards=(a_card(title=title, summary=title),))):
        for text in texts(page):
            assert not re.search(r"@(everyone|here)", text)
            assert not re.search(r"<(@|#|/|:|t:|a:|id:)", text)
            assert "://" not in re.sub(
                r"\]\(<https://(arxiv.org|github.com/noether)/[^>]+>\)", "", text
            )
            assert not re.search(r"discord\.gg", text)
            assert text.count("](") <= 2
            assert re.match(r"## |### |-# ", text)
            assert not any(re.match(r"#|>|-|1\.", row) for row in text.splitlines()[1:-2])
        assert page["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*a* _b_ `c`", r"\*a\* \_b\_ \`c\`"),
        ("[x](y)", r"\[x\]\(y)"),
        ("C++ & C#, 50 % of A_1", r"C++ & C#, 50 % of A\_1"),
        ("1. x", r"1\. x"),
        ("a # b - c", "a # b - c"),
    ],
)
def test_only_what_would_act_is_escaped(text, shown):
    assert escape(text) == shown


def test_a_long_title_is_cut_at_a_word_and_says_so():
    title = line("alignment of rings " * 2_000, TITLE)
    assert title.endswith(("alignment…", "of…", "rings…"))
    assert 200 < len(title) <= TITLE


def test_a_family_is_not_torn_apart():
    shown = line("👩‍👩‍👧‍👦" * 200, 60)
    assert shown.removesuffix("…").replace("👩‍👩‍👧‍👦", "") == ""


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://arxiv.org/x",
        "https://user:secret@arxiv.org/abs/1",
        "https://arxiv.org/abs/1\n",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://exämple.org/",
        "//evil.example/x",
        "https:///x",
        "https://arxiv.org:99999/x",
        "https://arxiv.org/" + "x" * 3_000,
        "arxiv.org/abs/1",
        "",
    ],
)
def test_an_address_that_is_not_plain_http_is_no_link(url):
    assert address(url) is None
    card = a_card(url=url, links=(Link("code", url),))
    (page,) = render(Digest(heading="x", cards=(card,)))
    assert not any("](" in text for text in texts(page))


def test_an_address_cannot_break_out_of_its_link():
    url = "https://arxiv.org/abs/1)[x](https://evil.example"
    (page,) = render(Digest(heading="x", cards=(a_card(links=(Link("a](b)[c", url),)),)))
    (link,) = re.findall(r" · \[.*\]\(.*\)", texts(page)[1])
    assert link.count("](") == 1
    assert link.endswith(">)")


@pytest.mark.parametrize(
    "title",
    [
        "Rings] and (ideals",
        "Rings [and ideals",
        "A [[nested]] ring",
        "See https://evil.example",
        "Join discord.gg/raid",
    ],
)
def test_a_title_that_would_break_its_link_stands_beside_it(title):
    (page,) = render(Digest(heading="x", cards=(a_card(title=title),)))
    head, link, *_ = texts(page)[1].splitlines()
    assert "](" not in head
    assert link == "[read it](<https://arxiv.org/abs/2403.00001>)"


def test_a_title_with_brackets_that_pair_up_keeps_its_link():
    (page,) = render(Digest(heading="x", cards=(a_card(title="[Re] On rings"),)))
    assert titles([page]) == [r"### [\[Re\] On rings](<https://arxiv.org/abs/2403.00001>)"]


def test_a_long_digest_is_split_and_stays_in_order():
    pages = render(a_digest(25))
    assert [title[5:].partition("]")[0] for title in titles(pages)] == [
        f"Ideals of rings that commute, part {number}" for number in range(1, 26)
    ]
    small = [texts(page)[-1].startswith("-# Subscription") for page in pages]
    assert small == [False] * (len(pages) - 1) + [True]


def test_a_digest_of_ten_with_its_buttons_is_two_messages():
    votes = (Action("Relevant", "like x"), Action("Not for us", "dislike x"))
    cards = tuple(
        a_card(number, actions=votes, more=(Action("Why?", "why x"),)) for number in range(10)
    )
    pages = render(a_digest(10, cards=cards))
    assert [len(titles([page])) for page in pages] == [6, 4]


def test_no_page_holds_more_than_discord_takes():
    cards = tuple(
        a_card(number, summary="Every chain of ideals ends. " * 60) for number in range(10)
    )
    pages = render(a_digest(10, cards=cards))
    assert len(pages) == 10
    for page in pages:
        assert sum(limits.units(text) for text in texts(as_sent(page))) <= limits.V2_TEXT


def test_a_whole_abstract_is_kept():
    abstract = "We count rings. " * 120
    (page,) = render(Digest(heading="x", cards=(a_card(summary=abstract),)))
    assert abstract.strip() in texts(page)[1]


def test_characters_outside_the_basic_plane_count_twice():
    assert limits.units("a𝔸") == 3
    (page,) = render(Digest(heading="x", cards=(a_card(title="𝔸" * 300, url=""),)))
    assert limits.units(titles([page])[0].removeprefix("### ")) <= TITLE


def test_a_paper_among_others_has_two_actions_and_more():
    card = a_card(
        actions=(Action("Relevant", "like x"), Action("Not for us", "dislike x")),
        more=(Action("Why?", "why x"),),
    )
    (page,) = render(Digest(heading="x", name="rings", cards=(card,)))
    assert buttons(page) == [
        [
            ("Relevant", "do:like x"),
            ("Not for us", "do:dislike x"),
            ("More", "more:arxiv:2403.00001|rings"),
        ]
    ]


def test_a_paper_asked_for_shows_everything_that_can_be_done():
    card = a_card(
        actions=(Action("Relevant", "like x"), Action("Not for us", "dislike x")),
        more=tuple(Action(f"{n}", f"do {n}") for n in range(5)),
    )
    (page,) = render(Listing(heading="x", cards=(card,)))
    assert [len(row) for row in buttons(page)] == [5, 2]


def test_a_long_name_does_not_cost_the_button():
    card = a_card(paper="doi:" + "x" * 90, more=(Action("Why?", "why x"),))
    (page,) = render(Digest(heading="x", name="rings", cards=(card,)))
    assert buttons(page)[0][-1] == ("More", "more:doi:" + "x" * 90 + "|")


def test_stopping_a_subscription_is_a_red_button():
    stop = Notice(heading="x", actions=(Action("Stop", "unsubscribe x"), Action("Help", "help")))
    (page,) = render(stop)
    assert [one["style"] for one in page["components"][-1]["components"]] == [4, 2]


def test_a_page_for_a_plain_webhook_has_nothing_to_press():
    for page in render(a_digest(10)):
        bare = without_controls(page)
        assert buttons(page)
        assert buttons(bare) == []
        assert texts(bare) == texts(page)
        check(bare)


def test_a_command_too_long_for_a_button_has_none():
    actions = (Action("More", "search " + "x" * 100), Action("Help", "help"))
    (page,) = render(Listing(heading="x", cards=(), actions=actions))
    assert buttons(page) == [[("Help", "do:help")]]


def test_a_long_notice_goes_over_several_messages_without_loss():
    lines = tuple(f"{number} " + "x" * 90 for number in range(90))
    pages = render(Notice(heading="Subscriptions", lines=lines))
    assert len(pages) > 1
    shown = "\n".join(text for page in pages for text in texts(page)).splitlines()[1:]
    assert [row.split()[0] for row in shown] == [str(number) for number in range(90)]


def test_a_caret_stays_under_its_column():
    (page,) = render(MESSAGES["wrong_filter"])
    assert "```\nideals catt:math.RA\n       ^\n```" in texts(page)[0]


def test_a_code_block_cannot_be_left():
    (page,) = render(Notice(heading="x", code="``` @everyone\n```"))
    block = texts(page)[0].partition("```")[2]
    assert block.count("```") == 1
    assert "@everyone" not in block


@pytest.mark.parametrize("name", MESSAGES)
def test_each_posted_page_can_be_recognised(name):
    for page in render(MESSAGES[name]):
        sent = marked(page, MARKER)
        assert is_marked(sent, MARKER)
        assert not is_marked(sent, "another")
        assert not is_marked(page, MARKER)
        assert reference(MARKER) in json.dumps(sent)
        assert MARKER not in json.dumps(sent)


def test_a_title_that_quotes_a_reference_is_not_taken_for_it():
    (page,) = render(Digest(heading="x", cards=(a_card(title=reference(MARKER)),)))
    assert not is_marked(page, MARKER)


def test_nothing_is_left_for_a_reader_with_no_words():
    (page,) = render(Digest(heading="", cards=(a_card(title="", url="", byline="", summary=""),)))
    assert texts(page)[0] == "## Paperwire"
    assert titles([page]) == ["### (no title)"]


def test_a_card_without_title_author_or_address_is_still_a_card():
    (page,) = render(
        Digest(heading="rings", cards=(a_card(title="", byline="", summary="", url=""),))
    )
    check(page)
    assert len(titles([page])) == 1
    assert titles([page])[0].removeprefix("### ").strip()


def test_a_long_diff_comes_in_pieces_and_nothing_of_it_is_lost():
    rows = [f"+ topic-{number}: rings OR fields OR groups number {number}" for number in range(150)]
    pages = render(Notice(heading="This would change", code="\n".join(rows)))
    for page in pages:
        check(page)
    shown = "\n".join(text for page in pages for text in texts(page))
    assert [row for row in rows if row not in shown] == []
