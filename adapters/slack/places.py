"""Who speaks and where, out of each kind of request Slack sends.

A direct conversation is one with the person, whatever its id: there a subscription goes to the
person's own conversation with the app (`slack:TEAM/@U…`).
Source: Slack's reference on slash commands, interaction payloads and event envelopes.
"""

from dataclasses import dataclass
from typing import Any

from bot.model.subscription import Channel, Platform

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a request comes from. workspace: where the app is installed, not the person's own.

    conversation: Slack's id of it, empty in App Home. organisation: of an org-wide installation.
    """

    workspace: str
    member: str
    conversation: str = ""
    organisation: str = ""

    @property
    def direct(self) -> bool:
        """Whether this person alone reads here."""
        return not self.conversation or self.conversation.startswith("D")

    @property
    def channel(self) -> Channel:
        """The channel the bot knows it as."""
        where = f"@{self.member}" if self.direct else self.conversation
        return Channel(Platform.SLACK, self.workspace, where)


def of_command(body: Json) -> Place | None:
    """Of a slash command; None if something is missing."""
    return _place(
        body.get("team_id"), body.get("user_id"), body.get("channel_id"), body.get("enterprise_id")
    )


def of_interaction(body: Json) -> Place | None:
    """Of a click, a form or a shortcut."""
    view = body.get("view") or {}
    team = _id(body.get("team")) or view.get("app_installed_team_id") or ""
    return _place(
        team, _id(body.get("user")), _id(body.get("channel")), _id(body.get("enterprise"))
    )


def of_event(body: Json) -> Place | None:
    """Of an event: the workspace whose installation received it, also in shared channels."""
    event = body.get("event") or {}
    granted = (body.get("authorizations") or [{}])[0]
    team = granted.get("team_id") or body.get("team_id")
    item = event.get("item") or {}
    channel = event.get("channel") or item.get("channel")
    member = event.get("user")
    return _place(team, member, _id(channel), granted.get("enterprise_id"))


def own_id(body: Json) -> str:
    """The app's own user id in the workspace of an event; empty if Slack did not say."""
    granted = (body.get("authorizations") or [{}])[0]
    return str(granted.get("user_id") or "") if granted.get("is_bot") else ""


def _place(team: object, member: object, channel: object, organisation: object) -> Place | None:
    if not (isinstance(team, str) and team and isinstance(member, str) and member):
        return None
    return Place(
        workspace=team,
        member=member,
        conversation=channel if isinstance(channel, str) else "",
        organisation=organisation if isinstance(organisation, str) else "",
    )


def _id(value: object) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
