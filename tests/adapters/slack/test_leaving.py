"""The app is removed from a workspace: events in any order lead to the same end."""

from datetime import timedelta

import pytest

from adapters.slack.leaving import Leaving
from bot.model.subscription import Platform
from tests.adapters.slack.browser import Browser
from tests.servers.slack import faults

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own call

UNINSTALLED = {"type": "app_uninstalled"}
REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT00001"]}}
OF_A_PERSON = {"type": "tokens_revoked", "tokens": {"oauth": ["U0READER01"], "bot": []}}


def event_in(team, event):
    whole = {"is_enterprise_install": False, "team_id": team.id}
    return {"team_id": team.id, "event": event, "authorizations": [whole]}


@pytest.fixture
def gone():
    return []


@pytest.fixture
def leaving(many, clock, gone):
    async def hear(workspace, reason):
        gone.append(workspace)

    return Leaving(many, clock, hear)


@pytest.mark.parametrize("order", [[UNINSTALLED, REVOKED], [REVOKED, UNINSTALLED], [UNINSTALLED]])
async def test_whatever_comes_first_the_end_is_the_same(
    slack, installer, many, book, leaving, gone, order
):
    await Browser(installer).install(slack, slack.home)
    slack.home.token_error = "account_inactive"
    for event in order:
        await leaving.heard(event_in(slack.home, event))
    assert await book.find(Platform.SLACK, slack.home.id) is None
    assert await many.client(slack.home.id) is None
    assert gone == [slack.home.id], "it is told once, whatever comes"


@pytest.mark.parametrize("event", [UNINSTALLED, REVOKED, OF_A_PERSON])
async def test_an_event_about_an_earlier_installation_changes_nothing(
    slack, installer, many, leaving, gone, event
):
    await Browser(installer).install(slack, slack.home)
    await leaving.heard(event_in(slack.home, event))
    assert await many.client(slack.home.id) is not None
    assert gone == []


async def test_slack_that_does_not_answer_is_no_sign_of_life(slack, installer, book, leaving):
    await Browser(installer).install(slack, slack.home)
    slack.break_with("auth.test", faults.reset(committed=False))
    await leaving.heard(event_in(slack.home, UNINSTALLED))
    assert await book.find(Platform.SLACK, slack.home.id) is None


async def test_the_others_stay(slack, installer, many, book, leaving, clock):
    other = slack.add_workspace("T0LABB0001", "lab-b", "xoxb-unused")
    await Browser(installer).install(slack, slack.home)
    await Browser(installer).install(slack, other)
    slack.home.token_error = "token_revoked"
    await leaving.heard(event_in(slack.home, REVOKED))
    assert await many.client(slack.home.id) is None
    assert await many.client(other.id) is not None
    assert await book.purge(left_before=clock.now() + timedelta(days=1)) == 1
    assert await many.client(other.id) is not None


async def test_an_organisation_leaves_with_all_its_workspaces(
    slack, installer, many, book, leaving, gone
):
    one = slack.add_workspace("T0ORGONE01", "one", "xoxb-unused1")
    two = slack.add_workspace("T0ORGTWO01", "two", "xoxb-unused2")
    one.organisation = two.organisation = "E0ORG00001"
    await Browser(installer).install(slack, one, organisation="E0ORG00001")
    for team in (one, two):
        await many.client(team.id, "E0ORG00001")
        team.token_error = "account_inactive"
    body = event_in(one, UNINSTALLED) | {"enterprise_id": "E0ORG00001"}
    body["authorizations"] = [{"is_enterprise_install": True}]
    await leaving.heard(body)
    assert [await many.client(team.id) for team in (one, two)] == [None, None]
    assert await book.count(Platform.SLACK) == 0
    assert sorted(gone) == [one.id, two.id]
