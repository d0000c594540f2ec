"""What a container asks."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from adapters.web import WebServer
from config.cli import app


def ask(monkeypatch, port, *options):
    monkeypatch.setenv("PORT", str(port))
    return CliRunner().invoke(app, ["healthcheck", "--json", *options])


async def check(monkeypatch, problems, *options):
    async def readiness():
        return problems

    async with WebServer(0, readiness=readiness) as server:
        done = await asyncio.to_thread(ask, monkeypatch, server.port, *options)
    return done.exit_code, json.loads(done.stdout)


async def test_a_bot_that_can_work_is_healthy(monkeypatch):
    assert await check(monkeypatch, {}) == (0, {"healthy": True, "problems": {}})


async def test_a_bot_without_its_database_is_not_and_says_why(monkeypatch):
    problems = {"database": "The disk of the database is full."}
    assert await check(monkeypatch, problems) == (1, {"healthy": False, "problems": problems})
    assert (await check(monkeypatch, problems, "--live"))[0] == 0


async def test_where_no_bot_runs_it_says_how_to_start_one(monkeypatch, unused_tcp_port):
    done = await asyncio.to_thread(ask, monkeypatch, unused_tcp_port)
    assert done.exit_code == 1
    assert "`papers run`" in json.loads(done.stdout)["problems"]["process"]


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
async def test_no_proxy_stands_between_a_container_and_itself(monkeypatch, proxy):
    monkeypatch.setenv(proxy, "http://127.0.0.1:9")
    assert (await check(monkeypatch, {}))[0] == 0
