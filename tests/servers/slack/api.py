"""The Web API door: from an HTTP request to a method and back, faults and limits included."""

import asyncio
import base64
import json
import math
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.servers.slack.call import Call, Json, Refusal
from tests.servers.slack.faults import Fault
from tests.servers.slack.methods_app import HANDLERS
from tests.servers.slack.reference import strangers
from tests.servers.slack.world import Workspace

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

PAGE = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Server Error</body></html>"
POSTING = frozenset({"chat.postMessage", "chat.postEphemeral"})
WITHOUT_BOT_TOKEN = frozenset({"api.test", "apps.connections.open", "oauth.v2.access"})


@dataclass(frozen=True)
class Logged:
    """One call as it came in."""

    method: str
    args: Json
    team: str | None
    answer: str


class WebApi:
    """Answers `/api/<method>`."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, from the wire to the wire."""
        name = request.match_info["method"]
        args = await _arguments(request)
        self._server.note_strangers(name, strangers(self._server.reference, name, args))
        fault = self._server.fault_for(name, args.get("channel"))
        if fault is not None and not fault.committed:
            self._log(name, args, None, fault.kind)
            return await self._fail(request, fault)
        body, status, headers = self._answer(request, name, args)
        if fault is not None and body.get("ok"):
            return await self._fail(request, fault)
        return web.json_response(body, status=status, headers=headers)

    def _answer(
        self, request: web.Request, name: str, args: Json
    ) -> tuple[Json, int, dict[str, str]]:
        token = _token(request, args)
        workspace: Workspace | None = None
        try:
            if name == "apps.connections.open":
                body = self._server.sockets.open_for(token)
            elif name == "oauth.v2.access":
                body = self._server.oauth.access({**args, **_client_of(request)})
            elif name == "api.test":
                body = {"args": args}
            else:
                if name not in HANDLERS:
                    raise Refusal("unknown_method")
                workspace = self._server.workspace_of(token, args)
                wait = self._wait(name, args, workspace)
                if wait > 0:
                    self._log(name, args, workspace, "ratelimited")
                    seconds = str(math.ceil(wait))
                    limited = {"ok": False, "error": "ratelimited"}
                    return limited, 429, {"Retry-After": seconds}
                call = Call(self._server, name, args, workspace, token)
                body = HANDLERS[name](call)
                _add_warnings(body, call.warnings)
        except Refusal as refusal:
            self._log(name, args, workspace, str(refusal))
            return refusal.body, 200, {}
        self._log(name, args, workspace, "ok")
        scopes = ",".join(sorted(workspace.scopes)) if workspace else ""
        return {"ok": True, **body}, 200, {"X-OAuth-Scopes": scopes}

    def _wait(self, name: str, args: Json, workspace: Workspace) -> float:
        pace = self._server.paces.get(name)
        if pace is not None:
            return self._server.throttle.wait(f"{workspace.id}/{name}", pace)
        if name in POSTING and self._server.channel_pace is not None:
            key = f"{workspace.id}/{args.get('channel')}"
            return self._server.throttle.wait(key, self._server.channel_pace)
        return 0.0

    def _log(self, name: str, args: Json, workspace: Workspace | None, answer: str) -> None:
        team = workspace.id if workspace else None
        self._server.calls.append(Logged(name, args, team, answer))

    async def _fail(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._server.closing.wait()
            raise asyncio.CancelledError
        if fault.kind == "reset":
            return cut(request)
        if fault.kind == "garbled":
            return web.Response(text='{"ok": true, "ts": "15034', content_type="application/json")
        if fault.kind in ("status", "html"):
            return web.Response(text=PAGE, status=fault.status, content_type="text/html")
        body = {"ok": False, "error": fault.error}
        headers = {"Retry-After": str(fault.retry_after)} if fault.kind == "limited" else {}
        return web.json_response(body, status=fault.status, headers=headers)


def cut(request: web.Request) -> web.Response:
    """Drop the connection with a reset, so that the client sees no answer at all."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        # Linger of zero seconds makes the kernel send RST instead of an orderly FIN.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


def _add_warnings(body: Json, warnings: list[str]) -> None:
    if warnings:
        body["warning"] = ",".join(warnings)
        body.setdefault("response_metadata", {})["warnings"] = warnings


def _token(request: web.Request, args: Json) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer":
        return token.strip()
    return str(args.get("token", ""))


def _client_of(request: web.Request) -> Json:
    """The app's own name and secret, which the SDK sends as HTTP Basic."""
    kind, _, packed = request.headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return {}
    client_id, _, secret = base64.b64decode(packed).decode().partition(":")
    return {"client_id": client_id, "client_secret": secret}


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body: Any = json.loads(await request.text() or "{}")
        if isinstance(body, dict):
            args.update(body)
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            args[name] = value
    return args
