"""Hugging Face's daily papers, replayed from recorded days: `GET /api/daily_papers`."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web


def recorded_month(corpus: Path, month: str) -> dict[str, list[dict[str, Any]]]:
    """The records of one month by day, as the API answered them."""
    days: dict[str, list[dict[str, Any]]] = {}
    path = corpus / "data" / "hf_daily" / f"hf_daily_{month}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            days.setdefault(row["day"], []).append(row["record"])
    return days


class DailyPapersServer:
    """Serves the days up to `today`, best voted first, page by page."""

    def __init__(self, days: dict[str, list[dict[str, Any]]], *, today: Callable[[], date]) -> None:
        self._days = days
        self._today = today
        self.base_url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/api/daily_papers", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        day = date.fromisoformat(request.query["date"])
        if day > self._today():
            return web.json_response({"error": "date is in the future"}, status=400)
        rows = sorted(
            self._days.get(day.isoformat(), []), key=lambda row: -row["paper"].get("upvotes", 0)
        )
        limit, page = int(request.query.get("limit", 50)), int(request.query.get("p", 0))
        shown = rows[page * limit : (page + 1) * limit]
        headers = {}
        if len(rows) > (page + 1) * limit:
            following = request.url.update_query(p=str(page + 1))
            headers["Link"] = f'<{following}>; rel="next"'
        return web.json_response(shown, headers=headers)
