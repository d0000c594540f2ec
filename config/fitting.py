"""Whether settings go together: what one of them needs of the others."""

from typing import Protocol


class SlackSettings(Protocol):
    """The settings of Slack, as far as they concern each other."""

    @property
    def slack_bot_token(self) -> object: ...
    @property
    def slack_app_token(self) -> object: ...
    @property
    def slack_signing_secret(self) -> object: ...
    @property
    def slack_client_id(self) -> object: ...
    @property
    def slack_client_secret(self) -> object: ...
    @property
    def public_url(self) -> object: ...
    @property
    def keys(self) -> object: ...


def slack_problem(given: SlackSettings) -> str:
    """What is wrong with Slack's settings together; empty if nothing is."""
    way_in = given.slack_app_token or given.slack_signing_secret
    if given.slack_client_id or given.slack_client_secret:
        return _problem_with_many(given)
    if given.slack_bot_token and not way_in:
        return (
            "SLACK_BOT_TOKEN is set, but Slack has no way in: set SLACK_APP_TOKEN for Socket "
            "Mode (no public address needed) or SLACK_SIGNING_SECRET for HTTP"
        )
    if way_in and not given.slack_bot_token:
        name = "SLACK_APP_TOKEN" if given.slack_app_token else "SLACK_SIGNING_SECRET"
        return (
            f"{name} is set, but SLACK_BOT_TOKEN is not: set it to the Bot User OAuth Token "
            f"(xoxb-…), or take {name} out to leave Slack off"
        )
    return ""


def _problem_with_many(given: SlackSettings) -> str:
    if given.slack_bot_token:
        return (
            "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set: the first is for one workspace, "
            "the second for many; take one of them out"
        )
    needs = {
        "SLACK_CLIENT_ID": given.slack_client_id,
        "SLACK_CLIENT_SECRET": given.slack_client_secret,
        "PAPERS_PUBLIC_URL": given.public_url,
        "PAPERS_KEYS": given.keys,
    }
    missing = [name for name, value in needs.items() if not value]
    if missing:
        return (
            f"{missing[0]} is not set, but installing in many workspaces needs it; "
            "docs/slack.md says where to find it"
        )
    if not (given.slack_app_token or given.slack_signing_secret):
        return "SLACK_SIGNING_SECRET is not set, but Slack calls us; docs/slack.md says where it is"
    return ""
