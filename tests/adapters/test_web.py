import asyncio
import socket
from contextlib import asynccontextmanager
from io import BytesIO

import aiohttp
import pytest

from adapters.web import PrometheusMeter, Route, Watch, WebServer, app
from adapters.web.meter import MOST_SERIES
from bot.model import metrics
from bot.model.errors import ConfigError
from bot.ports import Unmetered


async def nothing_wrong():
    return {}


@asynccontextmanager
async def serving(readiness=nothing_wrong, routes=()):
    async with (
        WebServer(0, readiness=readiness, routes=routes) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session,
    ):
        yield server, session


class Door:
    """Receives like Slack's, and remembers."""

    def __init__(self, answer=(200, "", "text/plain")):
        self.answer = answer
        self.received = []

    async def __call__(self, headers, body):
        self.received.append((headers, body))
        return self.answer

    @property
    def route(self):
        return Route("/slack/events", self)


async def test_a_running_process_says_that_it_lives_and_is_ready():
    async with serving() as (_, session):
        async with session.get("/livez") as live:
            assert (live.status, await live.json()) == (200, {"live": True})
        async with session.get("/readyz") as ready:
            assert (ready.status, await ready.json()) == (200, {"ready": True, "problems": {}})


async def test_what_is_refused_at_the_door_is_counted_by_its_status_alone():
    meter = PrometheusMeter()
    door = Door((401, "", "text/plain"))
    async with (
        WebServer(0, readiness=nothing_wrong, routes=[door.route], meter=meter) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session,
    ):
        async with session.post("/slack/events", data=b"forged"):
            pass
        async with session.post("/slack/events", data=BytesIO(b"x" * (app.LARGEST_BODY + 1))):
            pass
        door.answer = (200, "", "text/plain")
        async with session.post("/slack/events", data=b"signed"):
            pass
    page = meter.page()[1].decode()
    for status in (401, 413):
        assert f'paperwire_inbound_rejected_total{{reason="{status}"}} 1.0' in page
    assert 'reason="200"' not in page


async def test_a_bot_without_its_database_lives_but_is_not_ready_and_says_why():
    async def broken():
        return {"database": "It is at schema 3, this version needs 4; run `papers migrate`."}

    async with serving(broken) as (_, session):
        async with session.get("/readyz") as ready:
            assert ready.status == 503
            told = await ready.json()
        async with session.get("/livez") as live:
            assert live.status == 200

    assert told == {"ready": False, "problems": await broken()}


async def test_a_database_that_does_not_answer_is_a_reason_too(monkeypatch):
    monkeypatch.setattr(app, "READY_WITHIN_S", 0.02)

    async def hanging():
        await asyncio.sleep(60)
        return {}

    async with serving(hanging) as (_, session), session.get("/readyz") as ready:
        assert ready.status == 503
        assert (await ready.json())["problems"] == {"readiness": "no answer within 0.02 s"}


async def test_a_stopping_bot_lives_but_takes_no_new_work():
    async with serving() as (server, session):
        server.stopping()
        async with session.get("/readyz") as ready:
            assert ready.status == 503
            assert (await ready.json())["problems"] == {"process": "is stopping"}
        async with session.get("/livez") as live:
            assert live.status == 200


async def test_a_mounted_route_gets_headers_and_body_and_its_answer_goes_back():
    door = Door((200, '{"ok":true}', "application/json;charset=utf-8"))
    async with (
        serving(routes=[door.route]) as (_, session),
        session.post(
            "/slack/events", data=b"a=%C3%A4", headers={"X-Slack-Signature": "v0=1"}
        ) as got,
    ):
        assert got.status == 200
        assert got.headers["Content-Type"] == "application/json;charset=utf-8"
        assert await got.text() == '{"ok":true}'

    [(headers, body)] = door.received
    assert body == b"a=%C3%A4"
    assert headers["X-Slack-Signature"] == "v0=1"


async def test_a_refusal_goes_back_as_it_is():
    async with (
        serving(routes=[Door((401, "", "text/plain")).route]) as (_, session),
        session.post("/slack/events", data=b"x") as got,
    ):
        assert got.status == 401
        assert await got.read() == b""


async def test_a_body_over_one_mebibyte_does_not_get_in():
    door = Door()
    async with serving(routes=[door.route]) as (_, session):
        async with session.post("/slack/events", data=BytesIO(bytes(app.LARGEST_BODY))) as fits:
            assert fits.status == 200
        async with session.post(
            "/slack/events", data=BytesIO(bytes(app.LARGEST_BODY + 1))
        ) as large:
            assert large.status == 413

    assert len(door.received) == 1


async def test_a_body_that_trickles_in_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(app, "READ_WITHIN_S", 0.05)
    door = Door()
    async with serving(routes=[door.route]) as (server, _), asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx")
        assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()

    assert door.received == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/slack/events", 404), ("POST", "/livez", 405)],
)
async def test_anything_else_is_not_there(method, path, status):
    async with serving() as (_, session), session.request(method, path) as got:
        assert got.status == status


async def test_answers_tell_nothing_about_the_machine():
    async with serving() as (_, session), session.get("/nowhere") as got:
        assert got.headers["Server"] == "paperwire"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Cache-Control"] == "no-store"


async def test_it_is_reached_on_every_interface():
    async with serving() as (server, _):
        reader, writer = await asyncio.open_connection("127.0.0.2", server.port)
        writer.write(b"GET /livez HTTP/1.0\r\n\r\n")
        assert b"200 OK" in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_a_port_in_use_is_named_by_its_variable():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError, match="PORT cannot be used: another program listens"):
            async with WebServer(port, readiness=nothing_wrong):
                pass


async def test_the_port_is_free_again_afterwards():
    async with serving() as (server, _):
        port = server.port
    async with WebServer(port, readiness=nothing_wrong) as again:
        assert again.port == port


# --- for those who run the bot ------------------------------------------------------------------


def watch(token=""):
    meter = PrometheusMeter()
    meter.count(metrics.DELIVERIES, platform="slack", kind="post", outcome="Posted")

    async def figures():
        return meter.page()

    async def details():
        return {"jobs": {"deliver": {"done": 3}}}

    return Watch(figures, details, token=token)


@asynccontextmanager
async def watched(token=""):
    async with (
        WebServer(0, readiness=nothing_wrong, watch=watch(token)) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session,
    ):
        yield session


async def test_this_machine_may_read_the_metrics():
    async with watched() as session, session.get("/metrics") as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = await answer.text()
    line = 'paperwire_deliveries_total{kind="post",outcome="Posted",platform="slack"} 1.0'
    assert line in text
    assert "paperwire_leases_lost_total" in text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
@pytest.mark.parametrize("path", ["/metrics", "/healthz?verbose"])
async def test_whoever_comes_through_a_proxy_sees_no_metrics(header, path):
    async with watched() as session, session.get(path, headers={header: "203.0.113.9"}) as answer:
        assert answer.status == 404
        assert "Posted" not in await answer.text()


async def test_with_a_token_only_the_token_opens_the_metrics():
    async with watched("0123456789abcdef") as session:
        for given, status in (
            ({}, 404),
            ({"Authorization": "Bearer 0123456789abcdeF"}, 404),
            ({"Authorization": "Bearer ü"}, 404),
            ({"Authorization": "Bearer 0123456789abcdef"}, 200),
            ({"Authorization": "Bearer 0123456789abcdef", "X-Forwarded-For": "1.2.3.4"}, 200),
        ):
            for path in ("/metrics", "/healthz?verbose"):
                async with session.get(path, headers=given) as answer:
                    assert answer.status == status, (given, path)


async def test_the_verbose_health_page_tells_all_and_the_short_one_only_whether_it_is_ready():
    async with watched() as session:
        async with session.get("/healthz?verbose") as verbose:
            assert (await verbose.json())["jobs"] == {"deliver": {"done": 3}}
        async with session.get("/healthz", headers={"Via": "proxy"}) as short:
            assert (short.status, await short.json()) == (200, {"ready": True, "problems": {}})


def test_a_metric_takes_exactly_its_labels():
    for meter in (PrometheusMeter(), Unmetered()):
        with pytest.raises(TypeError, match="deliveries_total"):
            meter.count(metrics.DELIVERIES, platform="slack", channel="C1")
        with pytest.raises(TypeError, match="deliveries_total"):
            meter.gauge(metrics.DELIVERIES, 1, platform="slack", kind="post", outcome="Posted")


def test_no_metric_is_labelled_with_what_people_read_or_who_they_are():
    labels = {label for metric in metrics.ALL for label in metric.labels}
    assert not labels & {"channel", "user", "member", "query", "filter", "paper", "workspace"}


def test_a_metric_that_gets_too_many_labels_stays_small():
    meter = PrometheusMeter()
    for number in range(MOST_SERIES + 50):
        meter.count(metrics.INBOUND_REJECTED, reason=f"reason {number}")
    lines = meter.page()[1].decode().splitlines()
    rejected = [line for line in lines if line.startswith("paperwire_inbound_rejected_total{")]
    assert len(rejected) == MOST_SERIES + 1
    assert 'paperwire_inbound_rejected_total{reason="other"} 50.0' in rejected


def test_a_feed_is_labelled_by_its_host_alone():
    assert metrics.source_label("feed:https://lab.example/rss?key=secret") == "feed:lab.example"
    assert metrics.source_label("arxiv_rss:cs.CL") == "arxiv_rss:cs.CL"
