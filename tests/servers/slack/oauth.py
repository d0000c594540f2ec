"""Slack's side of installing an app: the consent page, codes, tokens that expire and renew.

Sources: Slack's pages on installing with OAuth and on token rotation: a code works once; with
rotation a token lives twelve hours, a refresh token works once, and the token before the last stays
good until its own end.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.slack.call import Json, Refusal
from tests.servers.slack.world import Workspace

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

CLIENT_ID, CLIENT_SECRET = "1111.2222", "c" * 32
TOKEN_SECONDS = 43_200


@dataclass
class Granted:
    """A token that was handed out, and what it is good for."""

    team_id: str
    organisation: str
    ends: float | None = None


@dataclass
class Code:
    """What a person agreed to on the consent page."""

    team_id: str
    organisation: str
    redirect_uri: str
    scopes: str
    user: str


@dataclass
class OAuth:
    """All codes and tokens of one app. rotation: whether tokens expire."""

    server: "SlackServer"
    rotation: bool = False
    codes: dict[str, Code] = field(default_factory=dict)
    tokens: dict[str, Granted] = field(default_factory=dict)
    refresh_tokens: dict[str, Granted] = field(default_factory=dict)
    refreshed: int = 0

    def allow(
        self, url: str, team: Workspace, *, organisation: str = "", user: str = "U0READER01"
    ) -> str:
        """A person who is sent to `url` agrees; where Slack sends the browser then.

        organisation: an admin installs for all workspaces of it instead of for `team`.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT_ID, asked
        code = self.server.ids.new("code")
        team_id = "" if organisation else team.id
        owner = organisation or team.organisation
        self.codes[code] = Code(team_id, owner, asked["redirect_uri"], asked["scope"], user)
        back = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{back}"

    def access(self, args: Json) -> Json:
        """oauth.v2.access: a code or a refresh token for a token."""
        if args.get("client_id") != CLIENT_ID:
            raise Refusal("invalid_client_id")
        if args.get("client_secret") != CLIENT_SECRET:
            raise Refusal("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            return self._refresh(str(args.get("refresh_token", "")))
        code = self.codes.pop(str(args.get("code", "")), None)
        if code is None:
            raise Refusal("invalid_code")
        if code.redirect_uri != args.get("redirect_uri"):
            raise Refusal("bad_redirect_uri")
        granted = Granted(code.team_id, code.organisation)
        for team in self.teams_of(granted):
            team.scopes = set(code.scopes.split(","))
            team.token_error = None
        return self._answer(granted, code.user, code.scopes)

    def _refresh(self, refresh_token: str) -> Json:
        granted = self.refresh_tokens.pop(refresh_token, None)
        if granted is None:
            raise Refusal("invalid_refresh_token")
        self.refreshed += 1
        scopes = ",".join(sorted(self.teams_of(granted)[0].scopes))
        return self._answer(Granted(granted.team_id, granted.organisation), "", scopes)

    def _answer(self, granted: Granted, user: str, scopes: str) -> Json:
        team = self.teams_of(granted)[0]
        token = f"xoxb-{self.server.ids.new('')}-granted"
        body: dict[str, Any] = {
            "access_token": token,
            "token_type": "bot",
            "scope": scopes,
            "bot_user_id": team.bot_user,
            "app_id": self.server.app_id,
            "team": {"id": team.id, "name": team.domain} if granted.team_id else None,
            "enterprise": {"id": granted.organisation, "name": "Org"}
            if granted.organisation
            else None,
            "is_enterprise_install": not granted.team_id,
            "authed_user": {"id": user},
        }
        if self.rotation:
            refresh_token = f"xoxe-1-{self.server.ids.new('')}"
            body |= {"refresh_token": refresh_token, "expires_in": TOKEN_SECONDS}
            body["access_token"] = token = f"xoxe.{token}"
            granted.ends = self.server.clock.now() + TOKEN_SECONDS
            self.refresh_tokens[refresh_token] = granted
        self.tokens[token] = granted
        return body

    def teams_of(self, granted: Granted) -> list[Workspace]:
        """The workspaces a token is good for."""
        every = self.server.workspaces
        if granted.team_id:
            return [every[granted.team_id]]
        return [
            team
            for team in every.values()
            if team.organisation == granted.organisation and not team.without_app
        ]

    def covered(self, token: str) -> list[Workspace]:
        """The workspaces this token of an organisation is good for."""
        granted = self.tokens.get(token)
        return self.teams_of(granted) if granted else []

    def workspace_of(self, token: str, args: Json) -> Workspace | None:
        """The workspace a handed-out token speaks in; an organisation's is told by the channel."""
        granted = self.tokens.get(token)
        if granted is None:
            return None
        if granted.ends is not None and granted.ends <= self.server.clock.now():
            raise Refusal("token_expired")
        teams = self.teams_of(granted)
        for team in teams:
            if args.get("team_id") == team.id or args.get("channel") in team.channels:
                return team
        return teams[0]
