"""A Slack in virtual time, and what many workspaces need to install the app."""

from datetime import UTC, datetime

import pytest

from adapters.clock import VirtualClock
from adapters.slack.installing import Installer
from adapters.slack.workspaces import AppKeys, ManyWorkspaces
from adapters.store import migrate, open_store
from adapters.store.sealing import new_key
from tests.servers.slack import SlackServer
from tests.servers.slack.oauth import CLIENT_ID, CLIENT_SECRET

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEYS = AppKeys(CLIENT_ID, CLIENT_SECRET)
PUBLIC = "https://papers.example.org"


@pytest.fixture
def clock():
    return VirtualClock(NOW)


@pytest.fixture
async def slack(clock):
    async with SlackServer(channel_pace=None, now=lambda: clock.now().timestamp()) as server:
        yield server
        assert server.violations == []


@pytest.fixture
async def book(tmp_path):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    migrate(url)
    async with open_store(url, keys=[new_key()]) as store:
        yield store.installations


@pytest.fixture
def app_keys():
    return KEYS


@pytest.fixture
def installer(slack, book, clock):
    return Installer(book, clock, KEYS, api_url=slack.api_url, public_url=PUBLIC)


@pytest.fixture
def many(slack, book, clock):
    return ManyWorkspaces(book, clock, KEYS, api_url=slack.api_url)
