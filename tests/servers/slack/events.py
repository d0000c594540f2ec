"""The Events API: envelopes around events, delivered with Slack's retries.

A delivery failed when the answer is not 2xx or takes over three seconds; then it is repeated at
once, after one minute and after five, unless the answer carries `X-Slack-No-Retry: 1`.
"""

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.servers.slack.call import Json
from tests.servers.slack.world import Workspace

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)


@dataclass
class EventReport:
    """How the delivery of one event went; one entry of `statuses` per try (None: no answer)."""

    event_id: str
    statuses: list[int | None] = field(default_factory=list)

    @property
    def delivered(self) -> bool:
        """Whether some try was acknowledged."""
        return bool(self.statuses) and self.statuses[-1] == 200


class Events:
    """Sends events to the app."""

    def __init__(self, server: "SlackServer") -> None:
        self._server = server

    async def send(
        self,
        event: Json,
        *,
        workspace: Workspace | None = None,
        event_id: str | None = None,
        retry_after: tuple[float, ...] = (0.0, 0.0, 0.0),
    ) -> EventReport:
        """Deliver one event; tests shorten the pauses between tries."""
        team = workspace or self._server.home
        body = self._envelope(event, team, event_id)
        report = EventReport(body["event_id"])
        for number, pause in enumerate((0.0, *retry_after)):
            await asyncio.sleep(pause)
            if await self._try(body, number, report):
                break
        return report

    def _envelope(self, event: Json, team: Workspace, event_id: str | None) -> Json:
        now = self._server.clock.now()
        return {
            "token": "verification",
            "team_id": team.id,
            "context_team_id": team.id,
            "api_app_id": self._server.app_id,
            "event": {"event_ts": self._server.clock.ts(), **event},
            "type": "event_callback",
            "event_id": event_id or "Ev" + self._server.ids.new("0"),
            "event_time": int(now),
            "is_ext_shared_channel": False,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team.id,
                    "user_id": team.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
        }

    async def _try(self, body: Json, number: int, report: EventReport) -> bool:
        """Whether the matter is settled after this try."""
        reason = "" if not report.statuses else _reason(report.statuses[-1])
        if self._server.sockets.count:
            ack = await self._server.sockets.deliver(
                "events_api", body, answerable=False, retry=(number, reason)
            )
            report.statuses.append(200 if ack else None)
            return ack is not None
        extra = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        status, _ = await self._server.post_signed(
            json.dumps(body), "application/json", extra if number else {}
        )
        report.statuses.append(status)
        return status == 200 or self._server.last_no_retry


def _reason(status: int | None) -> str:
    return "http_timeout" if status is None else "http_error"
