"""Who asks, and where, by what Discord says in the interaction itself."""

import discord

from adapters.discord.seeing import Seeing
from bot.model.command import Asker
from bot.model.subscription import Channel, Platform

Interaction = discord.Interaction[discord.Client]

_SEEING = Seeing()

DIRECT = "@me"
"""The workspace of direct messages, as Discord's own addresses write it."""


def asker_of(interaction: Interaction) -> Asker:
    """The right to manage is Discord's own word, for this very channel and moment."""
    rights = interaction.permissions
    direct = interaction.guild_id is None
    if direct:
        may_manage = isinstance(interaction.channel, discord.DMChannel)
    else:
        may_manage = rights.manage_guild or rights.administrator
    return Asker(
        channel=Channel(
            Platform.DISCORD,
            str(interaction.guild_id or DIRECT),
            str(interaction.channel_id or 0),
        ),
        member=str(interaction.user.id),
        may_manage=may_manage,
        is_admin=may_manage,
        direct=direct,
        may_see=_SEEING.visible_to(interaction.guild, interaction.user),
    )
