"""The local Slack keeps Slack's rules, seen through the stock SDK and stock Bolt."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.servers.slack import (
    APP_TOKEN,
    DEFAULT_USER,
    SIGNING_SECRET,
    Outcome,
    Pace,
    SlackServer,
    faults,
)
from tests.servers.slack.oauth import CLIENT_ID, CLIENT_SECRET
from tests.servers.slack.reference import default_reference
from tests.servers.slack.visible import links

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


@pytest.fixture
async def slack():
    async with SlackServer() as server:
        yield server


def client_of(slack: SlackServer, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(
        token=slack.bot_token if token is None else token,
        base_url=slack.api_url,
        retry_handlers=[],
    )


async def refused(call: Awaitable[Any]) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


@asynccontextmanager
async def bolt_over_sockets(slack: SlackServer, register: Any) -> AsyncIterator[AsyncApp]:
    app = AsyncApp(client=client_of(slack))
    register(app)
    handler = AsyncSocketModeHandler(app, APP_TOKEN)
    await handler.connect_async()
    await slack.sockets.wait_for(1)
    try:
        yield app
    finally:
        await handler.close_async()


@asynccontextmanager
async def bolt_over_http(slack: SlackServer, register: Any) -> AsyncIterator[AsyncApp]:
    app = AsyncApp(client=client_of(slack), signing_secret=SIGNING_SECRET)
    register(app)

    async def endpoint(request):
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    web_app = aiohttp.web.Application()
    web_app.router.add_post("/slack/events", endpoint)
    runner = aiohttp.web.AppRunner(web_app, shutdown_timeout=0.1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield app
    finally:
        await runner.cleanup()


def echo(app):
    async def command(ack, respond, command):
        await ack()
        await respond(f"you said {command['text']}")

    async def click(ack, respond, action):
        await ack()
        await respond(f"pressed {action['value']}", replace_original=False)

    app.command("/papers")(command)
    app.action("more")(click)


BOLTS = pytest.mark.parametrize("bolt", [bolt_over_sockets, bolt_over_http])


# --- tokens, channels, content ---


async def test_the_token_says_who_the_app_is(slack):
    answer = await client_of(slack).auth_test()
    assert answer["team_id"] == slack.home.id
    assert answer["bot_id"].startswith("B")
    assert len(slack.general.id) >= 9


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
async def test_a_wrong_token_is_refused(slack, token, error):
    assert (await refused(client_of(slack, token).auth_test()))["error"] == error


async def test_a_revoked_token_is_refused_everywhere(slack):
    slack.home.token_error = "token_revoked"
    call = client_of(slack).chat_postMessage(channel=slack.general.id, text="hi")
    assert (await refused(call))["error"] == "token_revoked"


async def test_a_missing_scope_is_named(slack):
    slack.home.scopes.discard("chat:write")
    answer = await refused(client_of(slack).chat_postMessage(channel=slack.general.id, text="hi"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")


async def test_a_posted_message_is_visible_and_can_be_edited_and_deleted(slack):
    client = client_of(slack)
    posted = await client.chat_postMessage(channel=slack.general.id, text="one &lt;b&gt;")
    assert [m.shown for m in slack.general.messages] == ["one <b>"]
    await client.chat_update(channel=slack.general.id, ts=posted["ts"], text="two")
    assert slack.general.messages[0].shown == "two"
    assert slack.general.messages[0].versions[0][0] == "one &lt;b&gt;"
    link = await client.chat_getPermalink(channel=slack.general.id, message_ts=posted["ts"])
    assert link["permalink"].startswith("https://lab.slack.com/archives/C0PAPERS01/p")
    await client.chat_delete(channel=slack.general.id, ts=posted["ts"])
    assert slack.general.messages == []
    gone = await refused(client.chat_update(channel=slack.general.id, ts=posted["ts"], text="3"))
    assert gone["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"archived": True}, "is_archived"),
        ({"posting_error": "restricted_action_read_only_channel"}, None),
        ({"kind": "private", "bot_is_member": False}, "channel_not_found"),
    ],
)
async def test_a_channel_that_cannot_be_posted_to_says_why(slack, state, error):
    channel = slack.add_channel("other", **state)
    answer = await refused(client_of(slack).chat_postMessage(channel=channel.id, text="hi"))
    assert answer["error"] == error or state["posting_error"]
    assert channel.messages == []


async def test_a_public_channel_takes_strangers_only_with_the_scope_for_it(slack):
    channel = slack.add_channel("other", bot_is_member=False)
    client = client_of(slack)
    await client.chat_postMessage(channel=channel.id, text="hi")
    slack.home.scopes.discard("chat:write.public")
    answer = await refused(client.chat_postMessage(channel=channel.id, text="hi"))
    assert answer["error"] == "not_in_channel"
    await client.conversations_join(channel=channel.id)
    await client.chat_postMessage(channel=channel.id, text="hi")


async def test_an_unknown_channel_is_not_found(slack):
    answer = await refused(client_of(slack).chat_postMessage(channel="C0NOWHERE1", text="hi"))
    assert answer["error"] == "channel_not_found"


async def test_two_workspaces_do_not_see_each_other(slack):
    other = slack.add_workspace("T0OTHER001", "other", "xoxb-other")
    private = slack.add_channel("theirs", workspace=other)
    answer = await refused(client_of(slack).chat_postMessage(channel=private.id, text="hi"))
    assert answer["error"] == "channel_not_found"
    await client_of(slack, "xoxb-other").chat_postMessage(channel=private.id, text="hi")
    assert len(private.messages) == 1


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
async def test_a_message_without_content_is_refused(slack):
    call = client_of(slack).chat_postMessage(channel=slack.general.id)
    assert (await refused(call))["error"] == "no_text"


async def test_text_over_forty_thousand_characters_is_cut_with_a_warning(slack):
    answer = await client_of(slack).chat_postMessage(channel=slack.general.id, text="x" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(slack.general.messages[0].text) == 40_000


@pytest.mark.parametrize(
    ("blocks", "complaint"),
    [
        ([SECTION] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
            "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
        ([{**SECTION, "colour": 1}], "invalid additional property: colour"),
        ([{**SECTION, "block_id": "a"}] * 2, "block_id a already exists"),
        (
            [{"type": "actions", "elements": [{"type": "button", "action_id": "a"}] * 26}],
            "no more than 25 items allowed",
        ),
        (
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [{"type": "link", "url": "javascript:alert(1)"}],
                        }
                    ],
                }
            ],
            "must be a valid URL",
        ),
    ],
)
async def test_blocks_outside_the_rules_are_refused_with_the_place(slack, blocks, complaint):
    call = client_of(slack).chat_postMessage(channel=slack.general.id, text="x", blocks=blocks)
    answer = await refused(call)
    assert answer["error"] == "invalid_blocks"
    assert any(complaint in line for line in answer["response_metadata"]["messages"])


async def test_too_much_text_in_all_blocks_together_is_refused(slack):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 4
    call = client_of(slack).chat_postMessage(channel=slack.general.id, text="x", blocks=blocks)
    assert (await refused(call))["error"] == "msg_blocks_too_long"


async def test_mentions_and_links_are_noticed_wherever_they_stand(slack):
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel> <https://x.org|y>"}},
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [
                        {"type": "broadcast", "range": "here"},
                        {"type": "text", "text": "<!everyone> *plain*"},
                    ],
                }
            ],
        },
    ]
    await client_of(slack).chat_postMessage(
        channel=slack.general.id, text="<@U12345678> &lt;!here&gt;", blocks=blocks
    )
    message = slack.general.messages[0]
    assert message.mentions == ["U12345678", "channel", "here"]
    assert links(message.blocks) == ["https://x.org"]
    assert message.shown == "@channel y\n@here<!everyone> *plain*"


# --- reading back ---


async def test_history_gives_metadata_back_newest_first_and_only_when_asked(slack):
    client = client_of(slack)
    for number in range(3):
        await client.chat_postMessage(
            channel=slack.general.id,
            text=f"m{number}",
            metadata={"event_type": "delivery", "event_payload": {"id": f"d{number}"}},
        )
    read = await client.conversations_history(channel=slack.general.id, include_all_metadata=True)
    assert [m["metadata"]["event_payload"]["id"] for m in read["messages"]] == ["d2", "d1", "d0"]
    bare = await client.conversations_history(channel=slack.general.id)
    assert "metadata" not in bare["messages"][0]


async def test_history_comes_in_pages_and_within_bounds(slack):
    client = client_of(slack)
    times = [slack.people.say(f"m{n}").ts for n in range(5)]
    first = await client.conversations_history(channel=slack.general.id, limit=2)
    second = await client.conversations_history(
        channel=slack.general.id, limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    assert [m["text"] for m in first["messages"] + second["messages"]] == ["m4", "m3", "m2", "m1"]
    later = await client.conversations_history(channel=slack.general.id, oldest=times[3])
    assert [m["text"] for m in later["messages"]] == ["m4"]


async def test_history_needs_membership_and_a_scope(slack):
    client = client_of(slack)
    outside = slack.add_channel("outside", bot_is_member=False)
    answer = await refused(client.conversations_history(channel=outside.id))
    assert answer["error"] == "not_in_channel"
    slack.home.scopes.discard("channels:history")
    answer = await refused(client.conversations_history(channel=slack.general.id))
    assert answer["error"] == "missing_scope"


async def test_metadata_without_a_payload_is_refused(slack):
    call = client_of(slack).chat_postMessage(
        channel=slack.general.id, text="x", metadata={"event_type": "delivery"}
    )
    assert (await refused(call))["error"] == "invalid_metadata_schema"


async def test_channels_are_listed_in_pages_and_direct_channels_opened(slack):
    for number in range(3):
        slack.add_channel(f"c{number}", archived=number == 2)
    client = client_of(slack)
    page = await client.conversations_list(limit=2, exclude_archived=True)
    rest = await client.conversations_list(
        limit=2, exclude_archived=True, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [c["name"] for c in page["channels"] + rest["channels"]] == ["papers", "c0", "c1"]
    info = await client.conversations_info(channel=slack.general.id)
    assert info["channel"]["is_member"]
    direct = await client.conversations_open(users=[DEFAULT_USER])
    await client.chat_postMessage(channel=direct["channel"]["id"], text="psst")
    assert slack.channel(direct["channel"]["id"]).messages[0].text == "psst"
    assert (await client.users_info(user=DEFAULT_USER))["user"]["tz"] == "Europe/London"


# --- limits and faults ---


async def test_more_than_a_message_a_second_in_one_channel_is_limited(slack):
    client = client_of(slack)
    other = slack.add_channel("other")
    for number in range(3):
        await client.chat_postMessage(channel=slack.general.id, text=f"{number}")
    answer = await refused(client.chat_postMessage(channel=slack.general.id, text="4"))
    assert (answer.status_code, answer["error"]) == (429, "ratelimited")
    assert answer.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=other.id, text="other channels go on")
    slack.channel_pace = None
    await client.chat_postMessage(channel=slack.general.id, text="4")


async def test_the_limit_runs_on_the_servers_own_clock():
    time = [1_000.0]
    async with SlackServer(channel_pace=Pace(1.0, burst=1), now=lambda: time[0]) as slack:
        client = client_of(slack)
        await client.chat_postMessage(channel=slack.general.id, text="1")
        await refused(client.chat_postMessage(channel=slack.general.id, text="2"))
        time[0] += 1.0
        await client.chat_postMessage(channel=slack.general.id, text="2")
        assert [m.ts for m in slack.general.messages] == ["1000.000000", "1001.000000"]


@pytest.mark.parametrize(
    ("fault", "visible"),
    [
        (faults.server_error(503), 0),
        (faults.server_error(500, committed=True), 1),
        (faults.reset(committed=False), 0),
        (faults.reset(committed=True), 1),
        (faults.html(committed=True), 1),
        (faults.garbled(), 1),
        (faults.limited(30), 0),
        (faults.error("fatal_error", committed=True), 1),
    ],
)
async def test_a_failing_call_leaves_exactly_what_the_fault_says(slack, fault, visible):
    slack.break_with("chat.postMessage", fault)
    client = client_of(slack)
    with pytest.raises((SlackApiError, aiohttp.ClientError)):
        await client.chat_postMessage(channel=slack.general.id, text="x")
    assert len(slack.general.messages) == visible
    await client.chat_postMessage(channel=slack.general.id, text="the fault was for one call")


async def test_a_hanging_call_never_answers(slack):
    slack.break_with("chat.postMessage", faults.hang(committed=True))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client_of(slack).chat_postMessage(channel=slack.general.id, text="x")
    assert len(slack.general.messages) == 1


async def test_the_stock_sdk_posts_twice_when_the_connection_drops_after_the_post(slack):
    slack.break_with("chat.postMessage", faults.reset(committed=True))
    stock = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    await stock.chat_postMessage(channel=slack.general.id, text="x")
    assert len(slack.general.messages) == 2


@pytest.mark.corpus
async def test_an_argument_slack_does_not_know_is_recorded(corpus):
    async with SlackServer(reference=default_reference()) as slack:
        client = client_of(slack)
        await client.chat_postMessage(channel=slack.general.id, text="x", unfurl_links=False)
        assert slack.violations == []
        args = {"channel": slack.general.id, "text": "x", "colour": "red"}
        await client.api_call("chat.postMessage", params=args)
        assert slack.violations == ["chat.postMessage: unknown argument colour"]


# --- people, over Socket Mode and over HTTP ---


@BOLTS
async def test_a_slash_command_is_acknowledged_and_answered_in_private(slack, bolt):
    async with bolt(slack, echo):
        outcome = await slack.people.slash("alignment")
    assert outcome.acked
    assert outcome.seconds < 1
    assert outcome.shown == ["you said alignment"]
    assert slack.general.messages == []
    assert slack.general.ephemeral[DEFAULT_USER][0].text == "you said alignment"


@BOLTS
async def test_a_button_press_reaches_the_app(slack, bolt):
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "More"},
        "action_id": "more",
        "value": "why arxiv:1234.56789",
    }
    async with bolt(slack, echo) as app:
        await app.client.chat_postMessage(
            channel=slack.general.id,
            text="card",
            blocks=[{"type": "actions", "elements": [button]}],
        )
        outcome = await slack.people.click(slack.general.messages[0], "More")
    assert outcome.shown == ["pressed why arxiv:1234.56789"]


@BOLTS
async def test_a_command_nobody_listens_to_is_not_acknowledged(slack, bolt):
    slack.ack_seconds = 0.2
    async with bolt(slack, echo):
        outcome = await slack.people.slash("x", command="/unknown")
    assert not outcome.acked


async def test_a_response_url_takes_five_answers_within_half_an_hour():
    time = [1_000_000.0]
    async with SlackServer(now=lambda: time[0], channel_pace=None) as slack:
        slack.request_url = slack.url  # nothing listens there; only the address is of interest
        first = await slack.people.slash("x", expect=0)
        second = await slack.people.slash("x", expect=0)
        async with aiohttp.ClientSession() as session:

            async def answer(outcome: Outcome) -> tuple[int, str]:
                async with session.post(outcome.response_url, json={"text": "hi"}) as reply:
                    return reply.status, await reply.text()

            assert [(await answer(first))[0] for _ in range(5)] == [200] * 5
            assert await answer(first) == (404, json.dumps({"ok": False, "error": "used_url"}))
            time[0] += 30 * 60 + 1
            assert "expired_url" in (await answer(second))[1]


async def test_a_trigger_opens_one_modal_within_three_seconds():
    time = [1_000_000.0]
    async with SlackServer(now=lambda: time[0]) as slack:
        slack.request_url = slack.url
        client = client_of(slack)
        view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [SECTION]}
        outcome = await slack.people.slash("x", expect=0)
        opened = await client.views_open(trigger_id=outcome.trigger_id, view=view)
        again = await refused(client.views_open(trigger_id=outcome.trigger_id, view=view))
        assert again["error"] == "exchanged_trigger_id"
        longer = {**view, "title": {"type": "plain_text", "text": "T" * 25}}
        bad = await refused(client.views_update(view_id=opened["view"]["id"], view=longer))
        assert "json-pointer:/view/title/text" in bad["response_metadata"]["messages"][0]
        late = await slack.people.slash("x", expect=0)
        time[0] += 3.1
        expired = await refused(client.views_open(trigger_id=late.trigger_id, view=view))
        assert expired["error"] == "expired_trigger_id"


async def test_a_home_tab_is_published_per_person(slack):
    home = {"type": "home", "blocks": [SECTION]}
    await client_of(slack).views_publish(user_id=DEFAULT_USER, view=home)
    assert slack.home.homes[DEFAULT_USER].content == home


async def test_a_form_comes_back_with_its_values(slack):
    heard = []

    def register(app):
        async def submitted(ack, view):
            await ack(response_action="errors", errors={"filter": "does not parse"})
            heard.append(view["state"]["values"]["filter"]["typed"]["value"])

        app.view("subscribe")(submitted)

    async with bolt_over_sockets(slack, register) as app:
        slack.triggers.give("1.2.abc", DEFAULT_USER)
        view = {
            "type": "modal",
            "callback_id": "subscribe",
            "title": {"type": "plain_text", "text": "Subscribe"},
            "blocks": [SECTION],
        }
        await app.client.views_open(trigger_id="1.2.abc", view=view)
        shown = next(iter(slack.home.views.values()))
        outcome = await slack.people.submit(shown, {"filter": {"typed": {"value": "a OR"}}})
    assert outcome.body["errors"] == {"filter": "does not parse"}
    assert heard == ["a OR"]


# --- events and sockets ---


@BOLTS
async def test_an_event_is_delivered(slack, bolt):
    heard = []

    def register(app):
        async def mention(event):
            heard.append(event["text"])

        app.event("app_mention")(mention)

    async with bolt(slack, register):
        event = {"type": "app_mention", "text": "hi", "user": DEFAULT_USER, "channel": "C0PAPERS01"}
        report = await slack.events.send(event)
        assert report.delivered
        async with asyncio.timeout(2):
            while not heard:
                await asyncio.sleep(0.002)
    assert heard == ["hi"]


async def test_an_event_that_fails_is_sent_three_times_more_over_http(slack):
    async with bolt_over_http(slack, lambda app: None):
        report = await slack.events.send({"type": "team_join", "user": {"id": DEFAULT_USER}})
    assert report.statuses == [404] * 4


async def test_a_socket_asked_to_go_comes_back_on_a_new_address(slack):
    async with bolt_over_sockets(slack, echo):
        await slack.sockets.disconnect()
        async with asyncio.timeout(5):
            while slack.sockets.opened < 2:
                await asyncio.sleep(0.01)
        assert (await slack.people.slash("still here")).shown == ["you said still here"]


async def test_a_socket_address_works_once(slack):
    answer = await client_of(slack, APP_TOKEN).apps_connections_open(app_token=APP_TOKEN)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(answer["url"]) as ws:
            assert (await ws.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(answer["url"])


async def test_a_bot_token_opens_no_socket(slack):
    call = client_of(slack).apps_connections_open(app_token=slack.bot_token)
    assert (await refused(call))["error"] == "not_allowed_token_type"


@pytest.mark.parametrize("at", [None, 12])
async def test_bolt_checks_the_signature_of_what_comes_by_http(slack, at):
    async with bolt_over_http(slack, echo), aiohttp.ClientSession() as session:
        body = "command=/papers&text=x"
        headers = slack.signed_headers(body, at=at)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        forged = body if at else body + "&user_id=U0FORGED01"
        async with session.post(slack.request_url, data=forged, headers=headers) as reply:
            assert reply.status == 401


async def test_links_get_a_card_by_unfurl(slack):
    message = slack.people.say("look https://arxiv.org/abs/1234.56789")
    client = client_of(slack)
    card = {"blocks": [SECTION]}
    await client.chat_unfurl(
        channel=slack.general.id,
        ts=message.ts,
        unfurls={"https://arxiv.org/abs/1234.56789": card},
    )
    assert message.unfurls == {"https://arxiv.org/abs/1234.56789": card}
    wrong = client.chat_unfurl(
        channel=slack.general.id, ts=message.ts, unfurls={"https://x.org": card}
    )
    assert (await refused(wrong))["error"] == "cannot_unfurl_url"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own call to aiohttp
async def test_a_code_is_exchanged_for_a_token_once(slack):
    asked = (
        f"{slack.url}/oauth?client_id={CLIENT_ID}&scope=commands&state=s&redirect_uri=https://x/"
    )
    code = slack.oauth.allow(asked, slack.home).split("code=")[1].split("&")[0]
    client = AsyncWebClient(base_url=slack.api_url)
    app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": "https://x/"}
    answer = await client.oauth_v2_access(**app, code=code)
    assert (await client.auth_test(token=answer["access_token"]))["team_id"] == slack.home.id
    assert (await refused(client.oauth_v2_access(**app, code=code)))["error"] == "invalid_code"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's own call to aiohttp
async def test_a_token_that_expires_is_renewed_once_per_refresh_token():
    time = [1_000_000.0]
    async with SlackServer(now=lambda: time[0]) as slack:
        slack.oauth.rotation = True
        asked = f"{slack.url}/oauth?client_id={CLIENT_ID}&scope=commands&state=s&redirect_uri=https://x/"
        code = slack.oauth.allow(asked, slack.home).split("code=")[1].split("&")[0]
        client = AsyncWebClient(base_url=slack.api_url)
        app = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        first = await client.oauth_v2_access(**app, redirect_uri="https://x/", code=code)
        time[0] += first["expires_in"] + 1
        late = await refused(client.auth_test(token=first["access_token"]))
        assert late["error"] == "token_expired"
        renew = {**app, "grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
        second = await client.oauth_v2_access(**renew)
        assert (await client.auth_test(token=second["access_token"]))["ok"]
        assert (await refused(client.oauth_v2_access(**renew)))["error"] == "invalid_refresh_token"
