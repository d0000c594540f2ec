"""Bad inputs as Slack meets them, by their numbers in the catalogue of bad inputs.

The table at the end names the test of every number that concerns Slack, wherever it stands.
"""

import ast
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.render import render
from bot.model.message import Card, Digest
from bot.rules.cards import face
from tests.adapters.slack.driving import IDS, a_slack
from tests.builders import a_paper
from tests.scenarios.driver import ADA, LAB
from tests.servers.slack.blocks import faults_of_blocks, too_long
from tests.servers.slack.visible import links, mentions, shown_text

TESTS = Path(__file__).parents[2]


@pytest.fixture
async def driver(tmp_path):
    async with a_slack(tmp_path) as one:
        yield one


@pytest.mark.parametrize("text", ["<!here>", "<!channel|x>", "<@U0ADA00001>", "@everyone"])
async def test_20_a_ping_in_a_query_notifies_nobody(driver, text):
    await driver.say(f"search {text}")
    await driver.say(f"subscribe {text}")
    channel = driver._channels[LAB]
    said = [*channel.messages, *channel.ephemeral.get(IDS[ADA], [])]
    assert said
    assert [one.mentions for one in said if one.mentions] == []


async def test_26_in_a_direct_message_a_subscription_is_ones_own(driver):
    place = driver._slack.home.direct_channel(IDS[ADA], driver._slack.ids)
    await driver._slack.people.slash("subscribe rings", channel=place, user=IDS[ADA], expect=1)
    (made,) = await driver.world.store.subscriptions.of()
    assert made.channel.channel == f"@{IDS[ADA]}"


async def test_26_an_archived_channel_is_suspended_with_that_reason(driver):
    await driver.say("subscribe rings every:instant")
    driver._channels[LAB].archived = True
    await driver.world.announce(a_paper("On Rings"))
    assert "is_archived" in await driver.say("status")


async def test_26_somebody_of_another_company_in_a_shared_channel_manages_nothing(driver):
    """A Connect channel: Slack does not know the person as one of the workspace's own."""
    await driver.say("settings manage:admins")
    event = {
        "type": "app_mention",
        "channel": driver._channels[LAB].id,
        "user": "U0STRANGER",
        "user_team": "T0ELSEWHERE",
        "text": f"<@{driver._slack.home.bot_user}> subscribe rings",
        "ts": "1700000000.000100",
    }
    await driver._slack.events.send(event)
    await driver._listener.drain()
    assert await driver.world.store.subscriptions.of() == []


async def test_28_thirty_commands_at_once_are_acknowledged_and_slowed_down(driver):
    place = driver._channels[LAB]
    shown: list[str] = []
    for _ in range(30):
        outcome = await driver._slack.people.slash("rings", channel=place, user=IDS[ADA])
        assert outcome.acked
        shown += outcome.shown
    assert "within a minute" in shown[-1]


HOSTILE: dict[int, dict[str, Any]] = {
    29: {"title": "<!channel> free GPU"},
    30: {"title": "</cmd:1> @here <@&1> <#1> <t:1:R>"},
    31: {"title": "[arXiv](https://evil.example) <https://evil.example|arXiv>"},
    32: {"title": "*_~` ```fence # H > q ||s||"},
    33: {
        "title": "x" * 40_000,
        "authors": tuple(f"A {number}" for number in range(2_000)),
        "abstract": "words " * 170_000,
    },
    34: {"title": "", "authors": (), "published_on": None},
    35: {"title": "e" + "\u0301" * 500},
    36: {"title": "a\u202eb\u2066c\U000e0041d\u3164e\u2028f"},
    37: {"title": "&amp;lt;!channel&amp;gt;"},
    38: {"title": "＠everyone"},
    39: {"title": r"\href{javascript:alert(1)}{x} \input{/etc/passwd} " + "$" * 10_000},
    40: {"url": "javascript:alert(1)", "code_url": "data:text/html,x", "project_url": "file:///x"},
    44: {"authors": ("\u0410d\u0430 Byron",), "organization": "\u041eAI"},
}


@pytest.mark.parametrize("number", HOSTILE)
def test_29_to_40_and_44_a_hostile_paper_is_only_text(number):
    one = Card(face(a_paper(**HOSTILE[number]), inert=True))
    pages = render(Digest(heading="1 new paper", cards=(one,)))
    assert len(pages) == 1
    (page,) = pages
    assert faults_of_blocks(page["blocks"]) == []
    assert not too_long(page["blocks"])
    assert mentions(page["text"], page["blocks"]) == []
    found = links(page["blocks"], page["text"])
    assert [url for url in found if not url.startswith("https://arxiv.org/")] == []
    shown = shown_text(page["text"], page["blocks"])
    assert not set(shown) & set("\u202e\u2066\U000e0041\u3164\u2028")
    assert shown.count("\u0301") < 20
    if number in {29, 30, 31, 32, 38}:
        assert HOSTILE[number]["title"] in shown
    if number == 34:
        assert "(no title)" in shown


WHERE = {
    **dict.fromkeys((20, 26, 28, *range(29, 41), 44), "adapters/slack/test_bad_inputs.py"),
    **dict.fromkeys((*range(1, 20), *range(21, 26), 27, 41, 42, 43), "test_bad_inputs.py"),
}
NAMED = {
    61: ("adapters/slack/test_guard.py", "test_a_request_without_a_signature_is_refused"),
    62: ("adapters/slack/test_guard.py", "test_a_request_more_than_five_minutes_off_is_refused"),
    63: ("adapters/slack/test_guard.py", "test_a_forged_or_malformed_signature_is_refused"),
    64: (
        "adapters/slack/test_bad_requests.py",
        "test_a_request_replayed_within_five_minutes_has_one_effect",
    ),
    65: ("adapters/slack/test_speaking.py", "test_a_mention_delivered_again_has_one_effect"),
    66: (
        "adapters/slack/test_bad_requests.py",
        "test_a_request_replayed_within_five_minutes_has_one_effect",
    ),
    67: ("adapters/slack/test_guard.py", "test_whatever_slack_signed_is_answered_200"),
    68: (
        "adapters/slack/test_bad_requests.py",
        "test_an_event_that_is_not_whole_is_taken_and_left",
    ),
    69: (
        "adapters/slack/test_bad_requests.py",
        "test_a_button_of_a_subscription_that_is_gone_says_so",
    ),
    70: ("adapters/slack/test_bad_requests.py", "test_a_button_with_anything_in_it_is_answered"),
    71: (
        "adapters/slack/test_installing.py",
        "test_a_callback_out_of_nowhere_installs_nothing_and_repeats_nothing",
    ),
    72: (
        "adapters/slack/test_installing.py",
        "test_two_admins_make_one_tenant_with_the_newest_token",
    ),
    74: (
        "adapters/slack/test_guard.py",
        "test_a_body_over_a_mebibyte_is_refused_before_it_is_hashed",
    ),
    75: (
        "adapters/slack/test_leaving.py",
        "test_whatever_comes_first_the_end_is_the_same",
    ),
    76: ("adapters/slack/test_speaking.py", "test_no_two_bots_talk_to_each_other"),
}
NOT_SLACK = {73}
"""Discord's own signature."""


def named_in(path):
    tree = ast.parse((TESTS / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def numbers_of(name):
    """The numbers in a test's name: 29_to_40_and_44 is a range and one more."""
    parts = name.removeprefix("test_").split("_")
    found: set[int] = set()
    for place, part in enumerate(parts):
        if part.isdecimal():
            ranged = place > 1 and parts[place - 1] == "to" and parts[place - 2].isdecimal()
            found |= set(range(int(parts[place - 2]), int(part) + 1)) if ranged else {int(part)}
        elif part not in {"to", "and"}:
            break
    return found


def test_every_bad_input_that_concerns_slack_has_its_test():
    assert {*WHERE, *NAMED} == {*range(1, 45), *range(61, 77)} - NOT_SLACK
    for number, path in WHERE.items():
        assert any(number in numbers_of(name) for name in named_in(path)), number
    for number, (path, name) in NAMED.items():
        assert name in named_in(path), number
