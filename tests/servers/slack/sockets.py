"""Socket Mode: one-time addresses, the WebSocket, envelopes and their acknowledgements.

Source: Slack's Socket Mode page and the envelope handling of its own SDK. At most ten sockets per
app; each envelope goes to exactly one of them; an envelope not acknowledged in time counts as
failed.
"""

import asyncio
import itertools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from tests.servers.slack.call import Json, Refusal

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

MOST_SOCKETS = 10


@dataclass(frozen=True)
class Ack:
    """The app's acknowledgement; `payload` only where the envelope accepts one."""

    payload: Json | None


class Sockets:
    """The open connections of the app."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turn = itertools.count()
        self._changed = asyncio.Condition()
        self.opened = 0
        self.strays: list[Json] = []

    @property
    def count(self) -> int:
        """How many sockets are open now."""
        return len(self._open)

    def open_for(self, token: str) -> Json:
        """apps.connections.open: hand out an address that works once."""
        if not token:
            raise Refusal("not_authed")
        if token != self._server.app_token:
            raise Refusal("not_allowed_token_type" if token.startswith("xoxb-") else "invalid_auth")
        ticket = self._server.ids.new("L")
        self._tickets.add(ticket)
        port = self._server.port
        return {"url": f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={self._server.app_id}"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One socket, from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="unknown or used ticket")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if len(self._open) >= MOST_SOCKETS:
            await ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await ws.close()
            return ws
        await self._serve(ws)
        return ws

    async def _serve(self, ws: web.WebSocketResponse) -> None:
        await ws.send_json(
            {
                "type": "hello",
                "num_connections": len(self._open) + 1,
                "connection_info": {"app_id": self._server.app_id},
                "debug_info": {"host": "local", "approximate_connection_time": 18060},
            }
        )
        await self._note(ws, came=True)
        try:
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    self._take_ack(frame.data)
        finally:
            await self._note(ws, came=False)

    def _take_ack(self, data: str) -> None:
        answer = json.loads(data)
        waiting = self._waiting.pop(answer.get("envelope_id", ""), None)
        if waiting is None or waiting.done():
            self.strays.append(answer)
        else:
            waiting.set_result(Ack(answer.get("payload")))

    async def _note(self, ws: web.WebSocketResponse, *, came: bool) -> None:
        async with self._changed:
            if came:
                self._open.append(ws)
                self.opened += 1
            elif ws in self._open:
                self._open.remove(ws)
            self._changed.notify_all()

    async def wait_for(self, count: int = 1, seconds: float = 5.0) -> None:
        """Return when so many sockets are open."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: len(self._open) >= count)

    async def deliver(
        self, kind: str, payload: Json, *, answerable: bool, retry: tuple[int, str] | None = None
    ) -> Ack | None:
        """Send one envelope to one socket; its acknowledgement, or None when none came in time."""
        envelope_id = self._server.ids.new("E")
        envelope: Json = {
            "envelope_id": envelope_id,
            "type": kind,
            "accepts_response_payload": answerable,
            "payload": payload,
        }
        if kind == "events_api":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = answer
        try:
            async with asyncio.timeout(self._server.ack_seconds):
                socket = self._open[next(self._turn) % len(self._open)]
                await socket.send_json(envelope)
                return await answer
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every open socket to come back on a new address, as Slack does every few hours."""
        for ws in list(self._open):
            await ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def close(self) -> None:
        """Close all sockets."""
        for ws in list(self._open):
            await ws.close()
