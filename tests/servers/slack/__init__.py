"""A local Slack for tests, replays and trying things by hand: `async with SlackServer() as slack`.

server     starts and stops it; workspaces, channels, tokens, faults
world      what exists: workspaces, channels, people, messages
api        the Web API; call, methods_* are its methods; blocks, elements, checks are Block Kit's rules
sockets    Socket Mode
oauth      the consent page, codes, tokens that expire
people     plays the users: slash commands, clicks, forms, shortcuts
events     the Events API with its retries
responses  response URLs; limits: paces, triggers, expiries; faults: ways to fail
visible    what a reader sees of a message, and whom it notifies
reference  Slack's own argument names, read where they lie
"""

from tests.servers.slack.limits import Pace
from tests.servers.slack.people import DEFAULT_USER, Outcome
from tests.servers.slack.server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackServer
from tests.servers.slack.world import Channel, Message, User, Workspace

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "DEFAULT_USER",
    "SIGNING_SECRET",
    "Channel",
    "Message",
    "Outcome",
    "Pace",
    "SlackServer",
    "User",
    "Workspace",
]
