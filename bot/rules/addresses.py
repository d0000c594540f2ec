"""How channels are written: `slack:TEAM/CHANNEL`, `discord:GUILD/CHANNEL`, `terminal:NAME`.

A person's direct messages are a channel too, `slack:TEAM/@PERSON`.
"""

import re

from bot.model.errors import BadOption
from bot.model.subscription import Channel, Platform

_CHANNEL = re.compile(
    r"(slack|discord):([\w@.-]{1,64})/(@?[\w.-]{1,64})|terminal:()(@?[\w.-]{1,64})"
)
_FORMS = "slack:TEAM/CHANNEL, discord:GUILD/CHANNEL or terminal:NAME"


def parse_channel(text: str) -> Channel:
    """The channel written so. Raises BadOption that shows the forms."""
    found = _CHANNEL.fullmatch(text)
    if found is None:
        raise BadOption(f"“{text[:60]}” is no channel; write {_FORMS}")
    if found[1] is None:
        return Channel(Platform.TERMINAL, "", found[5])
    return Channel(Platform(found[1]), found[2], found[3])
