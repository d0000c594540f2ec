"""A local Discord for tests and replays: REST and gateway, rules, faults, and what was seen."""

from tests.servers.discord import faults
from tests.servers.discord.buckets import UNLIMITED, Limits
from tests.servers.discord.interactions import Interaction
from tests.servers.discord.people import ClientRefused
from tests.servers.discord.server import DiscordServer
from tests.servers.discord.world import Channel, Clock, Guild, Message, Permission, User

__all__ = [
    "UNLIMITED",
    "Channel",
    "ClientRefused",
    "Clock",
    "DiscordServer",
    "Guild",
    "Interaction",
    "Limits",
    "Message",
    "Permission",
    "User",
    "faults",
]
