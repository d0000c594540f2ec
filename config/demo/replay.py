"""A local server that stands in for Hugging Face and arXiv in the demo, format for format."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from types import TracebackType
from typing import Self

from aiohttp import web

from config.demo import daily_papers, rss
from config.demo.papers import DemoPaper, load_papers

__all__ = ["ReplayServer", "load_papers"]

LOOPBACK = "127.0.0.1"
RSS_TYPE = "application/rss+xml"
STOP_WITHIN = 1.0  # seconds for requests under way; the demo must end promptly


class ReplayServer:
    """Serves papers as the live sources would on the day that `today()` gives.

    `GET /api/daily_papers?date=&limit=&p=` and `GET /rss/<category>[+<category>]`. Nothing listed
    after that day is served, so that a virtual clock lets the week go by. Use `async with`;
    `base_url` is then the address to give the adapters, such as `http://127.0.0.1:40123`.
    """

    def __init__(
        self, *, today: Callable[[], date], papers: Sequence[DemoPaper] | None = None
    ) -> None:
        self._today = today
        self._papers = load_papers() if papers is None else papers
        app = web.Application()
        app.router.add_get("/api/daily_papers", self._daily_papers)
        app.router.add_get("/rss/{query}", self._rss)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_WITHIN)
        self._base_url = ""

    @property
    def base_url(self) -> str:
        """Address without a slash at the end; empty until the server has been entered."""
        return self._base_url

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        port = self._runner.addresses[0][1]
        self._base_url = f"http://{LOOPBACK}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _daily_papers(self, request: web.Request) -> web.Response:
        today = self._today()
        try:
            page = daily_papers.page_of(request.query, today)
        except daily_papers.BadQuery as error:
            return web.json_response({"error": str(error)}, status=400)
        rows, more = daily_papers.rows_of(self._papers, page, today)
        answer = web.json_response(rows)
        if more:
            following = request.url.update_query(limit=page.limit, p=page.p + 1)
            answer.headers["Link"] = f'<{following}>; rel="next"'
        return answer

    async def _rss(self, request: web.Request) -> web.Response:
        query, today = request.match_info["query"], self._today()
        try:
            body = rss.feed(self._papers, query, today)
        except rss.BadCategory as error:
            body = rss.error_feed(query, str(error), today)
            return web.Response(body=body, status=400, content_type=RSS_TYPE)
        etag = hashlib.sha256(body).hexdigest()
        known = any(seen.value in (etag, "*") for seen in request.if_none_match or ())
        if known:
            answer = web.Response(status=304)
        else:
            answer = web.Response(body=body, content_type=RSS_TYPE)
        answer.etag = etag
        return answer
