"""Starts and stops the server on its port."""

import errno
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from adapters.web.app import Door, Health, Readiness, Route, application
from adapters.web.watch import Watch
from bot.model.errors import ConfigError
from bot.ports import Meter

EVERYWHERE = "0.0.0.0"  # noqa: S104 - containers and load balancers come from other addresses
FINISH_WITHIN_S = 2.0
"""For requests under way when the server stops; Slack wants its answer within three."""

_WHY_NOT = {
    errno.EADDRINUSE: "another program listens there already",
    errno.EACCES: "this user may not listen there (ports below 1024 are the system's)",
}


class WebServer:
    """Serves health and `routes` on all interfaces while it is entered (`async with`)."""

    def __init__(
        self,
        port: int,
        *,
        readiness: Readiness,
        routes: Iterable[Route | Door] = (),
        watch: Watch | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._wanted = port
        self._health = Health(readiness, watch)
        self._runner = web.AppRunner(
            application(self._health, routes, watch, meter),
            access_log=None,
            shutdown_timeout=FINISH_WITHIN_S,
            handle_signals=False,
        )
        self._port = 0

    @property
    def port(self) -> int:
        """The port it listens on, also when 0 was asked for; 0 until it has been entered."""
        return self._port

    def stopping(self) -> None:
        """From now on `/readyz` says 503, so that no new work is sent here."""
        self._health.stopping = True

    async def __aenter__(self) -> Self:
        """Raises ConfigError when the port cannot be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, EVERYWHERE, self._wanted).start()
        except OSError as error:
            await self._runner.cleanup()
            why = _WHY_NOT.get(error.errno or 0, error.strerror or "the system refuses it")
            raise ConfigError(f"PORT cannot be used: {why}; set PORT to a free one") from error
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stopping()
        await self._runner.cleanup()
