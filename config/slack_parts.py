"""Settings → the parts of Slack. Its libraries are loaded here, and only when Slack is on."""

from adapters.slack.client import new_client
from adapters.slack.installing import CALLBACK_PATH, INSTALL_PATH, Installer
from adapters.slack.listen import SlackListener
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.workspaces import AppKeys, ManyWorkspaces, OneWorkspace, Workspaces
from adapters.web import Door, Route
from bot.commands.desk import Desk
from bot.ports import Clock, Messenger, Store
from config.settings import Settings

EVENTS_PATH = "/slack/events"


def workspaces(settings: Settings, store: Store, clock: Clock) -> Workspaces:
    """The one workspace of the settings, or all that installed the app."""
    keys = _app_keys(settings)
    if keys is not None:
        return ManyWorkspaces(store.installations, clock, keys, api_url=settings.slack_api_url)
    token = settings.slack_bot_token
    return OneWorkspace(
        new_client(token.get_secret_value() if token else "", settings.slack_api_url)
    )


def messenger(settings: Settings, store: Store, clock: Clock) -> Messenger:
    """Who posts to Slack."""
    return WorkspacesMessenger(workspaces(settings, store, clock))


def listener(settings: Settings, desk: Desk, store: Store, clock: Clock) -> SlackListener:
    """Who hears people on Slack."""
    secret = settings.slack_signing_secret
    return SlackListener(
        workspaces(settings, store, clock),
        api_url=settings.slack_api_url,
        say=desk.say,
        first_time=store.upkeep.first_time,
        clock=clock,
        signing_secret=secret.get_secret_value() if secret else "",
    )


def doors(
    settings: Settings, store: Store, clock: Clock, slack: SlackListener
) -> list[Route | Door]:
    """The addresses under which Slack and browsers reach us."""
    found: list[Route | Door] = []
    if settings.slack_over_http:
        found.append(Route(EVENTS_PATH, slack.receive))
    keys = _app_keys(settings)
    if keys is not None:
        installer = Installer(
            store.installations,
            clock,
            keys,
            api_url=settings.slack_api_url,
            public_url=settings.public_url or "",
        )
        found += [Door(INSTALL_PATH, installer.begin), Door(CALLBACK_PATH, installer.end)]
    return found


def _app_keys(settings: Settings) -> AppKeys | None:
    secret = settings.slack_client_secret
    if settings.slack_client_id is None or secret is None:
        return None
    return AppKeys(settings.slack_client_id, secret.get_secret_value())
