"""Workspaces leave and come back: nothing is posted meanwhile, and everything goes on by itself."""

import pytest

from adapters.slack.leaving import GONE
from adapters.slack.workspaces import ManyWorkspaces
from adapters.store import migrate, open_store
from adapters.store.sealing import new_key
from adapters.web import Door
from bot.model.subscription import Channel, Platform
from config.settings import load_settings
from config.slack_parts import doors, handlers, surface
from tests.adapters.slack.browser import Browser
from tests.adapters.slack.listening import FakeDesk, new_listener
from tests.adapters.store.given import NOON, a_message
from tests.servers.slack import SIGNING_SECRET
from tests.servers.slack.oauth import CLIENT_ID, CLIENT_SECRET

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own call

ORGANISATION = "E0ORG00001"


class Pages:
    """The installer's two pages as the program itself wires them."""

    def __init__(self, found):
        self.begin, self.end = (one.serve for one in found)


@pytest.fixture
async def store(tmp_path):
    url = f"sqlite:///{tmp_path / 'whole.db'}"
    migrate(url)
    async with open_store(url, keys=[new_key()]) as opened:
        yield opened


@pytest.fixture
def settings(slack):
    return load_settings(
        {
            "SLACK_CLIENT_ID": CLIENT_ID,
            "SLACK_CLIENT_SECRET": CLIENT_SECRET,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
            "PAPERS_PUBLIC_URL": "https://papers.example.org",
            "PAPERS_KEYS": new_key(),
        }
    )


@pytest.fixture
def program(slack, store, settings, clock, app_keys):
    """How the program hears of a workspace that leaves, and the pages that bring it back."""
    many = ManyWorkspaces(store.installations, clock, app_keys, api_url=slack.api_url)
    heard = handlers(surface(many, FakeDesk(), store, clock), store)
    found = doors(settings, store, clock, new_listener(slack, FakeDesk(), store, clock=clock))
    return heard.leaving, Browser(Pages([one for one in found if isinstance(one, Door)]))


async def owed(store, team, clock):
    channel = Channel(Platform.SLACK, team.id, "C0PAPERS01")
    letter = a_message(f"digest {team.id}", channel=channel)
    await store.outbox.enqueue(letter, now=clock.now())
    return channel


async def reason(store, channel):
    (lane,) = await store.outbox.lanes(channel, now=NOON)
    return lane.reason


def gone(team, *, whole=False):
    event = {"type": "app_uninstalled"}
    granted = {"is_enterprise_install": whole, "team_id": team.id}
    body = {"team_id": team.id, "event": event, "authorizations": [granted]}
    return body | ({"enterprise_id": ORGANISATION} if whole else {})


async def test_a_workspace_that_leaves_is_silent_at_once_and_speaks_again_when_it_is_back(
    slack, store, program, clock
):
    left, browser = program
    await browser.install(slack, slack.home)
    channel = await owed(store, slack.home, clock)
    assert await reason(store, channel) == ""
    slack.home.token_error = "account_inactive"
    await left(gone(slack.home))
    assert await reason(store, channel) == GONE
    slack.home.token_error = ""
    await browser.install(slack, slack.home)
    assert await reason(store, channel) == ""


async def test_an_organisation_that_comes_back_brings_all_its_workspaces(
    slack, store, program, clock, settings
):
    left, browser = program
    teams = [slack.add_workspace(f"T0ORG{n:05}", f"w{n}", f"xoxb-unused{n}") for n in (1, 2)]
    for team in teams:
        team.organisation = ORGANISATION
    await browser.install(slack, teams[0], organisation=ORGANISATION)
    for team in teams:
        await store.installations.belongs(Platform.SLACK, team.id, ORGANISATION)
    channels = [await owed(store, team, clock) for team in teams]
    for team in teams:
        team.token_error = "account_inactive"
    await left(gone(teams[0], whole=True))
    assert [await reason(store, one) for one in channels] == [GONE, GONE]
    for team in teams:
        team.token_error = ""
    await browser.install(slack, teams[0], organisation=ORGANISATION)
    assert [await reason(store, one) for one in channels] == ["", ""]
