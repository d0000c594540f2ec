"""The app was removed from a workspace, or its tokens were taken back.

`app_uninstalled` and `tokens_revoked` come in any order, late, or after the app was installed again.
So neither is believed: Slack is asked whether our token still works.
Source: Slack's reference pages of the two events.
"""

import logging
from typing import Any

from adapters.slack.checkup import Identity, identify
from adapters.slack.workspaces import Workspaces
from bot.model.errors import BotError
from bot.ports import Clock

log = logging.getLogger(__name__)


class Leaving:
    """Forgets the tokens of workspaces that are gone; their data follow a day later."""

    def __init__(self, workspaces: Workspaces, clock: Clock) -> None:
        self._workspaces = workspaces
        self._clock = clock

    async def heard(self, body: dict[str, Any]) -> None:
        """One of the two events."""
        gone = await self._left(body)
        if gone:
            log.info("left a workspace", extra={"workspaces": len(gone)})

    async def _left(self, body: dict[str, Any]) -> list[str]:
        whole = bool((body.get("authorizations") or [{}])[0].get("is_enterprise_install"))
        organisation = str(body.get("enterprise_id") or "")
        workspace = "" if whole else str(body.get("team_id") or "")
        if _of_people_only(body):
            return []
        try:
            client = await self._workspaces.client(workspace or str(body.get("team_id") or ""))
            if client is None or isinstance(await identify(client), Identity):
                return []
            return await self._workspaces.left(workspace, organisation, now=self._clock.now())
        except (BotError, TimeoutError) as problem:
            log.error(  # noqa: TRY400 - the store says what is wrong
                "a workspace left, but that could not be stored",
                extra={"reason": type(problem).__name__},
            )
            return []


def _of_people_only(body: dict[str, Any]) -> bool:
    """Whether `tokens_revoked` names tokens of people alone; we have none of those."""
    tokens = (body.get("event") or {}).get("tokens")
    return isinstance(tokens, dict) and not tokens.get("bot")
