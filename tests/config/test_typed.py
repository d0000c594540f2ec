"""What an answer offers next can be typed in a shell as it stands."""

import shlex

import pytest

from bot.model.message import Action, Listing, Notice
from config.cli.typed import in_a_shell
from tests.builders import a_card


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("preview alignment -survey", ["papers", "preview", "alignment", "-survey"]),
        ('preview "reward model" | a', ["papers", "preview", '"reward model" | a']),
        ("why arxiv:2403.09472", ["papers", "why", "slack:T1/C1", "arxiv:2403.09472"]),
        ("unsubscribe it's", ["papers", "unsubscribe", "slack:T1/C1", "it's"]),
    ],
)
def test_an_offer_is_the_command_line_that_does_it(command, words):
    _, [row] = in_a_shell(Notice(heading="x", actions=(Action("Do", command),)), "slack:T1/C1")
    assert shlex.split(row.removeprefix("Do: ")) == words


@pytest.mark.parametrize("command", ["share search x", "edit x", "search x page:2", "undo 3"])
def test_what_only_a_chat_has_is_not_offered(command):
    assert in_a_shell(Notice(heading="x", actions=(Action("Do", command),)), "slack:T1/C1")[1] == []


def test_the_buttons_of_a_card_are_left_out():
    card = a_card(
        paper="arxiv:1", title="t", byline="b", url="", actions=(Action("Relevant", "like x"),)
    )
    shown, _ = in_a_shell(Listing(heading="x", cards=(card,), total=1))
    assert shown.cards[0].face.actions == ()
