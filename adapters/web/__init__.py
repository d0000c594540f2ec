"""The bot's own HTTP server: health and metrics for those who run it, a door for platforms."""

from adapters.web.app import Door, Readiness, Receive, Route
from adapters.web.meter import PrometheusMeter
from adapters.web.server import WebServer
from adapters.web.watch import Watch

__all__ = ["Door", "PrometheusMeter", "Readiness", "Receive", "Route", "Watch", "WebServer"]
