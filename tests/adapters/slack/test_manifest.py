"""The Slack app as we ask people to create it: no more than the code uses, and Slack takes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from adapters.slack.limits import UNFURL_DOMAINS
from adapters.slack.manifest import manifest
from adapters.slack.scopes import HISTORY, NEEDED, WANTED, scopes
from adapters.slack.vocabulary import EVENTS, ORGANISATION
from config.cli.slack import written
from tests.adapters.slack.listening import FakeDesk, new_listener
from tests.servers.slack import SlackServer
from tests.stores import open_test_store

ROOT = Path(__file__).parents[3]
HERE = "https://papers.example.org"
WAYS: list[Any] = [
    {},
    {"history": True},
    {"address": HERE},
    {"address": HERE, "many": True},
    {"address": HERE, "many": True, "history": True},
]


@pytest.mark.corpus
@pytest.mark.parametrize("way", WAYS)
def test_slack_takes_the_manifest(corpus, way):
    schema = corpus / "specs" / "slack-manifest" / "manifest.schema.2.0.0.json"
    rules = json.loads(schema.read_text())
    validator = jsonschema.validators.validator_for(rules)(rules)
    assert [error.message for error in validator.iter_errors(manifest(**way))] == []


def test_the_file_people_paste_is_the_one_the_code_makes():
    file = ROOT / "config" / "slack_manifest.yaml"
    assert file.read_text(encoding="utf-8") == written(manifest())


def test_a_pasted_manifest_reads_as_it_was_made():
    for way in WAYS:
        assert yaml.safe_load(written(manifest(**way))) == manifest(**way)


def test_history_is_read_only_where_somebody_asked_for_it():
    assert not [scope for scope in scopes() if scope in {one.name for one in HISTORY}]
    assert set(scopes(history=True)) - set(scopes()) == {one.name for one in HISTORY}


def test_every_scope_says_why_and_every_event_has_its_scope():
    assert all(scope.why for scope in (*NEEDED, *WANTED, *HISTORY))
    assert {scope for scope in EVENTS.values() if scope} <= set(scopes())


def test_socket_mode_gives_no_address_and_http_gives_it_everywhere():
    assert "https://" not in json.dumps(manifest()).replace("https://api.slack.com", "")
    over_http = manifest(address=HERE)
    assert json.dumps(over_http).count(f"{HERE}/slack/events") == 3
    assert not over_http["settings"]["socket_mode_enabled"]


def test_many_workspaces_install_with_tokens_that_expire():
    many = manifest(address=HERE, many=True)
    assert many["oauth_config"]["redirect_urls"] == [f"{HERE}/slack/oauth_redirect"]
    assert many["settings"]["token_rotation_enabled"]
    assert many["settings"]["org_deploy_enabled"]


def test_it_keeps_slacks_lengths():
    made = manifest(address=HERE)
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert all(len(one["command"]) <= 32 for one in features["slash_commands"])
    assert all(len(one["name"]) <= 24 for one in features["shortcuts"])
    assert len(features["unfurl_domains"]) <= UNFURL_DOMAINS
    assert len(made["settings"]["event_subscriptions"]["bot_events"]) <= 100


async def test_the_listener_listens_to_exactly_these_events(tmp_path):
    async with SlackServer() as slack, open_test_store(tmp_path) as store:
        listener = new_listener(slack, FakeDesk(), store)
    assert set(listener._handlers.of_events()) == set(EVENTS)
    asked = manifest(address=HERE, many=True)["settings"]["event_subscriptions"]["bot_events"]
    assert asked == sorted(EVENTS)
    alone = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert set(alone) == set(EVENTS) - set(ORGANISATION), "one workspace has no organisation"
