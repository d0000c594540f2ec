"""Which token speaks in which workspace, and keeping it fresh.

One workspace: the token of the settings. Many: each has its own, read from the store; those that
expire are renewed by one process at a time, whoever needs them: a command or a scheduled post.
Source: Slack's pages on token rotation (12 hours, single-use refresh tokens).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.client import SECONDS, new_client
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of
from bot.model.errors import BotError
from bot.model.installation import Installation
from bot.model.subscription import Platform
from bot.ports import Clock, Installations

RENEW_BEFORE = timedelta(hours=2)
"""So long before its end a token is renewed; until then the old one still works."""

HOLD = timedelta(seconds=4 * SECONDS)
"""How long one process may take to renew before another one may try."""

REREAD_AFTER = timedelta(seconds=30)
"""How long a process may speak with a token another one has replaced or taken back."""

MOST_HELD = 2_000
LOOK_AGAIN_S = 0.25
STORE_TRIES = 4

Back = Callable[[str], Awaitable[None]]
"""Hears of a workspace that has the app, for the first time or again."""

log = logging.getLogger(__name__)


class Clients(Protocol):
    """Clients that speak for the app in a workspace."""

    async def client(self, workspace: str, organisation: str = "") -> AsyncWebClient | None:
        """A client with a token that works there; None where the app is not installed."""
        ...


class Workspaces(Clients, Protocol):
    """The same, and what becomes of the app's installations."""

    async def left(self, workspace: str, organisation: str, *, now: datetime) -> list[str]:
        """The app was removed: forget its tokens. The workspaces it left.

        workspace: empty where a whole organisation removed it.
        """
        ...

    async def withdrawn(self, workspace: str, organisation: str, *, now: datetime) -> bool:
        """An organisation took the app out of one workspace; whether it is gone from there."""
        ...

    async def covered(self, workspace: str, organisation: str) -> None:
        """An organisation's installation is good for this workspace, again or for the first time."""
        ...


class OneWorkspace:
    """The workspace whose token stands in the settings."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def client(self, workspace: str, organisation: str = "") -> AsyncWebClient | None:
        """The one client there is."""
        del workspace, organisation
        return self._client

    async def left(self, workspace: str, organisation: str, *, now: datetime) -> list[str]:
        """Its operator owns the data: nothing is deleted, and a new token brings it back."""
        del workspace, organisation, now
        return []

    async def withdrawn(self, workspace: str, organisation: str, *, now: datetime) -> bool:
        """There is no organisation here."""
        del workspace, organisation, now
        return False

    async def covered(self, workspace: str, organisation: str) -> None:
        """There is no organisation here."""
        del workspace, organisation


@dataclass(frozen=True, slots=True)
class AppKeys:
    """What identifies the app itself, not an installation of it.

    history: whether workspaces are also asked for the scopes that read channels back.
    """

    client_id: str
    client_secret: str
    history: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    installation: Installation
    client: AsyncWebClient
    read_at: datetime


class ManyWorkspaces:
    """Every workspace that installed the app."""

    def __init__(
        self,
        book: Installations,
        clock: Clock,
        keys: AppKeys,
        *,
        api_url: str,
        back: Back | None = None,
    ) -> None:
        self._book = book
        self._back = back
        self._clock = clock
        self._keys = keys
        self._api_url = api_url
        self._held: dict[str, _Held] = {}

    async def client(self, workspace: str, organisation: str = "") -> AsyncWebClient | None:
        """A client with a token that works there; None where the app is not installed.

        workspace: empty for the organisation's own installation.
        """
        now = self._clock.now()
        held = self._held.get(workspace or organisation)
        if held is None or now - held.read_at > REREAD_AFTER or _is_due(held.installation, now):
            held = await self._read(workspace, organisation, now)
        return held.client if held else None

    async def left(self, workspace: str, organisation: str, *, now: datetime) -> list[str]:
        """The app was removed: forget its tokens. The workspaces it left."""
        gone = await self._book.remove(Platform.SLACK, workspace or organisation, now=now)
        self._held.clear()
        return gone

    async def withdrawn(self, workspace: str, organisation: str, *, now: datetime) -> bool:
        """An organisation took the app out of one workspace; whether it is gone from there."""
        gone = await self._book.withdraw(Platform.SLACK, workspace, organisation, now=now)
        self._held.clear()
        return gone

    async def covered(self, workspace: str, organisation: str) -> None:
        """An organisation's installation is good for this workspace, again or for the first time."""
        had_left = await self._book.belongs(Platform.SLACK, workspace, organisation)
        if had_left and self._back is not None:
            await self._back(workspace)

    async def _read(self, workspace: str, organisation: str, now: datetime) -> _Held | None:
        key = workspace or organisation
        found = await self._book.find(Platform.SLACK, workspace, organisation)
        if found is None:
            self._held.pop(key, None)
            return None
        if workspace and organisation and not found.workspace and workspace not in self._held:
            await self.covered(workspace, organisation)
        if _is_due(found, now):
            found = await self._renewed(found, now)
        before = self._held.get(key)
        same = before is not None and before.installation.token == found.token
        client = before.client if before and same else new_client(found.token, self._api_url)
        if len(self._held) >= MOST_HELD:
            self._held.clear()
        held = self._held[key] = _Held(found, client, now)
        return held

    async def _renewed(self, old: Installation, now: datetime) -> Installation:
        """The installation with fresh tokens, or as it was if that did not succeed."""
        if not await self._book.take_renewal(old, now=now, hold=HOLD):
            return await self._renewed_elsewhere(old, now)
        try:
            answer = await new_client("", self._api_url).oauth_v2_access(
                client_id=self._keys.client_id,
                client_secret=self._keys.client_secret,
                grant_type="refresh_token",
                refresh_token=old.refresh_token,
            )
        except SlackApiError as error:
            log.error(  # noqa: TRY400 - a trace would say nothing more
                "token not renewed; if it goes on, install the app in this workspace again",
                extra={"workspace": old.tenant, "reason": code_of(error)},
            )
            return old
        except (*LOST, *BROKEN_ANSWER) as error:
            log.warning("token not renewed", extra={"reason": type(error).__name__})
            return old
        fresh = _with_tokens(old, answer, now)
        return fresh if await self._stored(fresh, now) else old

    async def _stored(self, fresh: Installation, now: datetime) -> bool:
        """Store what cannot be had a second time, stubbornly."""
        for attempt in range(1, STORE_TRIES + 1):
            try:
                return await self._book.renewed(fresh, now=now)
            except BotError:
                if attempt == STORE_TRIES:
                    raise
                await asyncio.sleep(attempt)
        return False

    async def _renewed_elsewhere(self, old: Installation, now: datetime) -> Installation:
        """The old token while it works; else wait for the process that is renewing it."""
        if old.expires_at is not None and old.expires_at > now:
            return old
        async with asyncio.timeout(SECONDS * 2):
            while True:
                found = await self._book.find(Platform.SLACK, old.workspace, old.organisation)
                if found is None or found.generation != old.generation:
                    return found or old
                await asyncio.sleep(LOOK_AGAIN_S)


def _is_due(installation: Installation, now: datetime) -> bool:
    ends = installation.expires_at
    return ends is not None and bool(installation.refresh_token) and ends - now < RENEW_BEFORE


def _with_tokens(old: Installation, answer: AsyncSlackResponse, now: datetime) -> Installation:
    return replace(
        old,
        token=str(answer["access_token"]),
        refresh_token=str(answer.get("refresh_token") or old.refresh_token),
        expires_at=now + timedelta(seconds=int(answer.get("expires_in") or 0)),
    )
