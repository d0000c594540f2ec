"""Installing the app in a workspace through the browser: Slack's OAuth, by Bolt's own flow.

What Bolt leaves open is closed here: states are used up in one statement, the cookie belongs to
this host alone and to no other site, tokens are sealed by the store, and pages hold fixed words,
nothing from the address. Source: Slack's pages on installing with OAuth.
"""

import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urljoin

from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth import OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.client import new_client
from adapters.slack.install_pages import FAILED, WORDS, installed
from adapters.slack.manifest import CALLBACK_PATH
from adapters.slack.refusals import BROKEN_ANSWER, LOST
from adapters.slack.scopes import scopes
from adapters.slack.workspaces import AppKeys, Back
from bot.model.errors import BotError
from bot.model.installation import Installation
from bot.model.subscription import Platform
from bot.ports import Clock, Installations

COOKIE = "__Host-paperwire-install"
STATE_SECONDS = 600
LONGEST_QUERY = 4_000
_ID = re.compile(r"[A-Z0-9]{1,30}")

log = logging.getLogger(__name__)

# Bolt's warnings quote the one-time code.
_bolt_log = logging.getLogger(f"{__name__}.bolt")
_bolt_log.setLevel(logging.ERROR)


class Page(NamedTuple):
    """What the web server sends back."""

    status: int
    headers: dict[str, str]
    body: str


class Installer:
    """Serves the two addresses of an installation."""

    def __init__(
        self,
        book: Installations,
        clock: Clock,
        keys: AppKeys,
        *,
        api_url: str,
        public_url: str,
        back: Back | None = None,
    ) -> None:
        settings = AsyncOAuthSettings(
            client_id=keys.client_id,
            client_secret=keys.client_secret,
            scopes=scopes(history=keys.history),
            user_scopes=[],
            redirect_uri=public_url + CALLBACK_PATH,
            install_page_rendering_enabled=False,
            # https://slack.com/api/ → https://slack.com/oauth/v2/authorize, GovSlack alike.
            authorization_url=urljoin(api_url, "../oauth/v2/authorize"),
            callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
            installation_store=_Book(book, clock, back),
            state_store=_States(book, clock),
            state_expiration_seconds=STATE_SECONDS,
            state_cookie_name=COOKIE,
            logger=_bolt_log,
        )
        settings.state_utils = _OwnCookie(cookie_name=COOKIE, expiration_seconds=STATE_SECONDS)
        self._flow = AsyncOAuthFlow(
            client=new_client("", api_url), logger=_bolt_log, settings=settings
        )

    async def begin(self, headers: Mapping[str, str], query: str) -> Page:
        """Send the browser to Slack, with a fresh state."""
        del query
        return _page(await self._flow.handle_installation(_request(headers, "")))

    async def end(self, headers: Mapping[str, str], query: str) -> Page:
        """The browser comes back from Slack: take the installation, or say why not."""
        if len(query) > LONGEST_QUERY:
            return _page(_answer(400, FAILED))
        try:
            answer = await self._flow.handle_callback(_request(headers, query))
        except BotError as problem:
            log.warning("installation failed", extra={"reason": type(problem).__name__})
            answer = _answer(503, WORDS["busy"])
        except (*LOST, *BROKEN_ANSWER) as problem:
            log.warning("installation failed", extra={"reason": type(problem).__name__})
            answer = _answer(502, WORDS["slack"])
        return _page(answer)


class _OwnCookie(OAuthStateUtils):
    def build_set_cookie_for_new_state(self, state: str) -> str:
        # Lax, not Strict: Slack sends the browser back by a link from another site.
        return f"{super().build_set_cookie_for_new_state(state)}; SameSite=Lax"

    def build_set_cookie_for_deletion(self) -> str:
        return f"{super().build_set_cookie_for_deletion()}; SameSite=Lax"


class _States(AsyncOAuthStateStore):
    def __init__(self, book: Installations, clock: Clock) -> None:
        self._book = book
        self._clock = clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        del args, kwargs
        state, now = secrets.token_urlsafe(32), self._clock.now()
        ends = now + timedelta(seconds=STATE_SECONDS)
        await self._book.new_state(state, expires_at=ends, now=now)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._book.use_state(state, now=self._clock.now())


class _Book(AsyncInstallationStore):
    def __init__(self, book: Installations, clock: Clock, back: Back | None) -> None:
        self._book = book
        self._clock = clock
        self._back = back

    async def async_save(self, installation: SlackInstallation) -> None:
        now = self._clock.now()
        taken = _taken(installation, now)
        for workspace in await self._book.save(taken, now=now):
            if self._back is not None:
                await self._back(workspace)
        log.info("installed", extra={"workspace": taken.tenant})


def _taken(given: SlackInstallation, now: datetime) -> Installation:
    whole = bool(given.is_enterprise_install)
    # Bolt turned a length into an instant of its own clock; only the length is Slack's word.
    ends = given.bot_token_expires_at
    lasts = timedelta(seconds=ends - given.installed_at) if ends else None
    return Installation(
        platform=Platform.SLACK,
        workspace="" if whole else given.team_id or "",
        organisation=given.enterprise_id or "",
        name=(given.enterprise_name if whole else given.team_name) or "",
        bot_user=given.bot_user_id or "",
        scopes=frozenset(given.bot_scopes or ()),
        token=given.bot_token or "",
        refresh_token=given.bot_refresh_token or "",
        expires_at=now + lasts if lasts else None,
    )


async def _succeeded(args: AsyncSuccessArgs) -> BoltResponse:
    team, app = args.installation.team_id or "", args.installation.app_id or ""
    safe = bool(_ID.fullmatch(team) and _ID.fullmatch(app))
    return _answer(200, installed(team if safe else "", app if safe else ""), over=True)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    # A reason in the address is anybody's text: known words or none.
    words = WORDS.get(args.reason, FAILED)
    log.info("installation refused", extra={"reason": args.reason if words != FAILED else "other"})
    return _answer(args.suggested_status_code, words, over=args.reason != "invalid_browser")


def _answer(status: int, html: str, *, over: bool = False) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"Content-Type": "text/html; charset=utf-8"}
    if over:
        headers["Set-Cookie"] = _OwnCookie(cookie_name=COOKIE).build_set_cookie_for_deletion()
    return BoltResponse(status=status, headers=headers, body=html)


def _request(headers: Mapping[str, str], query: str) -> AsyncBoltRequest:
    cookie = next((text for name, text in headers.items() if name.lower() == "cookie"), "")
    return AsyncBoltRequest(body="", query=query, headers={"cookie": cookie})


def _page(answer: BoltResponse) -> Page:
    headers = {name.title(): values[0] for name, values in answer.headers.items() if values}
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    headers["Referrer-Policy"] = "no-referrer"
    return Page(answer.status, headers, answer.body or "")
