"""Plays our Slack messenger against somebody else's Slack, so that our own server is not the only judge.

`python -m tests.adapters.slack.stand_in`. Needs node and npm; without them it says so and passes. The
stand-in is Vercel's `emulate`, which comes through npm, once, into `.venv/slack-stand-in`, and
listens on 127.0.0.1 only. It knows the Web API, not Socket Mode, commands or Block
Kit's limits, and takes readings by POST only where the SDK uses GET; so `find` is not played.
"""

import asyncio
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.client import new_client
from adapters.slack.home_view import home_view
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.workspaces import OneWorkspace
from bot.model.delivery import ChannelGone, Posted, WorkspaceGone
from bot.model.subscription import Channel, Platform
from tests.contracts.messages import MESSAGES

FOLDER = Path(__file__).parents[3] / ".venv" / "slack-stand-in"
PACKAGES = ("emulate@0.12", "node@22")
"""The stand-in, and the node it wants."""

TOKEN = "xoxb-stand-in-token"
SEED = {
    "slack": {
        "team": {"name": "Lab", "domain": "lab"},
        "users": [{"name": "ada", "real_name": "Ada", "email": "ada@example.org"}],
        "channels": [{"name": "papers", "topic": "new papers"}],
        "bots": [{"name": "paperwire"}],
        "tokens": [{"token": TOKEN, "user": "ada", "scopes": ["chat:write"]}],
    },
}
READY_WITHIN_S = 20.0


async def main() -> None:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        sys.stdout.write("skipped: node and npm are not here\n")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text('{"private": true}\n')
    programs = FOLDER / "node_modules" / ".bin"
    if not ((programs / "emulate").exists() and (programs / "node").exists()):
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", *quiet, *PACKAGES], cwd=FOLDER, check=True)
    seed = FOLDER / "seed.json"
    seed.write_text(json.dumps(SEED))
    port = _free_port()
    null = asyncio.subprocess.DEVNULL
    words = ["start", "--service", "slack", "--port", str(port), "--seed", str(seed)]
    running = await asyncio.create_subprocess_exec(
        programs / "node", programs / "emulate", *words, stdout=null, stderr=null
    )
    try:
        await _listening(port)
        await play(f"http://127.0.0.1:{port}/api/")
    finally:
        running.terminate()
        await running.wait()
    sys.stdout.write("posts, edits, replies, errors and App Home agree\n")


async def play(api_url: str) -> None:
    """Everything the messenger does, judged by what the stand-in then shows."""
    client = new_client(TOKEN, api_url)
    team = (await client.auth_test())["team_id"]
    listed = await client.api_call("conversations.list", data={})
    papers = next(one["id"] for one in listed["channels"] if one["name"] == "papers")
    here = Channel(Platform.SLACK, team, papers)
    messenger = WorkspacesMessenger(OneWorkspace(client))

    (page, *_) = messenger.pages(MESSAGES["digest"])
    posted = await messenger.post(here, page, marker="m1")
    assert isinstance(posted, Posted), posted
    shown = await _message(client, papers, posted.message_id)
    assert shown["blocks"] == page["blocks"], shown

    (changed, *_) = messenger.pages(MESSAGES["digest-hostile"])
    edited = await messenger.edit(here, posted.message_id, changed)
    assert isinstance(edited, Posted), edited
    assert (await _message(client, papers, posted.message_id))["blocks"] == changed["blocks"]

    reply = await messenger.post(here, page, marker="m2", thread=posted.message_id)
    assert isinstance(reply, Posted), reply
    thread = await client.api_call(
        "conversations.replies", data={"channel": papers, "ts": posted.message_id}
    )
    assert [one["ts"] for one in thread["messages"]] == [posted.message_id, reply.message_id]

    nowhere = Channel(Platform.SLACK, team, "C0NOWHERE1")
    assert isinstance(await messenger.post(nowhere, page, marker="m3"), ChannelGone)
    strangers = WorkspacesMessenger(OneWorkspace(new_client("", api_url)))
    assert isinstance(await strangers.post(here, page, marker="m4"), WorkspaceGone)

    user = (await client.api_call("users.list", data={}))["members"][0]["id"]
    home = await client.views_publish(user_id=user, view=home_view([], [], ["fine"]))
    assert home["view"]["type"] == "home"


async def _message(client: Any, channel: str, ts: str) -> dict[str, Any]:
    history = await client.api_call("conversations.history", data={"channel": channel})
    return next(one for one in history["messages"] if one["ts"] == ts)


async def _listening(port: int) -> None:
    async with asyncio.timeout(READY_WITHIN_S):
        while True:
            try:
                await new_client(TOKEN, f"http://127.0.0.1:{port}/api/").auth_test()
            except (OSError, SlackApiError):
                await asyncio.sleep(0.2)
            else:
                return


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


if __name__ == "__main__":
    asyncio.run(main())
