"""Slack messages: what they look like, and that no paper can break or abuse them."""

import itertools
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from adapters.slack import limits
from adapters.slack.render import render
from adapters.slack.wording import escaped, units, web_address
from bot.model.message import (
    Action,
    Digest,
    InChannel,
    Link,
    Listing,
    Notice,
    SeenIn,
    Tone,
)
from bot.model.subscription import Channel, Platform
from tests.builders import a_card
from tests.contracts.messages import BARE, HOSTILE, MESSAGES, ORDINARY
from tests.servers.slack.blocks import faults_of_blocks, too_long
from tests.servers.slack.visible import links, mentions, shown_text


def shown(page):
    return shown_text(page["text"], page["blocks"])


def check(pages):
    """Every page keeps Slack's rules: by the local server, by our own figures, by the SDK."""
    assert pages
    for page in pages:
        assert faults_of_blocks(page["blocks"]) == []
        assert not too_long(page["blocks"])
        assert len(page["blocks"]) <= limits.BLOCKS_IN_A_MESSAGE
        assert 0 < units(page["text"]) <= limits.FALLBACK_TEXT
        for block in page["blocks"]:
            known = Block.parse(block)
            assert known is not None
            known.validate_json()


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_takes_every_page(name):
    check(render(MESSAGES[name]))


def test_a_card_reads_as_four_short_lines():
    (page,) = render(Digest(heading="alignment: 1 new paper", cards=(ORDINARY,)))
    assert shown(page).splitlines() == [
        "alignment: 1 new paper",
        "Aligning small models with the patience of large ones",
        "Ada Byron, Mary Somerville, Charles Babbage and 2 more · Analytical Engine Lab",
        "Machine-written summary: A small model learns when to wait for a large one,"
        " and gets nearly as good. · code",
        "cs.CL cs.LG · 42 upvotes · 3 comments · matched “align” in the title",
        "[Why?]",
    ]


def test_the_text_for_screen_readers_says_all_that_matters():
    (page,) = render(MESSAGES["digest"])
    for words in (
        "alignment: 3 new papers, Monday 23 November 2026",
        "Aligning small models",
        "Ada Byron",
        "matched “align” in the title",
        "https://arxiv.org/abs/2611.01234",
        "On rings",
        "1 more paper matched",
        "unsubscribe alignment",
    ):
        assert words in page["text"]


def test_the_text_for_screen_readers_holds_the_summaries_as_far_as_they_fit():
    (page,) = render(MESSAGES["digest"])
    assert f"Machine-written summary: {ORDINARY.face.summary}" in page["text"]
    long = ORDINARY.saying(summary="It holds. " * 40)
    (page,) = render(Digest(heading="h", cards=(long,) * 9 + (long.saying(summary="So."),)))
    check([page])
    assert page["text"].count("Machine-written summary: It holds.") == 9
    assert "Machine-written summary: So." in page["text"], (
        "a short one gives its room to the others"
    )
    assert units(page["text"]) > limits.FALLBACK_TEXT - 100, "no room is left unused"


def test_nothing_in_a_paper_notifies_anybody():
    for page in render(MESSAGES["digest-hostile"]):
        assert mentions(page["text"], page["blocks"]) == []
        assert "<" not in page["text"]
        assert "mrkdwn" not in json.dumps(page["blocks"])


def test_markup_in_a_title_is_shown_as_it_stands():
    (page,) = render(MESSAGES["digest-hostile"])
    assert "<!channel> *free* _GPU_ `x` ~y~ @everyone [click](javascript:alert(1)) evil" in shown(
        page
    )


def test_only_plain_web_addresses_become_links():
    (page,) = render(Digest(heading="x", cards=(HOSTILE, BARE)))
    assert links(page["blocks"], page["text"]) == [
        "https://xn--bcher-kva.example/a%20b?q=%3Cx%3E%7Cy",
        "https://arxiv.org/abs/2611.00002",
    ]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@arxiv.org/",
        "https://[::1",
        "//arxiv.org/abs/1",
        "https://x.org:99999/",
        "https://x.org/" + "a" * 3_000,
        "https://" + "a" * 300 + ".org",
    ],
)
def test_an_address_that_is_no_plain_web_address_is_dropped(url):
    assert web_address(url) is None


def test_a_title_of_forty_thousand_characters_is_cut():
    pages = render(Digest(heading="x", cards=(a_card(paper="a:b", title="long " * 8_000, url=""),)))
    check(pages)
    assert len(pages) == 1
    assert "long…" in shown(pages[0])


def test_a_card_without_title_author_or_address_is_still_a_card():
    (page,) = render(Digest(heading="", cards=(a_card(paper="a:b", title="", url=""),)))
    check([page])
    assert "(no title)" in shown(page)


def test_two_thousand_authors_and_a_megabyte_of_abstract_fit():
    card = a_card(
        paper="a:b",
        title="t",
        url="https://arxiv.org/abs/1",
        byline=", ".join(f"Author {number}" for number in range(2_000)),
        summary="words and words " * 65_536,
        facts=tuple(f"fact {number}" for number in range(500)),
        why=("because " * 500,) * 50,
        links=tuple(Link("l" * 500, f"https://x.org/{number}") for number in range(5)),
    )
    check(render(Digest(heading="h" * 1_000, cards=(card,) * 12, note="n" * 9_000)))


def test_a_message_of_ampersands_stays_within_the_advised_text_length():
    card = a_card(
        paper="a:b", title="&" * 5_000, url="https://x.org/?" + "&" * 2_900, byline="<" * 999
    )
    check(render(Digest(heading="&" * 999, cards=(card,) * 5, footer=">" * 9_999)))
    check(render(Notice(heading="&" * 999, lines=("&" * 9_999,) * 3, code="<\n" * 9_999)))


def test_astral_characters_count_twice():
    pages = render(
        Digest(heading="😀" * 400, cards=(a_card(paper="a:b", title="𝒳" * 900, url=""),))
    )
    check(pages)
    for block in pages[0]["blocks"]:
        if block["type"] == "header":
            assert units(block["text"]["text"]) <= limits.HEADER_TEXT


def test_two_hundred_papers_come_on_several_pages_none_missing_none_twice():
    cards = tuple(
        a_card(
            paper=f"arxiv:2611.{number:05d}",
            title=f"Paper no. {number}.",
            url=f"https://arxiv.org/abs/2611.{number:05d}",
            facts=("cs.CL",),
            actions=(Action("Why?", f"why arxiv:2611.{number:05d}"),),
        )
        for number in range(200)
    )
    pages = render(Listing(heading="All of them", cards=cards, total=200, footer="the end"))
    check(pages)
    everything = "\n".join(shown(page) for page in pages)
    assert [everything.count(f"Paper no. {number}.") for number in range(200)] == [1] * 200
    assert all("All of them (continued)" in shown(page) for page in pages[1:])
    assert "the end" in shown(pages[-1])


def test_a_usual_digest_of_ten_is_one_message():
    assert len(render(Digest(heading="h", cards=(ORDINARY,) * 10, footer="f"))) == 1


def judged(number):
    key = f"arxiv:2611.{number:05d}"
    return a_card(
        paper=key,
        title=f"Paper no. {number}.",
        url=f"https://arxiv.org/abs/2611.{number:05d}",
        facts=("cs.CL",),
        actions=(Action("Relevant", f"like {key}"), Action("Not for us", f"dislike {key}")),
        more=(
            Action("Why?", f"why {key}"),
            Action("Save", f"save {key}"),
            Action("Stop this subscription", "unsubscribe rings"),
        ),
    )


def test_a_paper_has_at_most_three_controls_and_what_goes_for_all_is_said_once():
    (page,) = render(Digest(heading="h", cards=tuple(map(judged, range(10))), footer="rings"))
    check([page])
    rows = [block["elements"] for block in page["blocks"] if block["type"] == "actions"]
    assert [len(row) for row in rows] == [3] * 10
    assert [option["value"] for option in rows[0][2]["options"]] == [
        "why arxiv:2611.00000",
        "save arxiv:2611.00000",
    ]
    last = page["blocks"][-1]
    assert last["text"]["text"] == "rings"
    assert [option["value"] for option in last["accessory"]["options"]] == ["unsubscribe rings"]


def test_a_paper_alone_has_all_its_actions_in_one_menu():
    (page,) = render(
        Listing(heading="h", cards=(judged(1),), actions=(Action("Share", "share x"),))
    )
    check([page])
    rows = [block["elements"] for block in page["blocks"] if block["type"] == "actions"]
    assert [len(row) for row in rows] == [3, 1]
    assert len(rows[0][2]["options"]) == 3


def test_a_shared_answer_says_by_whom_and_notifies_nobody():
    (page,) = render(Notice(heading="h", lines=("words",)), by="Ada <!channel>")
    check([page])
    assert "by Ada <!channel>" in shown(page)
    assert mentions(page["text"], page["blocks"]) == []


def test_a_command_too_long_for_a_button_is_left_out():
    actions = (Action("Short", "help"), Action("Long", "search " + "x" * 3_000), Action("", ""))
    (page,) = render(Notice(heading="h", actions=actions))
    check([page])
    assert [button["value"] for button in page["blocks"][-1]["elements"]] == ["help"]


def test_a_menu_gives_way_to_buttons_when_a_command_is_too_long_for_it():
    actions = (Action("Long", "why " + "x" * 200),)
    card = a_card(paper="a:b", title="t", url="", facts=("cs.CL",), actions=actions)
    (page,) = render(Digest(heading="h", cards=(card, card)))
    check([page])
    assert sum(block["type"] == "actions" for block in page["blocks"]) == 2


TEXT = st.text(max_size=400) | st.sampled_from(
    [
        "<!channel>",
        "&" * 3_000,
        "e" + "\u0301" * 500,
        "\u202e",
        "👩‍👩‍👧" * 200,
        "\x00",
        "\ud800",
        " ",
    ]
)
PLACES = st.builds(
    Channel, st.just(Platform.SLACK), TEXT, TEXT | st.sampled_from(["C0CLUB0001", "@U0ADA00001"])
)
CARDS = st.builds(
    a_card,
    paper=st.just("arxiv:2611.00001"),
    title=TEXT,
    url=TEXT | st.just("https://arxiv.org/abs/2611.00001"),
    byline=TEXT,
    summary=TEXT,
    machine_written=st.booleans(),
    facts=st.tuples(TEXT),
    why=st.tuples(TEXT, TEXT),
    links=st.tuples(st.builds(Link, TEXT, TEXT | st.just("https://x.org"))),
    actions=st.lists(st.builds(Action, TEXT, TEXT), max_size=6).map(tuple),
    more=st.lists(st.builds(Action, TEXT, TEXT | st.just("save arxiv:2611.00001"))).map(tuple),
    seen=st.lists(st.builds(SeenIn, PLACES, TEXT, TEXT), max_size=3).map(tuple),
    stop=st.none() | st.builds(Action, TEXT, TEXT),
)
SOME = st.lists(CARDS, max_size=4).map(tuple)
MANY = st.tuples(st.lists(CARDS, min_size=1, max_size=4), st.integers(1, 200)).map(
    lambda drawn: tuple(itertools.islice(itertools.cycle(drawn[0]), drawn[1]))
)
ANY_MESSAGE = (
    st.builds(Digest, heading=TEXT, cards=SOME, omitted=st.integers(0, 9), note=TEXT, footer=TEXT)
    | st.builds(Listing, heading=TEXT, cards=SOME, note=TEXT, footer=TEXT)
    | st.builds(
        Notice,
        heading=TEXT,
        lines=st.lists(TEXT | PLACES.map(InChannel), max_size=5).map(tuple),
        code=TEXT,
        tone=st.sampled_from(Tone),
        cards=SOME,
        actions=st.lists(st.builds(Action, TEXT, TEXT), max_size=30).map(tuple),
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ANY_MESSAGE)
def test_no_message_breaks_a_limit_or_notifies_anybody(message):
    pages = render(message)
    check(pages)
    for page in pages:
        assert mentions(page["text"], page["blocks"]) == []
        json.dumps(page, ensure_ascii=False).encode("utf-8")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(MANY, TEXT)
def test_one_to_two_hundred_hostile_results_keep_every_limit(cards, words):
    pages = render(Listing(heading=words, cards=cards, total=len(cards), footer=words))
    check(pages)
    for page in pages:
        assert mentions(page["text"], page["blocks"]) == []


def test_a_card_names_the_channel_it_was_seen_in_and_nothing_that_is_no_channel():
    good = SeenIn(Channel(Platform.SLACK, "T1", "C0CLUB0001"), "3 Nov", "https://slack.com/x")
    bad = SeenIn(Channel(Platform.SLACK, "T1", "!channel> <@U1"), "3 Nov")
    (page,) = render(Listing(heading="h", cards=(replace(ORDINARY, seen=(good, bad)),)))
    check([page])
    runs = page["blocks"][1]["elements"][0]["elements"]
    assert [one["channel_id"] for one in runs if one["type"] == "channel"] == ["C0CLUB0001"]
    assert "seen in <#C0CLUB0001> on 3 Nov" in page["text"]
    assert mentions(page["text"], page["blocks"]) == []


def test_a_long_code_is_paged_and_nothing_of_it_is_lost():
    rows = [f"+ subscription number {number:04}" for number in range(600)]
    pages = render(Notice(heading="Import", code="\n".join(rows)))
    check(pages)
    everything = "\n".join(shown(page) for page in pages)
    assert [row for row in rows if row not in everything] == []


def test_a_code_without_end_says_how_much_is_missing():
    pages = render(Notice(heading="Import", code="x\n" * 900_000))
    check(pages)
    assert "more lines" in shown(pages[-1])


def test_escaping_leaves_no_bracket_and_can_be_undone():
    assert escaped("a < b && c > d") == "a &lt; b &amp;&amp; c &gt; d"
