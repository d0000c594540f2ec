"""What messages become on Discord: within every limit, and nothing in a paper acts."""

import json
import re

import pytest

from adapters.discord import limits
from adapters.discord.escape import address, escape, line
from adapters.discord.mark import is_marked, marked, reference
from adapters.discord.render import render
from bot.model.message import Action, Digest, Link, Listing, Message, Notice
from tests.adapters.discord.examples import HOSTILE_TITLES, MESSAGES, a_card, a_digest
from tests.servers.discord import openapi
from tests.servers.discord.message_rules import check_message, embed_length

MARKER = "d-0123456789abcdef0123456"


def texts(page):
    """Every place of a page where Discord reads markup."""
    found = [page.get("content", "")]
    for embed in page.get("embeds", ()):
        found += [embed["title"], embed.get("description", "")]
    return found


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
            shown += len(page.get("embeds", ()))
    assert shown == 12


@pytest.mark.parametrize("name", HOSTILE_TITLES)
def test_nothing_in_a_title_can_ping_link_or_format(name):
    title = HOSTILE_TITLES[name]
    for page in render(Digest(heading=title, cards=(a_card(title=title, summary=title),))):
        for text in texts(page):
            assert not re.search(r"@(everyone|here)", text)
            assert not re.search(r"<(@|#|/|:|t:|a:|id:)", text)
            assert "://" not in text.replace("<https://github.com/noether/ideals-1>", "")
            assert not re.search(r"discord\.gg", text)
            read = text.strip("*").splitlines() or [""]
            assert not re.match(r"#|>|-|1\.", read[0])
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
    title = line("alignment of rings " * 2_000, limits.EMBED_TITLE)
    assert title.endswith(("alignment…", "of…", "rings…"))
    assert 200 < len(title) <= limits.EMBED_TITLE


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
    assert "url" not in page["embeds"][0]
    assert "](" not in page["embeds"][0]["description"]


def test_an_address_cannot_break_out_of_its_link():
    url = "https://arxiv.org/abs/1)[x](https://evil.example"
    (page,) = render(Digest(heading="x", cards=(a_card(links=(Link("a](b)[c", url),)),)))
    (link,) = re.findall(r"\[.*\]\(.*\)", page["embeds"][0]["description"])
    assert link.count("](") == 1
    assert link.endswith(">)")


def test_two_papers_with_one_address_are_both_shown():
    cards = (a_card(1), a_card(2, url=a_card(1).url), a_card(3, url=a_card(1).url))
    (page,) = render(Digest(heading="x", cards=cards))
    assert len({embed["url"] for embed in page["embeds"]}) == 3


def test_a_long_digest_is_split_and_stays_in_order():
    pages = render(a_digest(25))
    titles = [embed["title"] for page in pages for embed in page["embeds"]]
    assert titles == [f"Ideals of rings that commute, part {number}" for number in range(1, 26)]
    assert [len(page["embeds"]) for page in pages] == [10, 10, 5]
    assert "footer" in pages[-1]["embeds"][-1]
    assert not any("footer" in embed for page in pages[:-1] for embed in page["embeds"])


def test_no_page_holds_more_than_six_thousand_characters():
    cards = tuple(
        a_card(number, summary="Every chain of ideals ends. " * 60) for number in range(10)
    )
    pages = render(a_digest(10, cards=cards))
    assert len(pages) > 1
    for page in pages:
        assert sum(embed_length(embed) for embed in as_sent(page)["embeds"]) <= 6_000


def test_characters_outside_the_basic_plane_count_twice():
    assert limits.units("a𝔸") == 3
    (page,) = render(Digest(heading="x", cards=(a_card(title="𝔸" * 300),)))
    assert limits.units(page["embeds"][0]["title"]) <= limits.EMBED_TITLE


def test_ten_papers_share_one_menu_and_a_single_one_has_buttons():
    (ten,) = render(a_digest(10))
    (menu,) = ten["components"][0]["components"]
    assert [option["value"] for option in menu["options"]][:2] == [
        "why arxiv:2403.00001",
        "why arxiv:2403.00002",
    ]
    (one,) = render(a_digest(1))
    assert one["components"][0]["components"][0]["custom_id"] == "do:why arxiv:2403.00001"


def test_a_command_too_long_for_a_button_has_none():
    actions = (Action("More", "search " + "x" * 100), Action("Help", "help"))
    (page,) = render(Listing(heading="x", cards=(), actions=actions))
    assert [button["label"] for button in page["components"][0]["components"]] == ["Help"]


def test_a_long_notice_goes_over_several_messages_without_loss():
    lines = tuple(f"{number} " + "x" * 90 for number in range(60))
    pages = render(Notice(heading="Subscriptions", lines=lines))
    assert len(pages) > 1
    shown = "\n".join(page["content"] for page in pages).splitlines()[1:]
    assert [row.split()[0] for row in shown] == [str(number) for number in range(60)]


def test_a_caret_stays_under_its_column():
    (page,) = render(MESSAGES["wrong_filter"])
    assert "```\nideals catt:math.RA\n       ^\n```" in page["content"]


def test_a_code_block_cannot_be_left():
    (page,) = render(Notice(heading="x", code="``` @everyone\n```"))
    block = page["content"].partition("```")[2]
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
    assert page["content"] == "**Paperwire**"
    assert page["embeds"][0]["title"] == "(no title)"
