"""Every example message as Slack, Discord and a terminal show it: three files side by side.

One folder per message of tests/contracts/messages.py. After a wanted change of a renderer or of
a message run `make golden` and read the difference before you commit it.
"""

import json
import shutil
from pathlib import Path

import pytest

from adapters.discord.render import render as discord
from adapters.slack.render import render as slack
from adapters.terminal.render import render as terminal
from tests.contracts.messages import MESSAGES

GOLDEN = Path(__file__).parent / "golden"


def as_json(pages):
    return json.dumps(pages, indent=2, ensure_ascii=False) + "\n"


def renderings(name):
    """What each platform shows, by file name."""
    message = MESSAGES[name]
    return {
        "slack.json": as_json(slack(message)),
        "discord.json": as_json(discord(message)),
        "terminal.txt": terminal(message) + "\n",
    }


def kept(name):
    return {file.name: file.read_text(encoding="utf-8") for file in (GOLDEN / name).glob("*")}


@pytest.fixture(scope="module", autouse=True)
def _written(request):
    if request.config.getoption("--write-golden"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for name in MESSAGES:
            (GOLDEN / name).mkdir(parents=True)
            for file, text in renderings(name).items():
                (GOLDEN / name / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_looks_as_agreed_on_every_platform(name):
    assert renderings(name) == kept(name), "if the new look is wanted: make golden"


def test_every_agreed_look_belongs_to_a_message():
    assert {folder.name for folder in GOLDEN.iterdir()} == set(MESSAGES)
