"""Shows answers to people: at once or after "thinking…", to them alone or to everybody, or as a form."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace

import aiohttp
import discord

from adapters.discord.askers import Interaction
from adapters.discord.forms import modal
from adapters.discord.limits import FIRST_ANSWER_S
from adapters.discord.render import render, signed
from adapters.discord.views import ReadyModal, arguments
from bot.model.answer import Answer
from bot.model.message import Action, Message, Notice, Tone

log = logging.getLogger(__name__)

SHARED = Notice(heading="Shown to everybody here.", tone=Tone.DONE)
OUR_FAULT = Notice(
    heading="Something went wrong on our side.",
    lines=("Nothing was changed that you were not told about. Please try again.",),
    tone=Tone.ERROR,
)

_ALREADY_ANSWERED = 40060
_SENDING = (discord.HTTPException, aiohttp.ClientError, TimeoutError)


async def defer(interaction: Interaction) -> bool:
    """Show "thinking…"; False if this interaction has its first answer from somebody else."""
    try:
        async with asyncio.timeout(FIRST_ANSWER_S):
            await interaction.response.defer(ephemeral=True, thinking=True)
    except _SENDING as error:
        _tell(interaction, error)
        return False
    return True


async def show(
    interaction: Interaction, answer: Answer, draft: Mapping[str, str] | None = None
) -> bool:
    """Show all of an answer; False if Discord did not take its form or content.

    draft: what was filled into its form before. An answer with nothing in it was given before.
    """
    try:
        if answer.form is not None and not interaction.response.is_done():
            made = modal(answer.form, draft)
            if made is not None:
                async with asyncio.timeout(FIRST_ANSWER_S):
                    await interaction.response.send_modal(ReadyModal(made))
                return True
        await _show_messages(interaction, answer)
    except _SENDING as error:
        _tell(interaction, error)
        return not (isinstance(error, discord.HTTPException) and error.status == 400)
    return True


async def apologise(interaction: Interaction) -> None:
    """Say that it did not work, for reasons nobody can do anything about here."""
    await show(interaction, Answer(private=OUR_FAULT))


async def _show_messages(interaction: Interaction, answer: Answer) -> None:
    private = answer.private
    if answer.form is not None:  # too late for it, or too long for an id
        said = private or Notice(heading=answer.form.title)
        opens = Action("Open the form", answer.form.command)
        private = replace(said, actions=(*said.actions, opens))
    if answer.public is not None and private is None and interaction.response.is_done():
        private = SHARED  # a "thinking…" for one person alone can never become public
    if private is not None:
        await _send(interaction, private, ephemeral=True)
    if answer.public is not None:
        await _send(interaction, answer.public, ephemeral=False, by=answer.by)


async def _send(
    interaction: Interaction, message: Message, *, ephemeral: bool, by: str = ""
) -> None:
    first, *rest = signed(render(message), by)
    if not interaction.response.is_done():
        async with asyncio.timeout(FIRST_ANSWER_S):
            await interaction.response.send_message(**arguments(first), ephemeral=ephemeral)
    elif ephemeral:
        await interaction.edit_original_response(**arguments(first))
    else:
        await interaction.followup.send(**arguments(first), ephemeral=False)
    for page in rest:
        await interaction.followup.send(**arguments(page), ephemeral=ephemeral)


def _tell(interaction: Interaction, error: BaseException) -> None:
    code = error.code if isinstance(error, discord.HTTPException) else 0
    fields = {
        "interaction": interaction.id,
        "problem": type(error).__name__,
        "code": code,
        "after_ms": round((discord.utils.utcnow() - interaction.created_at).total_seconds() * 1000),
    }
    if code == _ALREADY_ANSWERED:
        log.info("discord interaction answered elsewhere", extra=fields)
    else:
        log.warning("discord answer not shown", extra=fields)
