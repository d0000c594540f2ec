"""The Slack app as we ask people to create it."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from adapters.slack.listen import COMMAND

MANIFEST = yaml.safe_load(
    (Path(__file__).parents[3] / "config" / "slack_manifest.yaml").read_text(encoding="utf-8")
)


@pytest.mark.corpus
def test_slack_takes_the_manifest(corpus):
    schema = corpus / "specs" / "slack-manifest" / "manifest.schema.2.0.0.json"
    rules = json.loads(schema.read_text())
    validator = jsonschema.validators.validator_for(rules)(rules)
    assert [error.message for error in validator.iter_errors(MANIFEST)] == []


def test_it_asks_for_no_more_than_it_needs():
    assert MANIFEST["oauth_config"]["scopes"] == {"bot": ["commands", "chat:write"]}


def test_it_names_the_command_the_bot_listens_to():
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == COMMAND


def test_it_keeps_slacks_lengths():
    about = MANIFEST["display_information"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    for command in MANIFEST["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
