"""What options take, and where commands are offered."""

from typing import Literal

from discord import app_commands

from adapters.discord.limits import COMMAND_TEXT

Text = app_commands.Range[str, 1, COMMAND_TEXT]
Short = app_commands.Range[str, 1, 100]
Days = app_commands.Range[int, 1, 90]
Top = app_commands.Range[int, 1, 50]
Every = Literal["instant", "hourly", "daily", "weekdays", "weekly"]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Mode = Literal["compact", "standard", "full"]
Layout = Literal["digest", "thread", "posts", "forum"]
Manage = Literal["anyone", "admins", "listed"]
YesNo = Literal["yes", "no"]
Empty = Literal["silent", "note", "always"]
StartMode = Literal["default", "compact", "standard", "full"]
StartLayout = Literal["default", "digest", "thread", "posts", "forum"]
StartEmpty = Literal["default", "silent", "note", "always"]
Page = app_commands.Range[int, 1, 100]

EVERYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)

PERSONAL = app_commands.AppInstallationType(guild=True, user=True)
"""In a server that has the bot, and for a person who installed it for themselves."""

OF_SERVERS = app_commands.AppInstallationType(guild=True, user=False)
