"""Receives what people do on Discord and shows them the answer, in time and to them alone."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
import discord

from adapters.discord.limits import DEFER_AFTER_S, FIRST_ANSWER_S
from adapters.discord.render import render
from bot.model.command import Asker, Command
from bot.model.delivery import Payload
from bot.model.errors import BotError
from bot.model.message import Message, Notice, Tone
from bot.model.subscription import Channel, Platform

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]
Ask = Callable[[Asker], Awaitable[Message]]

DIRECT = "@me"
"""The workspace of direct messages, as Discord's own addresses write it."""

REMEMBERED = 2_000
"""Interactions known by id; a repeat comes within seconds."""

_ALREADY_ANSWERED = 40060
_SENDING = (discord.HTTPException, aiohttp.ClientError, TimeoutError)


class Answers(Protocol):
    """Whoever answers commands; `bot.commands.desk.Desk` does."""

    async def say(self, asker: Asker, line: str) -> Message:
        """The answer to a typed line."""
        ...

    async def answer(self, asker: Asker, command: Command) -> Message:
        """The answer to a command."""
        ...


class Reception:
    """One interaction in, one private answer out, whatever happens on the way."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def say(self, interaction: Interaction, line: str, *, changes: bool = False) -> None:
        """Answer a typed line. changes: it may change subscriptions."""
        await self.handle(interaction, lambda asker: self.answers.say(asker, line), changes=changes)

    async def give(
        self, interaction: Interaction, command: Command, *, changes: bool = False
    ) -> None:
        """Answer a command. changes: it may change subscriptions."""
        await self.handle(
            interaction, lambda asker: self.answers.answer(asker, command), changes=changes
        )

    async def handle(self, interaction: Interaction, ask: Ask, *, changes: bool) -> None:
        """Do what was asked and show the answer.

        What changes something is deferred first: Discord takes only one first answer, so of two
        processes that see the same interaction only one goes on.
        """
        if not self._first_time(interaction.id):
            log.info("discord interaction repeated", extra={"interaction": interaction.id})
            return
        answered = False
        try:
            answered = await self._answer(interaction, ask, changes=changes)
        finally:
            if not answered:
                await _apologise(interaction)

    def _first_time(self, interaction_id: int) -> bool:
        if interaction_id in self._seen:
            return False
        self._seen[interaction_id] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    async def _answer(self, interaction: Interaction, ask: Ask, *, changes: bool) -> bool:
        """True when nothing more has to be said to the person."""
        if changes and not await _defer(interaction):
            return True
        async with asyncio.TaskGroup() as group:
            work = group.create_task(_asked(ask, asker_of(interaction)))
            await asyncio.wait({work}, timeout=DEFER_AFTER_S)
            if not (work.done() or interaction.response.is_done()):
                await _defer(interaction)
        return await show(interaction, work.result())


async def _asked(ask: Ask, asker: Asker) -> Message:
    try:
        return await ask(asker)
    except BotError as error:
        log.exception("discord command failed")
        return Notice(heading=str(error), tone=Tone.ERROR)


async def _defer(interaction: Interaction) -> bool:
    """Show "thinking…"; False if this interaction has its first answer from somebody else."""
    try:
        async with asyncio.timeout(FIRST_ANSWER_S):
            await interaction.response.defer(ephemeral=True, thinking=True)
    except _SENDING as error:
        _tell(interaction, error)
        return False
    return True


async def show(interaction: Interaction, message: Message) -> bool:
    """Show `message` to the person who asked; False if Discord did not take it."""
    first, *rest = render(message)
    try:
        if interaction.response.is_done():
            await interaction.edit_original_response(**_arguments(first))
        else:
            async with asyncio.timeout(FIRST_ANSWER_S):
                await interaction.response.send_message(**_arguments(first), ephemeral=True)
        for page in rest:
            await interaction.followup.send(**_arguments(page), ephemeral=True)
    except _SENDING as error:
        _tell(interaction, error)
        return not (isinstance(error, discord.HTTPException) and error.status == 400)
    return True


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


async def _apologise(interaction: Interaction) -> None:
    await show(
        interaction,
        Notice(
            heading="Something went wrong on our side.",
            lines=("Nothing was changed that you were not told about. Please try again.",),
            tone=Tone.ERROR,
        ),
    )


def asker_of(interaction: Interaction) -> Asker:
    """Who asks, and where; the right to manage is Discord's own word, for this very channel."""
    rights = interaction.permissions
    if interaction.guild_id is None:
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
    )


def _arguments(page: Payload) -> dict[str, Any]:
    """A rendered page as discord.py's arguments."""
    arguments: dict[str, Any] = {
        "content": page.get("content"),
        "embeds": [discord.Embed.from_dict(embed) for embed in page.get("embeds", ())],
        "allowed_mentions": discord.AllowedMentions.none(),
    }
    rows = page.get("components")
    if rows:
        arguments["view"] = _view(rows)
    return arguments


def _view(rows: list[dict[str, Any]]) -> discord.ui.View:
    """Rows of controls for sending only: presses find their way by custom_id (listen.py)."""
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(rows):
        for part in row["components"]:
            if "options" in part:
                options = [discord.SelectOption(**option) for option in part["options"]]
                view.add_item(
                    discord.ui.Select(
                        custom_id=part["custom_id"],
                        placeholder=part["placeholder"],
                        options=options,
                        row=number,
                    )
                )
            else:
                view.add_item(
                    discord.ui.Button(custom_id=part["custom_id"], label=part["label"], row=number)
                )
    view.stop()  # a view that is over is not kept waiting for presses
    return view
