"""The app was removed from a workspace, from an organisation, or from one workspace of it.

The events come in any order, late, or after the app was installed again. So none is believed: Slack
is asked whether our token still works, and for which workspaces of an organisation.
Source: Slack's reference of app_uninstalled, tokens_revoked, team_access_revoked and _granted, and
of auth.teams.list.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from adapters.slack.checkup import Identity, identify, teams_of
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
        """One of the events."""
        event = body.get("event") or {}
        teams = event.get("team_ids")
        try:
            if isinstance(teams, list):
                organisation = str(body.get("enterprise_id") or "")
                revoked = event.get("type") == "team_access_revoked"
                left = await self._changed(organisation, map(str, teams), revoked=revoked)
            else:
                left = await self._left(body)
            for one in left:
                await self._gone(one, GONE)
        except (BotError, TimeoutError) as problem:
            log.error(  # noqa: TRY400 - the store says what is wrong
                "a workspace left, but that could not be stored",
                extra={"reason": type(problem).__name__},
            )
            return
        if left:
            log.info("left a workspace", extra={"workspaces": len(left)})

    async def _left(self, body: dict[str, Any]) -> list[str]:
        """The workspaces that are gone with an installation."""
        whole = bool((body.get("authorizations") or [{}])[0].get("is_enterprise_install"))
        organisation = str(body.get("enterprise_id") or "")
        workspace = "" if whole else str(body.get("team_id") or "")
        if _of_people_only(body):
            return []
        client = await self._workspaces.client(workspace, organisation if whole else "")
        if client is None or isinstance(await identify(client), Identity):
            return []
        return await self._workspaces.left(workspace, organisation, now=self._clock.now())

    async def _changed(
        self, organisation: str, teams: Iterable[str], *, revoked: bool
    ) -> list[str]:
        """Of these workspaces those that the organisation's installation lost; others it has.

        revoked: what the event said, for when Slack does not say. Should it be wrong, the next thing
        anybody does there puts it right.
        """
        client = await self._workspaces.client("", organisation)
        if client is None:
            return []
        covered, left = await teams_of(client), []
        for team in teams:
            if team in covered if covered is not None else not revoked:
                await self._workspaces.covered(team, organisation)
            elif await self._workspaces.withdrawn(team, organisation, now=self._clock.now()):
                left.append(team)
        return left


def _of_people_only(body: dict[str, Any]) -> bool:
    """Whether `tokens_revoked` names tokens of people alone; we have none of those."""
    tokens = (body.get("event") or {}).get("tokens")
    return isinstance(tokens, dict) and not tokens.get("bot")
