"""Many workspaces install the app: the browser's way, the tokens' life, and the leaving."""

import asyncio
from datetime import timedelta
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack.installing import COOKIE, Installer
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.workspaces import AppKeys, ManyWorkspaces
from bot.model.delivery import Posted
from bot.model.errors import StoreDown
from bot.model.subscription import Channel, Platform
from tests.adapters.slack.browser import Browser
from tests.servers.slack import faults
from tests.servers.slack.oauth import CLIENT_ID, CLIENT_SECRET, TOKEN_SECONDS

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own call

KEYS = AppKeys(CLIENT_ID, CLIENT_SECRET)
PUBLIC = "https://papers.example.org"


async def test_a_person_installs_the_app_in_three_clicks(slack, installer, many, book):
    browser = Browser(installer)
    page = await browser.install(slack, slack.home)
    assert page.status == 200
    assert "/invite @Paperwire" in page.body
    assert f"team={slack.home.id}" in page.body
    client = await many.client(slack.home.id)
    assert (await client.auth_test())["team_id"] == slack.home.id
    found = await book.find(Platform.SLACK, slack.home.id)
    assert {"commands", "chat:write"} <= found.scopes
    assert "channels:history" not in found.scopes


async def test_scopes_that_read_channels_back_are_asked_for_only_where_the_operator_wants_them(
    slack, book, clock
):
    for history in (False, True):
        keys = AppKeys(CLIENT_ID, CLIENT_SECRET, history=history)
        one = Installer(book, clock, keys, api_url=slack.api_url, public_url=PUBLIC)
        page = await one.begin({}, "")
        asked = parse_qs(urlsplit(page.headers["Location"]).query)["scope"][0].split(",")
        assert ("channels:history" in asked, "groups:history" in asked) == (history, history)


async def test_the_state_is_bound_to_the_browser_and_this_host(installer):
    page = await installer.begin({}, "")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=600"):
        assert part in cookie
    assert "Domain" not in cookie
    asked = parse_qs(urlsplit(page.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
    assert asked["state"][0] in cookie


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=x",
        "code=x&state=",
        "code=x&state=never-given",
        "error=access_denied",
        "error=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "error=&state=%00",
        "state=" + "s" * 5_000,
        "code=%ff&state=%ff",
    ],
)
async def test_a_callback_out_of_nowhere_installs_nothing_and_repeats_nothing(
    installer, book, query, caplog
):
    caplog.set_level("DEBUG")
    page = await installer.end({"Cookie": f"{COOKIE}=other"}, query)
    assert "Nothing was installed" in page.body
    assert "script" not in page.body
    assert "alert" not in caplog.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert await book.count(Platform.SLACK) == 0


async def test_a_state_is_good_once(slack, installer, book):
    browser = Browser(installer)
    back = slack.oauth.allow(await browser.begin(), slack.home)
    cookies = dict(browser.cookies)
    assert (await browser.end(back)).status == 200
    browser.cookies = cookies
    again = await browser.end(back)
    assert (again.status, "used before" in again.body) == (401, True)


async def test_two_callbacks_at_once_install_once(slack, installer, book):
    browser = Browser(installer)
    back = slack.oauth.allow(await browser.begin(), slack.home)
    headers = {"Cookie": f"{COOKIE}={browser.cookies[COOKIE]}"}
    async with asyncio.TaskGroup() as tasks:
        both = [tasks.create_task(installer.end(headers, urlsplit(back).query)) for _ in range(2)]
    assert sorted(one.result().status for one in both) == [200, 401]


async def test_a_state_that_expired_installs_nothing(slack, installer, book, clock):
    browser = Browser(installer)
    back = slack.oauth.allow(await browser.begin(), slack.home)
    clock.advance(timedelta(minutes=11))
    assert (await browser.end(back)).status == 401
    assert await book.count(Platform.SLACK) == 0


async def test_a_link_sent_to_somebody_else_installs_nothing(slack, installer, book):
    back = slack.oauth.allow(await Browser(installer).begin(), slack.home)
    page = await Browser(installer).end(back)
    assert (page.status, "same" in page.body or "browser" in page.body) == (400, True)
    assert await book.count(Platform.SLACK) == 0


async def test_slack_that_does_not_answer_is_told_to_the_person(slack, installer, book):
    browser = Browser(installer)
    back = slack.oauth.allow(await browser.begin(), slack.home)
    slack.break_with("oauth.v2.access", faults.reset(committed=False))
    page = await browser.end(back)
    assert (page.status, "Slack does not answer" in page.body) == (502, True)


async def test_a_database_that_is_down_is_told_to_the_person(slack, book, clock):
    class Down:
        async def new_state(self, state, *, expires_at, now):
            return None

        async def use_state(self, state, *, now):
            raise StoreDown

    installer = Installer(cast(Any, Down()), clock, KEYS, api_url=slack.api_url, public_url=PUBLIC)
    browser = Browser(installer)
    back = slack.oauth.allow(await browser.begin(), slack.home)
    assert (await browser.end(back)).status == 503


async def test_two_admins_make_one_tenant_with_the_newest_token(slack, installer, many, book):
    await Browser(installer).install(slack, slack.home)
    first = (await many.client(slack.home.id)).token
    await Browser(installer).install(slack, slack.home)
    assert await book.count(Platform.SLACK) == 1
    assert (await book.find(Platform.SLACK, slack.home.id)).token != first


async def test_each_workspace_is_spoken_to_with_its_own_token(slack, installer, many):
    other = slack.add_workspace("T0LABB0001", "lab-b", "xoxb-unused")
    await Browser(installer).install(slack, slack.home)
    await Browser(installer).install(slack, other)
    for team in (slack.home, other):
        client = await many.client(team.id)
        assert (await client.auth_test())["team_id"] == team.id
    assert await many.client("T0NOBODY01") is None


async def test_an_organisation_installs_once_for_all_its_workspaces(slack, installer, many):
    one = slack.add_workspace("T0ORGONE01", "one", "xoxb-unused1")
    two = slack.add_workspace("T0ORGTWO01", "two", "xoxb-unused2")
    one.organisation = two.organisation = "E0ORG00001"
    channel = slack.add_channel("papers", "C0ORGTWO01", workspace=two)
    page = await Browser(installer).install(slack, one, organisation="E0ORG00001")
    assert page.status == 200
    # A command tells the organisation; later a scheduled post knows the workspace alone.
    assert await many.client(two.id, "E0ORG00001") is not None
    client = await many.client(two.id)
    await client.chat_postMessage(channel=channel.id, text="hello")
    assert [message.text for message in channel.messages] == ["hello"]


async def test_a_token_is_renewed_before_it_ends(slack, installer, many, clock):
    slack.oauth.rotation = True
    await Browser(installer).install(slack, slack.home)
    first = (await many.client(slack.home.id)).token
    clock.advance(timedelta(seconds=TOKEN_SECONDS) - timedelta(hours=1))
    second = await many.client(slack.home.id)
    assert second.token != first
    assert (await second.auth_test())["ok"]
    clock.advance(timedelta(days=3))
    third = await many.client(slack.home.id)
    assert (await third.auth_test())["ok"]
    assert slack.oauth.refreshed == 2


async def test_workers_that_renew_at_once_use_up_one_refresh_token(slack, installer, book, clock):
    slack.oauth.rotation = True
    await Browser(installer).install(slack, slack.home)
    clock.advance(timedelta(days=1))
    workers = [ManyWorkspaces(book, clock, KEYS, api_url=slack.api_url) for _ in range(5)]
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(worker.client(slack.home.id)) for worker in workers]
    tokens = {task.result().token for task in running}
    assert len(tokens) == 1
    assert slack.oauth.refreshed == 1
    for task in running:
        assert (await task.result().auth_test())["ok"]


async def test_scheduled_posts_of_two_workers_renew_the_token_once_and_both_arrive(
    slack, installer, book, clock
):
    slack.oauth.rotation = True
    await Browser(installer).install(slack, slack.home)
    clock.advance(timedelta(days=1))
    channel = Channel(Platform.SLACK, slack.home.id, slack.general.id)
    workers = [
        WorkspacesMessenger(ManyWorkspaces(book, clock, KEYS, api_url=slack.api_url))
        for _ in range(2)
    ]
    async with asyncio.TaskGroup() as tasks:
        posts = [
            tasks.create_task(worker.post(channel, {"text": f"digest {n}"}, marker=f"m{n}"))
            for n, worker in enumerate(workers)
        ]
    assert all(isinstance(task.result(), Posted) for task in posts)
    assert slack.oauth.refreshed == 1
    assert sorted(one.text for one in slack.general.messages) == ["digest 0", "digest 1"]


async def test_a_renewal_that_slack_refuses_leaves_the_old_token_while_it_lasts(
    slack, installer, many, clock, caplog
):
    slack.oauth.rotation = True
    await Browser(installer).install(slack, slack.home)
    slack.oauth.refresh_tokens.clear()
    clock.advance(timedelta(hours=11))
    client = await many.client(slack.home.id)
    assert (await client.auth_test())["ok"]
    assert "install the app in this workspace again" in caplog.text
    assert "xoxe" not in caplog.text


async def test_a_token_taken_back_elsewhere_is_used_no_longer_than_half_a_minute(
    slack, installer, many, book, clock
):
    await Browser(installer).install(slack, slack.home)
    assert await many.client(slack.home.id) is not None
    await book.remove(Platform.SLACK, slack.home.id, now=clock.now())
    clock.advance(timedelta(seconds=31))
    assert await many.client(slack.home.id) is None
