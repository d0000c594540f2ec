"""How often people may ask, so that one script or one stuck key slows nobody else down.

Limits: design page on delivery, §4. What a reader clicks on the cards of a digest is not counted:
a digest of ten papers takes ten votes, and they cost next to nothing.
"""

import math

from bot.commands.context import Context
from bot.model.command import Command, Share
from bot.model.errors import TooOften
from bot.model.personal import Save, UndoVote, Unsave, Vote
from bot.model.subscription import Platform

MOST_A_MINUTE = 10
MOST_A_MINUTE_HERE = 60


UNCOUNTED = (Vote, UndoVote, Save, Unsave, Share)
"""Clicks on a card; and sharing, whose own line is counted."""


async def admit(context: Context, command: Command) -> None:
    """Count a command of a member. Raises TooOften with the seconds to wait.

    A terminal belongs to one person, who may be as quick as the machine.
    """
    member = context.asker.person
    if not member.id or member.platform is Platform.TERMINAL:
        return
    if isinstance(command, UNCOUNTED):
        return
    wait = await context.store.people.admit(
        member, most=MOST_A_MINUTE, most_here=MOST_A_MINUTE_HERE, now=context.now
    )
    if wait is None:
        return
    seconds = max(math.ceil(wait.length.total_seconds()), 1)
    said = (
        f"This workspace has asked {MOST_A_MINUTE_HERE} times within a minute"
        if wait.shared
        else f"You have asked {MOST_A_MINUTE} times within a minute"
    )
    raise TooOften(f"{said}, and I answer no faster. Nothing was done; ask again in {seconds} s.")
