"""`papers run` as it is deployed, with a local Slack and a local Discord at the other end."""

import asyncio
import json
import os
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.servers.discord import UNLIMITED, DiscordServer
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer
from tests.servers.slack.oauth import CLIENT_ID, CLIENT_SECRET

PAPERS = Path(sys.executable).parent / "papers"
RECORD = {
    "id": "2611.00001",
    "title": "Alignment of Small Models",
    "abstract": "We align small models.",
    "authors": ["Emmy Noether"],
    "categories": ["cs.CL"],
    "published": "2026-11-20",
}

pytestmark = pytest.mark.timeout(90)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def papers(environ: dict[str, str], *words: str) -> str:
    process = await asyncio.create_subprocess_exec(
        PAPERS, *words, env=environ, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode()


@asynccontextmanager
async def running(environ: dict[str, str]):
    process = await asyncio.create_subprocess_exec(
        PAPERS,
        "run",
        env=environ,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        async with asyncio.timeout(10):
            assert await process.wait() == 0


async def until(condition, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


def environ_of(tmp_path: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{tmp_path / 'papers.db'}",
        "PAPERS_SOURCES": "none",
        "PORT": str(free_port()),
        **more,
    }


async def import_a_paper(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(RECORD))
    await papers(environ, "import", str(file))


async def test_slack_over_socket_mode_answers_and_gets_its_papers(tmp_path):
    async with SlackServer() as slack:
        environ = environ_of(
            tmp_path,
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_APP_TOKEN=APP_TOKEN,
            SLACK_API_URL=slack.api_url,
        )
        async with running(environ):
            await slack.sockets.wait_for()
            made = await slack.people.slash("subscribe alignment every:instant")
            assert made.acked
            assert "Subscribed: alignment" in made.shown[0]
            await import_a_paper(environ, tmp_path)
            # The change is told to everybody in one line; the paper follows.
            await until(lambda: len(slack.general.messages) > 1)
            assert "New subscription" in slack.general.messages[0].shown
            assert "Alignment of Small Models" in slack.general.messages[1].shown
            found = await slack.people.slash("alignment")
            assert "Alignment of Small Models" in found.shown[-1]
        assert slack.violations == []


async def test_slack_over_http_is_answered_on_the_port(tmp_path):
    async with SlackServer() as slack:
        environ = environ_of(
            tmp_path,
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
            SLACK_API_URL=slack.api_url,
        )
        slack.request_url = f"http://127.0.0.1:{environ['PORT']}/slack/events"
        await import_a_paper(environ, tmp_path)
        async with running(environ):
            await until(lambda: _listens(int(environ["PORT"])))
            found = await slack.people.slash("alignment")
            assert found.acked
            assert "Alignment of Small Models" in found.shown[-1]


async def test_slack_is_installed_in_two_workspaces_and_each_gets_its_own(tmp_path):
    async with SlackServer() as slack:
        environ = environ_of(
            tmp_path,
            SLACK_CLIENT_ID=CLIENT_ID,
            SLACK_CLIENT_SECRET=CLIENT_SECRET,
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
            SLACK_API_URL=slack.api_url,
            PAPERS_KEYS=(await papers(environ_of(tmp_path), "keys", "new")).strip(),
        )
        here = environ["PAPERS_PUBLIC_URL"] = f"http://127.0.0.1:{environ['PORT']}"
        slack.request_url = f"{here}/slack/events"
        slack.oauth.rotation = True
        other = slack.add_workspace("T0LABB0001", "lab-b", "xoxb-unused")
        elsewhere = slack.add_channel("papers", "C0LABB0001", workspace=other)
        async with running(environ):
            await until(lambda: _listens(int(environ["PORT"])))
            for team in (slack.home, other):
                assert "Paperwire is installed" in await _install(here, slack, team)
            for channel in (slack.general, elsewhere):
                made = await slack.people.slash(
                    "subscribe alignment every:instant", channel=channel
                )
                assert "Subscribed: alignment" in made.shown[0]
            await import_a_paper(environ, tmp_path)
            for channel in (slack.general, elsewhere):
                await until(lambda channel=channel: len(channel.messages) > 1)
                assert "Alignment of Small Models" in channel.messages[1].shown
        assert slack.violations == []


async def _install(here, slack, team):
    """A browser goes to Slack and comes back."""
    # The cookie is for https; a browser takes this machine's own address for just as safe.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{here}/slack/install", allow_redirects=False) as begun:
            cookie = begun.headers["Set-Cookie"].partition(";")[0]
            back = slack.oauth.allow(begun.headers["Location"], team)
        async with browser.get(back, headers={"Cookie": cookie}) as ended:
            return await ended.text()


@pytest.mark.parametrize("over_http", [False, True], ids=["gateway", "http"])
async def test_discord_answers_and_gets_its_papers(tmp_path, over_http):
    async with DiscordServer(limits=UNLIMITED) as discord:
        environ = environ_of(
            tmp_path,
            DISCORD_TOKEN=discord.token,
            DISCORD_API_URL=discord.api_url,
            DISCORD_GATEWAY_URL=discord.gateway_url,
            **({"DISCORD_PUBLIC_KEY": discord.caller.public_key} if over_http else {}),
        )
        if over_http:
            discord.caller.url = f"http://127.0.0.1:{environ['PORT']}/discord/interactions"
        guild = discord.add_guild()
        channel = discord.add_channel(guild)
        owner = discord.add_member(guild, "noether", manages=True)
        async with running(environ):
            await until(lambda: discord.commands.overwrites)
            await until(lambda: over_http or discord.gateway.logins)
            made = await discord.slash(
                channel,
                owner,
                "papers-admin subscribe",
                {"filter": "alignment", "every": "instant"},
            )
            assert "Subscribed: alignment" in made.text
            await import_a_paper(environ, tmp_path)
            await until(lambda: len(discord.shown(channel)) > 1)
            assert "Alignment of Small Models" in discord.shown(channel)[1].text
            found = await discord.slash(channel, owner, "papers", {"query": "alignment"})
            assert "Alignment of Small Models" in found.text
            assert discord.gateway.logins == (0 if over_http else 1)
        assert discord.violations == []


async def test_a_plain_discord_webhook_gets_its_papers_without_any_bot(tmp_path):
    async with DiscordServer(limits=UNLIMITED) as discord:
        channel = discord.add_channel(discord.add_guild())
        url = discord.add_webhook(channel)
        environ = environ_of(tmp_path, DISCORD_WEBHOOKS=url, DISCORD_API_URL=discord.api_url)
        hook = f"discord:webhook/{url.split('/')[-2]}"
        await papers(environ, "subscribe", hook, "alignment", "every:instant")
        async with running(environ):
            await import_a_paper(environ, tmp_path)
            await until(lambda: discord.shown(channel))
        (message,) = discord.shown(channel)
        assert "Alignment of Small Models" in message.text
        assert discord.violations == []


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
