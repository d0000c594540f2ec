"""Whether a bot token works, where, and what it may do: for `papers doctor`, the start, leaving."""

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.outcomes import ADVICE
from adapters.slack.refusals import BROKEN_ANSWER, LOST, code_of, status_of
from adapters.slack.scopes import NEEDED

TEAMS_PAGE = 200  # at most 1,000; source: auth.teams.list
MOST_PAGES = 50

NEEDED_SCOPES = frozenset(scope.name for scope in NEEDED)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the token makes us. missing: scopes without which the bot cannot do its work."""

    team_id: str
    team: str
    bot_user: str
    scopes: frozenset[str]

    @property
    def missing(self) -> frozenset[str]:
        """Scopes to add in the app's settings; empty if Slack did not tell which there are."""
        return NEEDED_SCOPES - self.scopes if self.scopes else frozenset()


async def teams_of(client: AsyncWebClient) -> frozenset[str] | None:
    """The workspaces an organisation's token is good for; None if Slack does not say."""
    found: list[str] = []
    cursor = ""
    try:
        for _ in range(MOST_PAGES):
            page = await client.auth_teams_list(cursor=cursor or None, limit=TEAMS_PAGE)
            found += [str(one.get("id")) for one in page.get("teams") or []]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)
    except (SlackApiError, *LOST, *BROKEN_ANSWER):
        return None
    return None


async def identify(client: AsyncWebClient) -> Identity | str:
    """Ask Slack whose token this is; the identity, or in words why there is none."""
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        code = code_of(error) or f"HTTP {status_of(error)}"
        advice = ADVICE.get(code)
        return f"{code}: {advice}" if advice else code
    except LOST as error:
        return f"Slack does not answer: {type(error).__name__}"
    except BROKEN_ANSWER:
        return "the answer is not in Slack's form; is SLACK_API_URL right?"
    granted = answer.headers.get("X-OAuth-Scopes", "")
    return Identity(
        team_id=str(answer.get("team_id", "")),
        team=str(answer.get("team", "")),
        bot_user=str(answer.get("user_id", "")),
        scopes=frozenset(scope for scope in str(granted).replace(" ", "").split(",") if scope),
    )
