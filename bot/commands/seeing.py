"""Which channels of the workspace a person may be told about."""

from bot.commands.context import Context
from bot.model.subscription import Channel, Platform


async def readable(context: Context, channels: set[Channel]) -> set[Channel]:
    """Those of `channels` the asker can read: what the platform says, else the public ones.

    Nobody's direct messages but one's own are ever among them.
    """
    asker = context.asker
    here = asker.channel
    if here.platform is Platform.TERMINAL and asker.may_see is None:
        return channels
    many = {one for one in channels if not one.person and one.workspace == here.workspace}
    seen = {one for one in many if one.channel in (asker.may_see or ())}
    if asker.may_see is None or asker.reads_public:
        seen |= many & await context.store.policy.public(here.platform, here.workspace)
    own = {here, asker.person.channel} if asker.member else {here}
    return seen | (own & channels)
