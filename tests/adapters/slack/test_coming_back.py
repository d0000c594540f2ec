"""Workspaces leave and come back: nothing is posted meanwhile, and everything goes on by itself."""

import pytest

from adapters.slack.leaving import GONE
from adapters.store import migrate, open_store
from adapters.store.sealing import new_key
from adapters.web import Door
from bot.model.subscription import Channel, Platform
from config.settings import load_settings
from config.slack_parts import doors, handlers, surface, workspaces
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
def where(settings, store, clock):
    return workspaces(settings, store, clock)


@pytest.fixture
def program(slack, store, settings, clock, where):
    """How the program hears of a workspace that leaves, and the pages that bring it back."""
    heard = handlers(surface(where, FakeDesk(), store, clock), store)
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


def access(teams, *, revoked):
    name = "team_access_revoked" if revoked else "team_access_granted"
    event = {"type": name, "team_ids": [one.id for one in teams]}
    return {"team_id": None, "enterprise_id": ORGANISATION, "event": event, "authorizations": []}


@pytest.fixture
async def two(slack, store, program):
    """Two workspaces of an organisation that installed the app as a whole."""
    _, browser = program
    teams = [slack.add_workspace(f"T0ORG{n:05}", f"w{n}", f"xoxb-unused{n}") for n in (1, 2)]
    for team in teams:
        team.organisation = ORGANISATION
    await browser.install(slack, teams[0], organisation=ORGANISATION)
    for team in teams:
        await store.installations.belongs(Platform.SLACK, team.id, ORGANISATION)
    return teams


async def test_one_workspace_taken_out_of_an_organisation_leaves_the_others(
    slack, store, program, clock, two
):
    heard, _ = program
    out, stays = two
    channels = [await owed(store, team, clock) for team in two]
    out.without_app = True
    for _ in range(2):
        await heard(access([out], revoked=True))
    assert [await reason(store, one) for one in channels] == [GONE, ""]
    assert await store.installations.find(Platform.SLACK, out.id) is None
    assert await store.installations.find(Platform.SLACK, stays.id) is not None
    assert await store.installations.purge(left_before=clock.now()) == 1
    assert await store.outbox.lanes(channels[0], now=NOON) == []
    assert await reason(store, channels[1]) == ""


async def test_a_workspace_let_in_again_in_time_goes_on_and_keeps_its_data(
    slack, store, program, clock, two
):
    heard, _ = program
    team = two[0]
    channel = await owed(store, team, clock)
    team.without_app = True
    await heard(access([team], revoked=True))
    team.without_app = False
    await heard(access([team], revoked=False))
    assert await reason(store, channel) == ""
    # The first event comes once more, late: Slack is asked, and it changes nothing.
    await heard(access([team], revoked=True))
    assert await reason(store, channel) == ""
    assert await store.installations.purge(left_before=clock.now()) == 0


async def test_an_organisation_takes_in_a_workspace_that_had_left_by_itself(
    slack, store, program, where, clock
):
    heard, browser = program
    await browser.install(slack, slack.home)
    channel = await owed(store, slack.home, clock)
    slack.home.token_error = "account_inactive"
    await heard(gone(slack.home))
    assert await reason(store, channel) == GONE
    slack.home.organisation = ORGANISATION
    await browser.install(slack, slack.home, organisation=ORGANISATION)
    # Nobody told us that it is covered; the first command typed there does.
    await where.client(slack.home.id, ORGANISATION)
    assert await reason(store, channel) == ""
    assert await store.installations.purge(left_before=clock.now()) == 0


async def test_a_workspace_with_an_installation_of_its_own_outlives_its_organisations(
    slack, store, program, clock, two
):
    heard, browser = program
    own = two[0]
    await browser.install(slack, own)
    channels = [await owed(store, team, clock) for team in two]
    for token in [one for one, what in slack.oauth.tokens.items() if not what.team_id]:
        slack.oauth.tokens.pop(token)
    await heard(gone(own, whole=True))
    assert [await reason(store, one) for one in channels] == ["", GONE]
