"""Sources misbehave in many ways; each ends in one clear sentence, and nothing hangs or bursts."""

import asyncio
import gzip
import logging
from datetime import timedelta

import pytest

from adapters.sources.exchange import Request
from adapters.sources.http import Fetcher, user_agent
from bot.model.errors import SourceDown, SourceError, SourceGarbled, SourceRefused


def ask(site, path="/x", **more):
    return Request(source="a_source", url=site.url + path, **more)


async def test_a_reply_comes_whole_with_its_validators(site, fetcher):
    site.on("/x", site.reply(b"<rss/>", ETag='"v1"', Last_Modified="Mon, 01 Jan 2026"))
    reply = await fetcher.get(ask(site))
    assert (reply.status, reply.body) == (200, b"<rss/>")
    assert (reply.etag, reply.modified) == ('"v1"', "Mon, 01 Jan 2026")


async def test_we_say_who_we_are_and_ask_only_for_news(site, fetcher):
    site.on("/x", site.reply(b"", 304))
    reply = await fetcher.get(ask(site, etag='"v1"', modified="yesterday"))
    assert reply.unchanged
    headers = site.seen[0].headers
    assert headers["user-agent"] == "paperwire/0 (mailto:lab@example.org)"
    assert headers["if-none-match"] == '"v1"'
    assert headers["if-modified-since"] == "yesterday"
    assert "cookie" not in headers


def test_the_user_agent_names_the_operator():
    assert user_agent("1.2", "lab@example.org") == "paperwire/1.2 (mailto:lab@example.org)"
    assert (
        user_agent("1.2", "https://example.org/bot") == "paperwire/1.2 (+https://example.org/bot)"
    )
    assert user_agent("1.2", None) == "paperwire/1.2"


async def test_cookies_are_not_kept(site, fetcher):
    site.on("/x", site.reply(b"{}", Set_Cookie="track=1; Path=/"))
    await fetcher.get(ask(site))
    await fetcher.get(ask(site))
    assert "cookie" not in site.seen[1].headers


async def test_packed_replies_are_unpacked(site, fetcher):
    site.on("/x", site.packed(b"<rss/>" * 1000))
    assert (await fetcher.get(ask(site))).body == b"<rss/>" * 1000


async def test_a_gzip_bomb_is_stopped_at_the_cap(site, fetcher):
    site.on("/x", site.packed(b"\0" * 30_000_000))
    with pytest.raises(SourceGarbled, match="over 1 MB"):
        await fetcher.get(ask(site, most_bytes=1 << 20))


async def test_an_endless_reply_is_stopped_at_the_cap(site, fetcher):
    async def endless(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    site.on("/x", endless)
    with pytest.raises(SourceGarbled, match="over 1 MB"):
        await fetcher.get(ask(site, most_bytes=1 << 20))


async def test_a_reply_that_drips_is_given_up(site, fetcher):
    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    site.on("/x", drip)
    with pytest.raises(SourceDown, match=r"a_source: 127\.0\.0\.1 did not finish .* within 0\.2 s"):
        await fetcher.get(ask(site, within=0.2))


@pytest.mark.parametrize(
    ("raw", "error", "says"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
            SourceDown,
            "no proper answer",
        ),
        (b"not HTTP at all\r\n\r\n", SourceDown, "no proper answer"),
        (b"", SourceDown, "no proper answer"),
    ],
)
async def test_broken_replies_mean_try_later(site, fetcher, raw, error, says):
    site.on("/x", raw)
    with pytest.raises(error, match=says):
        await fetcher.get(ask(site))


async def test_packed_data_cut_short_means_try_later(site, fetcher):
    packed = gzip.compress(b"<rss>" + bytes(range(256)) * 50)
    site.on("/x", site.reply(packed[:-200], Content_Encoding="gzip"))
    with pytest.raises(SourceDown, match="cut short"):
        await fetcher.get(ask(site))


async def test_packed_data_that_is_none_is_garbled(site, fetcher):
    site.on("/x", site.reply(b"plain text", Content_Encoding="gzip"))
    with pytest.raises(SourceGarbled, match="damaged gzip"):
        await fetcher.get(ask(site))


async def test_another_packing_is_refused(site, fetcher):
    site.on("/x", site.reply(b"xx", Content_Encoding="br"))
    with pytest.raises(SourceGarbled, match="did not ask for"):
        await fetcher.get(ask(site))


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        ("", SourceDown, "empty body"),
        ("  \n ", SourceDown, "empty body"),
        ("Rate exceeded.", SourceDown, "Rate exceeded"),
        ("<!DOCTYPE html><title>Log in</title>", SourceGarbled, "web page"),
        ("\ufeff\n<html lang=en>", SourceGarbled, "web page"),
    ],
)
async def test_a_good_status_with_a_bad_body_is_no_reply(site, fetcher, body, error, says):
    site.on("/x", site.reply(body))
    with pytest.raises(error, match=rf"a_source: 127\.0\.0\.1 .*{says}"):
        await fetcher.get(ask(site))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
async def test_refusals_need_a_person(site, fetcher, status):
    site.on("/x", site.reply("no", status))
    with pytest.raises(SourceRefused, match=f"a_source: 127.0.0.1 answered {status} "):
        await fetcher.get(ask(site))
    assert len(site.seen) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 599])
async def test_outages_are_tried_again_at_once_and_then_left_to_the_schedule(
    site, fetcher, virtual, status
):
    site.on("/x", site.reply("down", status))
    with pytest.raises(SourceDown, match=f"answered {status}") as caught:
        await fetcher.get(ask(site))
    assert caught.value.wait is None
    assert len(site.seen) == 2
    assert sum(virtual.slept) <= 4


async def test_a_short_outage_is_bridged(site, fetcher):
    site.on("/x", site.reply("down", 503), site.reply(b"<rss/>"))
    assert (await fetcher.get(ask(site))).body == b"<rss/>"


async def test_a_short_wait_that_is_asked_for_is_kept(site, fetcher, virtual):
    site.on("/x", site.reply("busy", 503, Retry_After="3"), site.reply(b"<rss/>"))
    await fetcher.get(ask(site))
    assert sum(virtual.slept) == 3


async def test_a_long_wait_that_is_asked_for_goes_to_the_schedule(site, fetcher):
    site.on("/x", site.reply("busy", 503, Retry_After="120"))
    with pytest.raises(SourceDown) as caught:
        await fetcher.get(ask(site))
    assert caught.value.wait == timedelta(seconds=120)
    with pytest.raises(SourceDown, match="asked for a pause; 120 s") as caught:
        await fetcher.get(ask(site, "/other"))
    assert caught.value.wait is not None
    assert len(site.seen) == 1


async def test_arxiv_is_left_alone_for_ten_minutes_after_too_many_requests(site, polite_fetcher):
    site.on("/x", site.reply("Rate exceeded.", 429, Retry_After="5"))
    with pytest.raises(SourceDown, match="429") as caught:
        await polite_fetcher.get(ask(site))
    assert caught.value.wait == timedelta(minutes=10)
    assert len(site.seen) == 1


async def test_too_many_requests_without_a_wait_means_a_minute(site, fetcher):
    site.on("/x", site.reply("slow down", 429))
    with pytest.raises(SourceDown) as caught:
        await fetcher.get(ask(site))
    assert caught.value.wait == timedelta(minutes=1)


async def test_one_request_at_a_time_with_three_seconds_in_between(site, polite_fetcher, virtual):
    running = most = 0
    starts, ends = [], []

    async def slow(writer):
        nonlocal running, most
        running += 1
        most = max(most, running)
        starts.append(virtual.passed)
        virtual.passed += 2
        await asyncio.sleep(0.01)
        ends.append(virtual.passed)
        running -= 1
        writer.write(site.reply(b"<rss/>"))

    site.on("/x", slow)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(polite_fetcher.get(ask(site)))
    assert most == 1
    gaps = [start - end for start, end in zip(starts[1:], ends[:-1], strict=True)]
    assert all(gap >= 3 for gap in gaps)


async def test_a_fifth_of_the_rate_limit_is_left_to_others(site, fetcher):
    site.on(
        "/x",
        site.reply(
            b"[]",
            RateLimit='"api";r=100;t=90',
            RateLimit_Policy='"fixed window";"api";q=500;w=300',
        ),
    )
    await fetcher.get(ask(site))
    with pytest.raises(SourceDown, match="pause") as caught:
        await fetcher.get(ask(site))
    assert caught.value.wait == timedelta(seconds=91)


async def test_redirects_within_the_host_are_followed(site, fetcher):
    site.on("/x", site.reply("", 302, Location="/y"))
    site.on("/y", site.reply(b"<rss/>"))
    reply = await fetcher.get(ask(site))
    assert reply.url == site.url + "/y"


@pytest.mark.parametrize(
    "where",
    [
        "http://example.org/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[::1",
        "",
        "javascript:alert(1)",
    ],
)
async def test_redirects_elsewhere_are_not_followed(site, fetcher, where):
    site.on("/x", site.reply("", 301, Location=where))
    with pytest.raises(SourceError, match=r"do not follow|no web address|Invalid URL"):
        await fetcher.get(ask(site))


async def test_a_redirect_loop_ends(site, fetcher):
    site.on("/x", site.reply("", 307, Location="/x"))
    with pytest.raises(SourceRefused, match="redirects more than 3 times"):
        await fetcher.get(ask(site))
    assert len(site.seen) == 4


async def test_a_token_goes_to_its_own_host_only(site, fetcher):
    site.on("/x", site.reply(b"[]"))
    request = ask(site, token="hf_canary")
    await fetcher.get(request)
    assert site.seen[0].headers["authorization"] == "Bearer hf_canary"
    assert "canary" not in repr(request)


async def test_addresses_with_queries_are_not_logged(site, fetcher, caplog):
    caplog.set_level(logging.INFO)
    site.on("/x", site.reply(b"[]"))
    await fetcher.get(ask(site, "/x?key=canary"))
    assert "canary" not in caplog.text


async def test_nobody_listening_means_try_later(fetcher):
    with pytest.raises(SourceDown, match=r"no proper answer from 127\.0\.0\.1"):
        await fetcher.get(Request(source="a", url="http://127.0.0.1:9/x"))


@pytest.mark.parametrize("url", ["http://", "nonsense", "http://[::1", "ftp://127.0.0.1/", ""])
async def test_what_is_no_address_is_refused(fetcher, url):
    with pytest.raises(SourceError):
        await fetcher.get(Request(source="a", url=url))


async def test_a_feed_address_inside_our_network_is_never_asked(site, virtual):
    clock = None
    async with Fetcher(agent="a", clock=clock, ticks=virtual.ticks, sleep=virtual.sleep) as strict:  # type: ignore[arg-type]
        with pytest.raises(SourceRefused, match="port other than 80 and 443"):
            await strict.get(ask(site, public_only=True))
        with pytest.raises(SourceRefused, match="not public"):
            await strict.get(Request(source="a", url="http://127.0.0.1/x", public_only=True))
    assert site.seen == []
