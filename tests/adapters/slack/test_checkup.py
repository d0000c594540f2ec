"""The check of the bot token."""

import pytest

from adapters.slack.checkup import Identity, identify
from adapters.slack.client import new_client
from tests.servers.slack import SlackServer, faults


@pytest.fixture
async def slack():
    async with SlackServer() as server:
        yield server


async def test_a_good_token_tells_workspace_and_scopes(slack):
    found = await identify(new_client(slack.bot_token, slack.api_url))
    assert isinstance(found, Identity)
    assert found.team_id == slack.home.id
    assert found.missing == frozenset()


async def test_a_scope_that_is_missing_is_named(slack):
    slack.home.scopes.discard("commands")
    found = await identify(new_client(slack.bot_token, slack.api_url))
    assert isinstance(found, Identity)
    assert found.missing == {"commands"}


async def test_a_wrong_token_is_explained_without_showing_it(slack):
    found = await identify(new_client("xoxb-wrong", slack.api_url))
    assert found == "invalid_auth: Slack does not know this token; check SLACK_BOT_TOKEN"


@pytest.mark.parametrize(
    "fault", [faults.server_error(), faults.reset(committed=False), faults.html(), faults.garbled()]
)
async def test_a_slack_that_is_down_is_explained(slack, fault):
    slack.break_with("auth.test", fault)
    assert isinstance(await identify(new_client(slack.bot_token, slack.api_url)), str)


async def test_a_wrong_address_is_explained():
    found = await identify(new_client("xoxb-x", "http://127.0.0.1:9"))
    assert isinstance(found, str)
    assert "does not answer" in found
