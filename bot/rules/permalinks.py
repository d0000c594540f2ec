"""Where a posted message can be looked at.

Sources: Slack's page on deep links (`app_redirect`), Discord's own message links.
"""

import re
from urllib.parse import urlencode

from bot.model.subscription import Channel, Platform

_SLACK_TS = re.compile(r"\d{10}\.\d{6}")


def permalink(channel: Channel, message_id: str) -> str:
    """The address of a message, or of its channel; empty where there is none."""
    match channel.platform:
        case Platform.SLACK:
            where = {"team": channel.workspace, "channel": channel.channel}
            if _SLACK_TS.fullmatch(message_id):
                where["message_ts"] = message_id
            return f"https://slack.com/app_redirect?{urlencode(where)}"
        case Platform.DISCORD:
            address = f"https://discord.com/channels/{channel.workspace}/{channel.channel}"
            return f"{address}/{message_id}" if message_id.isdigit() else address
        case Platform.TERMINAL:
            return ""
