"""What only those who run the bot may see: `/metrics` and `/healthz?verbose`.

Both name sources and counts, so strangers get neither. With PAPERS_METRICS_TOKEN they want
`Authorization: Bearer …`; without it only this machine may ask, and not through a proxy, whose
requests come from this machine too.
"""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Figures = Callable[[], Awaitable[tuple[str, bytes]]]
"""The page of metrics, fresh: content type and text."""

Details = Callable[[], Awaitable[Mapping[str, object]]]
"""The state of this process and its store, for a person who looks for what is wrong."""

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


class Watch:
    """The pages for those who run the bot."""

    def __init__(self, figures: Figures, details: Details, *, token: str = "") -> None:
        self._figures = figures
        self._details = details
        self._token = token

    async def metrics(self, request: web.Request) -> web.Response:
        """All figures of this process; 404 for those who may not ask."""
        if not self.may_see(request):
            raise web.HTTPNotFound
        content_type, page = await self._figures()
        return web.Response(body=page, headers={"Content-Type": content_type})

    async def details(self) -> Mapping[str, object]:
        """What `/healthz?verbose` adds."""
        return await self._details()

    def may_see(self, request: web.Request) -> bool:
        """Whether this request may see what strangers may not."""
        if self._token:
            given = request.headers.get("Authorization", "")
            return hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode())
        if any(name in request.headers for name in FORWARDED):
            return False
        try:
            return ipaddress.ip_address(request.remote or "").is_loopback
        except ValueError:
            return False
