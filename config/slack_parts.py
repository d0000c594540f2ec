"""Settings → the parts of Slack. Its libraries are loaded here, and only when Slack is on."""

from adapters.slack.channels import Channels
from adapters.slack.chores import Chores
from adapters.slack.client import new_client
from adapters.slack.desk import Desk
from adapters.slack.hearing import Hearing
from adapters.slack.home import Home
from adapters.slack.installing import Installer
from adapters.slack.knowing import Knowledge
from adapters.slack.leaving import Leaving
from adapters.slack.links import Links
from adapters.slack.listen import Handlers, SlackListener
from adapters.slack.manifest import CALLBACK_PATH, EVENTS_PATH, INSTALL_PATH
from adapters.slack.messenger import WorkspacesMessenger
from adapters.slack.modals import Modals
from adapters.slack.reactions import Reactions
from adapters.slack.replies import Replies
from adapters.slack.surface import Surface
from adapters.slack.workspaces import AppKeys, Back, ManyWorkspaces, OneWorkspace, Workspaces
from adapters.web import Door, Route
from bot.commands.lifecycle import Lifecycle
from bot.model.subscription import Channel, Platform
from bot.ports import Clock, Messenger, Store
from config.settings import Settings, Switch


def workspaces(settings: Settings, store: Store, clock: Clock) -> Workspaces:
    """The one workspace of the settings, or all that installed the app."""
    keys = _app_keys(settings)
    if keys is not None:
        return ManyWorkspaces(
            store.installations,
            clock,
            keys,
            api_url=settings.slack_api_url,
            back=_hear_of_return(store, clock),
        )
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
    on = surface(workspaces(settings, store, clock), desk, store, clock)
    return SlackListener(
        handlers(on, store),
        on.chores,
        clock=clock,
        api_url=settings.slack_api_url,
        signing_secret=secret.get_secret_value() if secret else "",
    )


def surface(where: Workspaces, desk: Desk, store: Store, clock: Clock) -> Surface:
    """What all handlers of people's requests share."""

    async def told(channel: Channel, is_public: bool) -> None:  # noqa: FBT001 - Slack's own word
        await store.policy.set_public(channel, is_public=is_public)

    chores = Chores()
    knowledge = Knowledge(where, clock, chores, told=told)
    return Surface(
        desk=desk,
        workspaces=where,
        knowledge=knowledge,
        replies=Replies(where, knowledge),
        chores=chores,
        clock=clock,
        first_time=store.upkeep.first_time,
    )


def handlers(on: Surface, store: Store) -> Handlers:
    """Who does what Slack sends."""
    hearing = Hearing(on)
    links = Links(on, store.memory)
    home = Home(on, store.subscriptions, store.policy, store.outbox)
    modals = Modals(on, at_home=home.publish)
    lives = Lifecycle(store, on.clock)

    async def gone(workspace: str, reason: str) -> None:
        # Its data go with the departure the store has noted.
        await lives.workspace_gone(Platform.SLACK, workspace, reason, keep=None)

    return Handlers(
        command=hearing.command,
        action=hearing.action,
        typing=modals.changed,
        submitted=modals.submitted,
        shortcut=links.asked,
        spoken=hearing.spoken,
        home=home.opened,
        pressed_home=home.pressed,
        links=links.shared,
        reaction=Reactions(on, store.posted.papers_in).heard,
        channel=Channels(on.workspaces, lives).heard,
        leaving=Leaving(on.workspaces, on.clock, gone).heard,
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
            back=_hear_of_return(store, clock),
            api_url=settings.slack_api_url,
            public_url=settings.public_url or "",
        )
        found += [Door(INSTALL_PATH, installer.begin), Door(CALLBACK_PATH, installer.end)]
    return found


def _hear_of_return(store: Store, clock: Clock) -> Back:
    lives = Lifecycle(store, clock)

    async def back(workspace: str) -> None:
        await lives.workspace_back(Platform.SLACK, workspace)

    return back


def _app_keys(settings: Settings) -> AppKeys | None:
    secret = settings.slack_client_secret
    if settings.slack_client_id is None or secret is None:
        return None
    return AppKeys(
        settings.slack_client_id,
        secret.get_secret_value(),
        history=settings.slack_history is Switch.YES,
    )
