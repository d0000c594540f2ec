"""The app was removed from a workspace, or its tokens were taken back.

`app_uninstalled` and `tokens_revoked` come in any order, late, or after the app was installed again.
So neither is believed: Slack is asked whether our token still works.
Source: Slack's reference pages of the two events.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from adapters.slack.checkup import Identity, identify
from adapters.slack.workspaces import Workspaces
from bot.model.errors import BotError
from bot.ports import Clock

GONE = "the app was removed from the workspace; installing it again within a day brings it back"

Gone = Callable[[str, str], Awaitable[None]]
"""Hears of a workspace that is left, and why: nothing is posted there any more."""

log = logging.getLogger(__name__)


class Leaving:
    """Forgets the tokens of workspaces that are gone; their data follow a day later."""

    def __init__(self, workspaces: Workspaces, clock: Clock, gone: Gone) -> None:
        self._workspaces = workspaces
        self._clock = clock
        self._gone = gone

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
            left = await self._workspaces.left(workspace, organisation, now=self._clock.now())
            for one in left:
                await self._gone(one, GONE)
        except (BotError, TimeoutError) as problem:
            log.error(  # noqa: TRY400 - the store says what is wrong
                "a workspace left, but that could not be stored",
                extra={"reason": type(problem).__name__},
            )
            return []
        return left


def _of_people_only(body: dict[str, Any]) -> bool:
    """Whether `tokens_revoked` names tokens of people alone; we have none of those."""
    tokens = (body.get("event") or {}).get("tokens")
    return isinstance(tokens, dict) and not tokens.get("bot")
