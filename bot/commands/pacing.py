"""How often people may ask, so that one script or one stuck key slows nobody else down.

Limits: design page on delivery, §4. What a reader clicks on the cards of a digest is not counted:
a digest of ten papers takes ten votes, and they cost next to nothing.
"""

import math

from bot.commands.context import Context
from bot.model.command import Command, Share
from bot.model.errors import TooOften
from bot.model.member import Member
from bot.model.personal import Save, UndoVote, Unsave, Vote
from bot.model.subscription import Platform

MOST_A_MINUTE = 10
MOST_A_MINUTE_HERE = 60


UNCOUNTED = (Vote, UndoVote, Save, Unsave, Share)
"""Clicks on a card; and sharing, whose own line is counted."""


async def admit(context: Context, command: Command, event: str) -> bool:
    """Count a command of a member; False if the event it came in by was handled before.

    A terminal belongs to one person, who may be as quick as the machine.
    event: unique on its platform; empty where nothing is sent twice.
    Raises TooOften with the seconds to wait.
    """
    member, now = context.asker.person, context.now
    came = (f"desk:{member.platform}", event) if event else None
    if _is_free(member, command):
        return came is None or await context.store.upkeep.first_time(*came, now=now)
    admission = await context.store.people.admit(
        member, most=MOST_A_MINUTE, most_here=MOST_A_MINUTE_HERE, now=now, event=came
    )
    wait = admission.wait
    if wait is None:
        return admission.first
    seconds = max(math.ceil(wait.length.total_seconds()), 1)
    said = (
        f"This workspace has asked {MOST_A_MINUTE_HERE} times within a minute"
        if wait.shared
        else f"You have asked {MOST_A_MINUTE} times within a minute"
    )
    raise TooOften(f"{said}, and I answer no faster. Nothing was done; ask again in {seconds} s.")


def _is_free(member: Member, command: Command) -> bool:
    return not member.id or member.platform is Platform.TERMINAL or isinstance(command, UNCOUNTED)
