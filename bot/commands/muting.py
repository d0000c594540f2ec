"""A digest on demand without what the asker mutes."""

from bot.commands.context import Context
from bot.rules.digests import Ranked
from bot.rules.muting import hidden_by


async def unmuted(context: Context, ranked: list[Ranked]) -> list[Ranked]:
    """`ranked` less what the asker has muted."""
    if not context.asker.member or not ranked:
        return ranked
    muted = await context.store.people.mutes(context.asker.person, now=context.now)
    hides = hidden_by((one.term for one in muted), context.today)
    return [one for one in ranked if not hides(one.paper)]
