"""The bot's own HTTP server: health for those who run it, and a door for platforms that call us."""

from adapters.web.app import Readiness, Receive, Route
from adapters.web.server import WebServer

__all__ = ["Readiness", "Receive", "Route", "WebServer"]
