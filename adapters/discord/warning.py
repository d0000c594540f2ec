"""What the bot may not do in the channel where somebody manages it, said there and then.

Discord sends the bot's own permissions with every interaction, whichever way it comes.
"""

from dataclasses import replace

import discord

from adapters.discord.askers import Interaction
from adapters.discord.invitation import lacking
from bot.model.answer import Answer
from bot.model.message import Notice, Tone

MANAGING = frozenset({"subscribe", "edit", "list", "resume", "settings"})
"""Verbs whose answer says what is missing."""

_THREADS = frozenset(
    {
        discord.ChannelType.news_thread,
        discord.ChannelType.public_thread,
        discord.ChannelType.private_thread,
    }
)


def with_warning(answer: Answer, verb: str, interaction: Interaction) -> Answer:
    """The answer, and below it what the bot lacks in this channel."""
    told = answer.private
    if verb not in MANAGING or interaction.guild_id is None or not isinstance(told, Notice):
        return answer
    kind = getattr(interaction.channel, "type", None)
    missing = lacking(interaction.app_permissions.value, in_thread=kind in _THREADS)
    if not missing or told.tone is Tone.ERROR:
        return answer
    grave = any(not one.optional for one in missing)
    words = tuple(f"Paperwire lacks the permission {one.name}: {one.without}." for one in missing)
    tone = Tone.WARNING if grave else told.tone
    return replace(answer, private=replace(told, lines=(*told.lines, *words), tone=tone))
