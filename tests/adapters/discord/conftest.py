"""A lab with a channel, somebody in it, and somebody who manages it."""

import pytest

from tests.adapters.discord.listening import Answering, Knowing, gateway, over_http
from tests.servers.discord import UNLIMITED, DiscordServer


@pytest.fixture
async def server():
    async with DiscordServer(limits=UNLIMITED) as running:
        with running.library():
            yield running
        assert running.violations == []


@pytest.fixture
def lab(server):
    return server.add_guild("Lab")


@pytest.fixture
def channel(server, lab):
    return server.add_channel(lab)


@pytest.fixture
def anna(server, lab):
    return server.add_member(lab, "anna")


@pytest.fixture
def chief(server, lab):
    return server.add_member(lab, "chief", manages=True)


@pytest.fixture
def answering():
    return Answering()


@pytest.fixture
def knows():
    return Knowing()


@pytest.fixture(params=[gateway, over_http], ids=["gateway", "http"])
async def bot(request, server, lab, channel, answering, knows):
    """Whoever answers, behind the bot by both ways in."""
    async with request.param(server, answering, knows):
        yield answering


@pytest.fixture
async def on_gateway(server, lab, channel, answering, knows):
    async with gateway(server, answering, knows):
        yield answering
