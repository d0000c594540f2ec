"""What the server answers: health, metrics, and routes that others fill."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web

from adapters.web.watch import Watch
from bot.model import metrics
from bot.model.errors import BotError
from bot.ports import Meter, Unmetered

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024
"""Bytes; far above what Slack sends, far below what could fill the memory."""

READ_WITHIN_S = 10.0
"""For the whole body: Slack sends it at once, and only an attack takes longer."""

READY_WITHIN_S = 2.0
"""A load balancer asks every few seconds and must be told before it gives up by itself."""

Receive = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str, str]]]
"""One POST: headers and body in, status, body and content type out."""

Serve = Callable[[Mapping[str, str], str], Awaitable[tuple[int, dict[str, str], str]]]
"""One GET: headers and query in; status, headers and page out."""

Handler = Callable[[web.Request], Awaitable[web.Response]]

Readiness = Callable[[], Awaitable[dict[str, str]]]
"""What keeps the bot from working: a sentence for each part. Empty: it is ready."""


@dataclass(frozen=True, slots=True)
class Route:
    """An address under which something else than health is received by POST."""

    path: str
    receive: Receive


@dataclass(frozen=True, slots=True)
class Door:
    """An address a person's browser opens."""

    path: str
    serve: Serve


class Health:
    """Answers whether the process lives, and whether it can do its work."""

    def __init__(self, readiness: Readiness, watch: Watch | None = None) -> None:
        self._readiness = readiness
        self._watch = watch
        self.stopping = False

    async def live(self, _request: web.Request) -> web.Response:
        """200: the event loop turns, or this would not be answered."""
        return web.json_response({"live": True})

    async def ready(self, _request: web.Request) -> web.Response:
        """200, or 503 with what is wrong."""
        problems = await self._problems()
        return web.json_response(
            {"ready": not problems, "problems": problems}, status=503 if problems else 200
        )

    async def health(self, request: web.Request) -> web.Response:
        """Like `/readyz`; with `?verbose`, for those who may see it, everything there is to know."""
        if "verbose" not in request.query:
            return await self.ready(request)
        if self._watch is None or not self._watch.may_see(request):
            raise web.HTTPNotFound
        problems = await self._problems()
        told = {"ready": not problems, "problems": problems, **await self._details()}
        return web.json_response(told, status=503 if problems else 200)

    async def _details(self) -> Mapping[str, object]:
        if self._watch is None:
            return {}
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                return await self._watch.details()
        except (BotError, TimeoutError) as error:
            return {"details": str(error) or "no answer in time"}

    async def _problems(self) -> dict[str, str]:
        if self.stopping:
            return {"process": "is stopping"}
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                return await self._readiness()
        except TimeoutError:
            return {"readiness": f"no answer within {READY_WITHIN_S:g} s"}


def application(
    health: Health,
    routes: Iterable[Route | Door] = (),
    watch: Watch | None = None,
    meter: Meter | None = None,
) -> web.Application:
    """The routes as one aiohttp application; anything else is answered 404 or 405."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(_add_headers)
    app.router.add_get("/livez", health.live)
    app.router.add_get("/readyz", health.ready)
    app.router.add_get("/healthz", health.health)
    if watch is not None:
        app.router.add_get("/metrics", watch.metrics)
    for route in routes:
        if isinstance(route, Door):
            app.router.add_get(route.path, _opened(route.serve))
        else:
            app.router.add_post(route.path, _counted(_handler(route.receive), meter or Unmetered()))
    return app


def _opened(serve: Serve) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        status, headers, page = await serve(request.headers, request.query_string)
        return web.Response(status=status, body=page.encode(), headers=headers)

    return handle


def _handler(receive: Receive) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                body = await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        status, text, content_type = await receive(request.headers, body)
        return web.Response(
            status=status,
            body=text.encode(),
            headers={"Content-Type": content_type} if text else None,
        )

    return handle


def _counted(handler: Handler, meter: Meter) -> Handler:
    """Counts what is refused, by its status: never by anything a stranger may choose."""

    async def handle(request: web.Request) -> web.Response:
        try:
            answer = await handler(request)
        except web.HTTPException as error:
            meter.count(metrics.INBOUND_REJECTED, reason=str(error.status))
            raise
        if answer.status >= 400:
            meter.count(metrics.INBOUND_REJECTED, reason=str(answer.status))
        return answer

    return handle


async def _add_headers(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    response.headers["Server"] = "paperwire"  # not the versions of what is behind it
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
