"""Response URLs: where the app answers a command or a click, five times within thirty minutes."""

import json
from typing import TYPE_CHECKING

from aiohttp import web

from tests.servers.slack.api import cut
from tests.servers.slack.call import Call, Json, Refusal
from tests.servers.slack.limits import ResponseUrl

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer


class ResponseUrls:
    """All addresses handed out so far."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server
        self._known: dict[str, ResponseUrl] = {}

    def give(self, target: ResponseUrl) -> str:
        """A new address; it needs no token, so it is a secret."""
        key = self._server.ids.new("R") + "x" * 14
        self._known[key] = target
        return f"{self._server.url}/commands/{target.team_id}/{key}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One answer of the app."""
        target = self._known.get(request.match_info["key"])
        if target is None:
            return web.json_response({"ok": False, "error": "invalid_url"}, status=404)
        fault = self._server.fault_for("response_url", target.channel_id)
        if fault is not None and fault.kind == "reset" and not fault.committed:
            return cut(request)
        if fault is not None and not fault.committed:
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status)
        problem = target.problem(self._server.clock.now())
        if problem:
            return web.json_response({"ok": False, "error": problem}, status=404)
        try:
            body = json.loads(await request.text())
            self._take(body, target)
        except ValueError:
            return web.Response(text="invalid_payload", status=400)
        except Refusal as refusal:
            self._server.refused_answers.append(refusal.body)
            return web.json_response(refusal.body, status=500)
        return web.Response(text="ok")

    def _take(self, body: Json, target: ResponseUrl) -> None:
        workspace = self._server.workspaces[target.team_id]
        channel = workspace.channels[target.channel_id]
        target.uses += 1
        if body.get("delete_original"):
            target.answers.append(body)
            return
        message = Call(self._server, "response_url", body, workspace).message(channel)
        target.answers.append(body)
        old = channel.find(target.source_ts) if target.source_ts else None
        if body.get("replace_original") and old is not None:
            old.rewrite(message.text, message.blocks, message.ts)
            return
        if body.get("response_type") != "in_channel":
            message.ephemeral_for = target.user
        channel.show(message)
