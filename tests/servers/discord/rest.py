"""The REST side: one path for every request, from ban and limit to fault, check and answer."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.servers.discord.faults import Code, Fault, Faults, Garbage, Hang, Limited, Reset, Status
from tests.servers.discord.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.servers.discord.buckets import RateLimiter
    from tests.servers.discord.openapi import Schema, Violation

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
HTML = "<html><body>upstream</body></html>"


@dataclass(frozen=True, slots=True)
class Call:
    """A request that got through to its operation."""

    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any

    def number(self, name: str) -> int:
        """A path parameter that is an id; nonsense is an unknown id."""
        text = self.params[name]
        return int(text) if text.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers; no body means 204."""

    body: Any = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Operation:
    """One route, named as in Discord's OpenAPI file."""

    name: str
    method: str
    path: str
    answer: Callable[[Call], Reply]
    needs_bot: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived and how it was answered (0: the connection was cut)."""

    operation: str
    params: dict[str, str]
    body: Any
    status: int


@dataclass
class Desk:
    """Takes requests for all operations. `asked` is the log; `violations` what broke the schema."""

    token: str
    limiter: RateLimiter
    schema: Schema | None
    strict: bool
    faults: Faults = field(default_factory=Faults)
    asked: list[Asked] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def routes(self, operations: list[Operation], prefix: str) -> list[web.RouteDef]:
        return [
            web.route(operation.method, prefix + operation.path, self._handler(operation))
            for operation in operations
        ]

    def _handler(self, operation: Operation) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            body = await _json_of(request)
            params = dict(request.match_info)
            response = await self._answer(operation, request, body)
            status = response.status if response is not None else 0
            self.asked.append(Asked(operation.name, params, body, status))
            if response is None:
                _cut(request)
                return web.Response(status=500)
            return response

        return handle

    async def _answer(
        self, operation: Operation, request: web.Request, body: Any
    ) -> web.Response | None:
        """The response, or None to cut the connection."""
        if self.limiter.banned:
            return web.Response(status=429, text=HTML, content_type="text/html")
        params = request.match_info
        major = "+".join(params[key] for key in MAJOR if key in params)
        fault = self.faults.take(operation.name, params.get("channel_id"))
        if fault is not None and not getattr(fault, "committed", isinstance(fault, Garbage)):
            return await self._strike(fault)
        verdict = self.limiter.ask(operation.name, major, counts_globally=operation.needs_bot)
        if not verdict.passes:
            return self._limited(
                verdict.retry_after, verdict.headers, everywhere=verdict.everywhere
            )
        reply = self._carry_out(operation, request, body)
        if fault is not None:
            return await self._strike(fault)
        self.limiter.count_invalid(reply.status)
        return json_response(reply, verdict.headers)

    def _carry_out(self, operation: Operation, request: web.Request, body: Any) -> Reply:
        try:
            if operation.needs_bot and request.headers.get("Authorization") != f"Bot {self.token}":
                raise Refused(0)
            if body is _BROKEN:
                raise Refused(50109)
            self._check(operation, body)
            call = Call(request.match_info, request.query, body)
            return operation.answer(call)
        except Refused as refused:
            return Reply(refused.body(), refused.status)

    def _check(self, operation: Operation, body: Any) -> None:
        if self.schema is None or body is None:
            return
        found = self.schema.violations(operation.name, body)
        self.violations += found
        if found and self.strict:
            why = {"_errors": [{"code": "SCHEMA", "message": each.why} for each in found]}
            raise Refused(50035, why)

    async def _strike(self, fault: Fault) -> web.Response | None:
        match fault:
            case Status(status=status):
                return web.Response(status=status, text=HTML, content_type="text/html")
            case Hang(seconds=seconds):
                await asyncio.sleep(seconds)
                return None
            case Reset():
                return None
            case Limited(retry_after=wait, scope=scope, via=via):
                headers = {"X-RateLimit-Scope": scope}
                if not via:
                    self.limiter.count_invalid(429)
                    return web.Response(status=429, text=HTML, content_type="text/html")
                return self._limited(wait, headers, everywhere=scope == "global")
            case Code(code=code):
                refused = Refused(code)
                self.limiter.count_invalid(refused.status)
                return json_response(Reply(refused.body(), refused.status), {})
            case Garbage(text=text):
                return web.Response(status=200, text=text, content_type="text/html")

    def _limited(self, wait: float, headers: dict[str, str], *, everywhere: bool) -> web.Response:
        self.limiter.count_invalid(429, shared=headers.get("X-RateLimit-Scope") == "shared")
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": everywhere,
        }
        extra = {"Retry-After": f"{wait:.3f}", "Via": "1.1 google"} | headers
        return json_response(Reply(body, 429), extra)


def json_response(reply: Reply, headers: dict[str, str]) -> web.Response:
    """JSON with exactly `Content-Type: application/json`; with a charset discord.py reads text."""
    if reply.body is None:
        return web.Response(status=204, headers=headers)
    return web.Response(
        status=reply.status,
        body=json.dumps(reply.body).encode(),
        headers=headers,
        content_type="application/json",
    )


_BROKEN = object()


async def _json_of(request: web.Request) -> Any:
    if request.content_type == "multipart/form-data":
        form = await request.post()
        text = form.get("payload_json", "")
        raw = text if isinstance(text, str) else ""
    else:
        raw = (await request.read()).decode("utf-8", "replace")
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return _BROKEN


def _cut(request: web.Request) -> None:
    """End the connection with RST, as a crashed peer does."""
    transport = request.transport
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
