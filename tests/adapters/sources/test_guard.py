"""Feed addresses come from people: none leads into the operator's own network."""

from datetime import UTC, datetime

import pytest

from adapters.sources import guard
from adapters.sources.exchange import Request
from adapters.sources.gates import Manners
from adapters.sources.guard import checked_address, is_public
from adapters.sources.http import Fetcher
from bot.model.errors import SourceDown, SourceRefused


class FixedClock:
    def now(self):
        return datetime(2026, 4, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2002:a00:1::",
        "2001::1",
        "2001:db8::1",
        "nonsense",
    ],
)
def test_private_and_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address):
    assert is_public(address)


def resolver(*addresses):
    async def resolve(host, port):
        return list(addresses)

    return resolve


async def test_the_checked_address_is_the_one_connected_to():
    found = await checked_address(
        "a", "https://example.org/feed", resolver("2606:2800:220:1::1", "93.184.216.34")
    )
    assert found == "93.184.216.34"


async def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(SourceRefused, match="not public"):
        await checked_address("a", "https://example.org/", resolver("93.184.216.34", "10.0.0.1"))


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "[::ffff:10.0.0.1]"])
async def test_odd_ways_to_write_a_private_address_are_seen_through(host):
    # What the system's resolver makes of the first three.
    resolve = resolver("127.0.0.1" if "[" not in host else "::ffff:10.0.0.1")
    with pytest.raises(SourceRefused, match="not public"):
        await checked_address("a", f"http://{host}/", resolve)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://user:secret@example.org/", "user name or password"),
        ("https://example.org:8443/", "port other"),
        ("https://example.org:99999/", "no web address"),
        ("https://example.org/" + "x" * 10_000, "longer than"),
        ("https://bücher.example/", "unusual form"),
        ("https://example.org./", "unusual form"),
        ("file:///etc/passwd", "no http or https"),
        ("gopher://example.org/", "no http or https"),
        ("https:///feed", "no http or https"),
        ("http://[::1", "no web address"),
    ],
)
async def test_unusual_addresses_are_refused_and_secrets_not_repeated(url, says):
    with pytest.raises(SourceRefused, match=says) as caught:
        await checked_address("a", url, resolver("93.184.216.34"))
    assert "secret" not in str(caught.value)


async def test_a_name_nobody_knows_may_come_back():
    async def fails(host, port):
        raise OSError("Name or service not known")

    with pytest.raises(SourceDown, match="cannot be resolved"):
        await checked_address("a", "https://gone.example/", fails)


@pytest.fixture
def open_port(site, monkeypatch):
    """Lets this machine's server stand for a public one."""
    port = int(site.url.rpartition(":")[2])
    monkeypatch.setattr(guard, "PORTS", frozenset({port}))
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    return port


async def test_a_feed_is_asked_by_its_name_at_the_address_that_was_checked(site, open_port):
    site.on("/feed", site.reply(b"<rss/>"))
    async with Fetcher(agent="a", clock=FixedClock(), resolve=resolver("127.0.0.1")) as strict:
        url = f"http://feeds.example:{open_port}/feed"
        reply = await strict.get(Request(source="a", url=url, public_only=True))
    assert reply.url == url
    assert site.seen[0].headers["host"] == f"feeds.example:{open_port}"


async def test_every_redirect_is_checked_anew(site, open_port):
    site.on("/feed", site.reply("", 302, Location="/other"))
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def changing(host, port):
        return answers.pop(0)

    async with Fetcher(
        agent="a", clock=FixedClock(), resolve=changing, manners={"feeds.example": Manners(gap=0)}
    ) as strict:
        request = Request(
            source="a", url=f"http://feeds.example:{open_port}/feed", public_only=True
        )
        with pytest.raises(SourceRefused, match="not public"):
            await strict.get(request)
    assert site.targets == ["/feed"]
