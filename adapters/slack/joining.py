"""Which channels somebody and the app are both in. Source: Slack's reference of users.conversations."""

import logging

from slack_sdk.errors import SlackApiError

from adapters.slack import limits
from adapters.slack.places import Place
from adapters.slack.refusals import BROKEN_ANSWER, LOST
from adapters.slack.workspaces import Workspaces
from bot.model.errors import BotError

MOST_PAGES = 5
CHANNELS = "public_channel,private_channel"

log = logging.getLogger(__name__)


async def joined(workspaces: Workspaces, place: Place) -> dict[str, bool] | None:
    """The channels the person and the app are both in; None where Slack does not say.

    By id, with whether everybody in the workspace can read it.
    """
    found: dict[str, bool] = {}
    cursor = ""
    try:
        client = await workspaces.client(place.workspace, place.organisation)
        if client is None:
            return None
        for _ in range(MOST_PAGES):
            page = await client.users_conversations(
                user=place.member,
                types=CHANNELS,
                limit=limits.CHANNELS_PAGE,
                cursor=cursor or None,
                team_id=place.workspace if place.organisation else None,
            )
            for one in page.get("channels") or []:
                found[str(one.get("id"))] = not one.get("is_private")
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except (SlackApiError, BotError, *LOST, *BROKEN_ANSWER) as error:
        log.info("Slack did not say who reads what", extra={"reason": type(error).__name__})
        return None
    return found
