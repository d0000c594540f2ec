"""What `papers doctor` finds: each finding says what, why, and the next command."""

import asyncio
import importlib.metadata
import os
import socket
import sqlite3
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.clock import VirtualClock
from adapters.store import migrate, open_store
from bot.model.delivery import NewDelivery
from bot.model.errors import BotError, ConfigError, SourceDown
from bot.model.subscription import Channel, Platform
from config import doctor, machine
from config.demo.replay import ReplayServer
from config.doctor import Answer, Probe, State, Surroundings, examine, examine_installation
from config.settings import SETTING_NAMES, load_settings
from tests.servers.discord.server import DiscordServer
from tests.servers.slack import SlackServer

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LAB = Channel(Platform.SLACK, "T1", "C1")


def finding(findings, what):
    [found] = [one for one in findings if one.what == what]
    return found


def everything_makes_sense(findings):
    for one in findings:
        assert one.what
        assert one.why
        assert "\n" not in one.what + one.why + one.next_command
        assert bool(one.next_command) or one.state is not State.PROBLEM


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'papers.db'}"


async def examined(url, *probes, now=NOW, **environ):
    settings = load_settings({"DATABASE_URL": url, "PORT": "0", **environ})
    around = Surroundings(clock=VirtualClock(now), open_store=open_store, probes=probes)
    findings = await examine(settings, around)
    everything_makes_sense(findings)
    return findings


async def test_a_fresh_installation_has_no_problem_and_nothing_is_made(url, tmp_path):
    findings = await examined(url)

    assert not [one for one in findings if one.state is State.PROBLEM]
    assert finding(findings, "Database").why == "not there yet; the first start makes it"
    assert finding(findings, "Platforms").state is State.WARNING
    assert list(tmp_path.iterdir()) == []


async def test_a_wrong_configuration_is_the_only_thing_to_talk_about():
    error = ConfigError("SLACK_BOT_TOKN is not a setting; did you mean SLACK_BOT_TOKEN?")
    around = Surroundings(clock=VirtualClock(NOW), open_store=open_store)

    findings = await examine(error, around)

    everything_makes_sense(findings)
    assert findings[-1].state is State.PROBLEM
    assert findings[-1].why == str(error)
    assert [one.what for one in findings] == ["Python", "Libraries", "Time zones", "Configuration"]


async def test_platforms_that_are_on_and_off_are_told(url):
    findings = await examined(url, SLACK_BOT_TOKEN="xoxb-1-canary", SLACK_APP_TOKEN="xapp-1-canary")

    told = finding(findings, "Platforms")
    assert told.state is State.OK
    assert told.why == "Slack is on, by Socket Mode. Discord is off: DISCORD_TOKEN is not set."
    assert "canary" not in str(findings)


async def test_a_healthy_store_is_told_in_a_few_lines(url):
    migrate(url)
    async with open_store(url) as store:
        await store.sources.take_due(["hf_daily"], now=NOW, hold=timedelta(minutes=5))
        await store.sources.succeeded("hf_daily", next_poll_at=NOW, now=NOW - timedelta(hours=1))

    findings = await examined(url)

    assert finding(findings, "Database").why.endswith(", 0 papers")
    assert finding(findings, "Readings of hf_daily").why == "last 2026-11-23 08:00 UTC"
    assert finding(findings, "Deliveries").why == "none is late"
    assert finding(findings, "Channels").why == "0 channels posted to, none is paused"


async def test_a_source_that_was_never_read_is_a_warning(url):
    migrate(url)

    told = finding(await examined(url), "Readings of hf_daily")

    assert (told.state, told.next_command) == (State.WARNING, "papers ingest")


async def test_a_failing_source_tells_how_often_and_why(url):
    migrate(url)
    async with open_store(url) as store:
        for _ in range(2):
            await store.sources.take_due(["hf_daily"], now=NOW, hold=timedelta(0))
            await store.sources.failed("hf_daily", "answered 503", next_poll_at=NOW, now=NOW)

    told = finding(await examined(url), "Readings of hf_daily")

    assert told.state is State.WARNING
    assert told.why == "2 readings failed in a row: answered 503"


async def test_a_source_that_fell_silent_is_a_warning(url):
    migrate(url)
    async with open_store(url) as store:
        await store.sources.take_due(["hf_daily"], now=NOW, hold=timedelta(minutes=5))
        await store.sources.succeeded("hf_daily", next_poll_at=NOW, now=NOW - timedelta(days=3))

    told = finding(await examined(url), "Readings of hf_daily")

    assert (told.state, told.next_command) == (State.WARNING, "papers run")


async def test_late_deliveries_and_paused_channels_are_named_with_the_way_out(url):
    migrate(url)
    async with open_store(url) as store:
        await store.outbox.enqueue(
            NewDelivery(
                channel=LAB,
                dedupe_key="k",
                payload={"text": "x"},
                not_before=NOW,
                expires_at=NOW + timedelta(days=1),
            ),
            now=NOW,
        )
        await store.outbox.set_lane(LAB, paused="is_archived", now=NOW)

    findings = await examined(url, now=NOW + timedelta(hours=3))

    late = finding(findings, "Deliveries")
    assert late.state is State.WARNING
    assert late.why == "the oldest has been waiting for 3 hours; is a worker running?"
    paused = finding(findings, "Channel slack:T1/C1")
    assert paused.why == "paused: is_archived"
    assert paused.next_command == "papers resume slack:T1/C1"


async def test_a_database_without_tables_says_to_migrate(url, tmp_path):
    sqlite3.connect(tmp_path / "papers.db").close()
    (tmp_path / "papers.db").touch()

    told = finding(await examined(url), "Database")

    assert (told.state, told.next_command) == (State.PROBLEM, "papers migrate")


async def test_a_file_that_is_no_database_is_a_problem(url, tmp_path):
    (tmp_path / "papers.db").write_bytes(b"no database" * 1000)

    told = finding(await examined(url), "Database")

    assert (told.state, told.next_command) == (State.PROBLEM, "check DATABASE_URL")


async def test_a_store_that_cannot_be_opened_is_a_problem():
    @asynccontextmanager
    async def broken(_url):
        raise BotError("The database does not answer.")
        yield

    settings = load_settings({"DATABASE_URL": "postgresql://u:canary@127.0.0.1/d", "PORT": "0"})
    around = Surroundings(clock=VirtualClock(NOW), open_store=broken)

    findings = await examine(settings, around)

    assert finding(findings, "Database").state is State.PROBLEM
    assert "canary" not in str(findings)
    assert not [one for one in findings if one.what == "Data directory"]


def answering(says="works", lacking="", at=None):
    async def ask():
        return Answer(says=says, lacking=lacking, at=at)

    return ask


def failing(error):
    async def ask():
        raise error

    return ask


async def test_services_are_asked_and_told_one_by_one(url, monkeypatch):
    monkeypatch.setattr(doctor, "ASK_WITHIN_S", 0.05)

    async def never():
        await asyncio.sleep(60)
        return Answer(says="late")

    findings = await examined(
        url,
        Probe(what="Slack", ask=answering("the token works"), next_command="a"),
        Probe(
            what="Discord", ask=answering("it works", "only 3 logins are left"), next_command="b"
        ),
        Probe(what="Source x", ask=failing(SourceDown("x answered 503")), next_command="c"),
        Probe(what="Source y", ask=never, next_command="d"),
    )

    told = [(one.state, one.why, one.next_command) for one in findings[-4:]]
    assert told == [
        (State.OK, "the token works", ""),
        (State.WARNING, "it works, but only 3 logins are left", "b"),
        (State.PROBLEM, "x answered 503", "c"),
        (State.PROBLEM, "no answer within 0.05 s", "d"),
    ]


@pytest.mark.parametrize(
    ("off", "state"),
    [
        (timedelta(seconds=2), State.OK),
        (timedelta(seconds=-90), State.WARNING),
        (timedelta(minutes=6), State.PROBLEM),
        (timedelta(days=-730), State.PROBLEM),
    ],
)
async def test_a_wrong_clock_is_noticed_by_the_clocks_of_others(url, off, state):
    there = Probe(what="Source x", ask=answering(at=NOW + off), next_command="c")

    told = finding(await examined(url, there), "Clock")

    assert told.state is state


async def test_one_service_with_a_wrong_clock_is_not_our_problem(url):
    right = Probe(what="Slack", ask=answering(at=NOW), next_command="a")
    wrong = Probe(what="Source x", ask=answering(at=NOW + timedelta(days=1)), next_command="b")

    assert finding(await examined(url, wrong, right), "Clock").why == "agrees with Slack"


def test_a_clock_before_the_data_it_has_is_noticed_without_asking_anybody():
    told = machine.time_zones(datetime(2024, 11, 23, tzinfo=UTC), lambda _: "2026.1")

    assert (told.what, told.state) == ("Clock", State.PROBLEM)


def test_old_and_missing_time_zone_data_is_noticed():
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    assert machine.time_zones(NOW, lambda _: "2026.3").state is State.OK
    assert machine.time_zones(NOW, lambda _: "2024.1").state is State.WARNING
    assert machine.time_zones(NOW, missing).state is State.PROBLEM


def test_missing_and_unfit_libraries_are_noticed():
    def without_slack(name):
        if name == "slack-bolt":
            raise importlib.metadata.PackageNotFoundError(name)
        return "3.11.3"

    assert machine.libraries().state is State.OK
    assert machine.libraries(without_slack).why == "not installed: slack-bolt"
    assert machine.libraries(lambda _: "3.11.1").state is State.PROBLEM
    assert machine.libraries(lambda _: "4.0.0a6").state is State.PROBLEM


def test_an_old_python_is_noticed(monkeypatch):
    assert machine.python().state is State.OK
    monkeypatch.setattr(machine, "OLDEST_PYTHON", (99, 0))
    assert machine.python().why.endswith("is too old; 99.0 is needed")


def test_a_data_directory_that_cannot_be_written_is_a_problem(tmp_path):
    (tmp_path / "data").write_text("a file, where a folder should be")

    told = machine.data_directory(tmp_path / "data" / "papers.db")

    assert told.state is State.PROBLEM
    assert "cannot be written" in told.why


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_data_directory_is_a_problem(tmp_path):
    tmp_path.chmod(0o500)
    assert machine.data_directory(tmp_path / "papers.db").state is State.PROBLEM
    tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("least", "state"),
    [("LITTLE_SPACE", State.WARNING), ("NO_SPACE", State.PROBLEM)],
)
def test_a_full_disk_is_noticed_before_it_is_full(tmp_path, monkeypatch, least, state):
    monkeypatch.setattr(machine, least, 2**63)

    assert machine.data_directory(tmp_path / "deeper" / "papers.db").state is state


def test_a_port_in_use_is_told():
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        told = machine.port(number)

    assert told.state is State.WARNING
    assert told.next_command == f"curl http://127.0.0.1:{number}/livez"
    assert machine.port(0).state is State.OK


@pytest.fixture
def environ(monkeypatch, url):
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)

    def configure(**values):
        for name, value in {"DATABASE_URL": url, "PORT": "0", **values}.items():
            monkeypatch.setenv(name, value)

    return configure


async def test_a_whole_installation_is_examined_against_its_services(environ, url):
    migrate(url)
    async with (
        SlackServer() as slack,
        DiscordServer() as discord,
        ReplayServer(today=lambda: date(2026, 11, 23)) as sources,
    ):
        slack.home.scopes.discard("commands")
        environ(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token,
            SLACK_API_URL=slack.api_url,
            DISCORD_TOKEN=discord.token,
            DISCORD_API_URL=discord.api_url,
            HF_ENDPOINT=sources.base_url,
            PAPERS_ARXIV_RSS_URL=f"{sources.base_url}/rss",
            PAPERS_ARXIV_OAI_URL=f"{sources.base_url}/oai",
            PAPERS_SOURCES="hf_daily,arxiv_rss:cs.CL,arxiv_rss:cs.LG,arxiv_oai:cs,"
            "feed:http://127.0.0.1/feed",
            PAPERS_CONTACT="ada@example.org",
        )
        findings = await examine_installation()

    everything_makes_sense(findings)
    told = finding(findings, "Slack")
    assert told.state is State.WARNING
    assert "lacks the scope commands" in told.why
    assert finding(findings, "Discord").state is State.OK
    assert finding(findings, "Source hf_daily").why == "127.0.0.1 answers"
    assert finding(findings, "Source arxiv_rss").state is State.OK
    assert "404" in finding(findings, "Source arxiv_oai").why
    assert finding(findings, "Source feed:http://127.0.0.1/feed").state is State.PROBLEM
    assert finding(findings, "Clock").state is State.OK
    assert not [one for one in findings if discord.token in str(one) or slack.bot_token in str(one)]


async def test_refused_tokens_are_problems(environ):
    async with SlackServer() as slack, DiscordServer() as discord:
        environ(
            SLACK_BOT_TOKEN="xoxb-of-nobody",
            SLACK_SIGNING_SECRET="0" * 32,
            SLACK_API_URL=slack.api_url,
            DISCORD_TOKEN=discord.token[:-1] + "1",
            DISCORD_API_URL=discord.api_url,
            PAPERS_SOURCES="none",
        )
        findings = await examine_installation()

    assert finding(findings, "Slack").why.startswith("invalid_auth: ")
    assert finding(findings, "Discord").why.startswith("401: ")


async def test_a_misspelt_variable_is_found_before_anything_is_asked(environ, monkeypatch):
    environ()
    monkeypatch.setenv("PAPERS_SORCES", "hf_daily")

    findings = await examine_installation()

    assert findings[-1].why == "PAPERS_SORCES is not a setting; did you mean PAPERS_SOURCES?"
