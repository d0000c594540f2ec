"""The Slack app as people create it: made from what the code listens to and asks for.

Source: Slack's app manifest reference; its JSON Schema stands behind the tests.
"""

from typing import Any

from adapters.slack.mentioned import DOMAINS
from adapters.slack.scopes import scopes
from adapters.slack.vocabulary import (
    COMMAND,
    COMMAND_HINT,
    COMMAND_SAYS,
    EVENTS,
    ORGANISATION,
    PAPERS_HERE,
    PAPERS_HERE_LABEL,
    PAPERS_HERE_SAYS,
)

NAME = "Paperwire"
ABOUT = "Brings your team the right new papers, in the channel where it already talks."
COLOUR = "#1d3557"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
CALLBACK_PATH = "/slack/oauth_redirect"


def manifest(*, address: str = "", many: bool = False, history: bool = False) -> dict[str, Any]:
    """The manifest of an app.

    address: where Slack reaches us; empty: Socket Mode, no public address needed. many: workspaces
    install it by OAuth, with tokens that expire. history: with scopes that read channels back.
    """
    events = f"{address}{EVENTS_PATH}" if address else ""
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, "description": ABOUT, "background_color": COLOUR},
        "features": _features(events),
        "oauth_config": {
            **({"redirect_urls": [f"{address}{CALLBACK_PATH}"]} if many else {}),
            "scopes": {"bot": scopes(history=history)},
        },
        "settings": {
            "event_subscriptions": {**_url(events), "bot_events": _events(many=many)},
            "interactivity": {"is_enabled": True, **_url(events)},
            "org_deploy_enabled": many,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": many,
        },
    }


def _events(*, many: bool) -> list[str]:
    return sorted(name for name in EVENTS if many or name not in ORGANISATION)


def _url(events: str) -> dict[str, str]:
    return {"request_url": events} if events else {}


def _features(events: str) -> dict[str, Any]:
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": COMMAND_SAYS,
        "usage_hint": COMMAND_HINT,
        "should_escape": False,
    }
    shortcut = {
        "name": PAPERS_HERE_LABEL,
        "type": "message",
        "callback_id": PAPERS_HERE,
        "description": PAPERS_HERE_SAYS,
    }
    return {
        "bot_user": {"display_name": NAME, "always_online": True},
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "slash_commands": [{**command, **({"url": events} if events else {})}],
        "shortcuts": [shortcut],
        "unfurl_domains": list(DOMAINS),
    }
