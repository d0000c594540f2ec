"""Receives what people do on Discord and shows them the answer, in time and to them alone."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, cast

import aiohttp
import discord

from adapters.discord.limits import DEFER_AFTER_S, FIRST_ANSWER_S
from adapters.discord.render import render
from adapters.discord.views import arguments
from bot.model.command import Asker
from bot.model.errors import BotError
from bot.model.message import Action, Message, Notice, Tone
from bot.model.subscription import Channel, Platform
from bot.ports import Clock

log = logging.getLogger(__name__)

Interaction = discord.Interaction[discord.Client]

DIRECT = "@me"
"""The workspace of direct messages, as Discord's own addresses write it."""

_ALREADY_ANSWERED = 40060
_SENDING = (discord.HTTPException, aiohttp.ClientError, TimeoutError)


class Answers(Protocol):
    """Whoever answers commands; `bot.commands.desk.Desk` does."""

    async def say(self, asker: Asker, line: str) -> Message:
        """The answer to a typed line."""
        ...


class FirstTime(Protocol):
    """Whether something is seen for the first time, over all processes (`Upkeep.first_time`)."""

    async def __call__(self, scope: str, key: str, *, now: datetime) -> bool:
        """True once per scope and key."""
        ...


class Reception:
    """One interaction in, one private answer out, whatever happens on the way."""

    def __init__(self, answers: Answers, first_time: FirstTime, clock: Clock) -> None:
        self.answers = answers
        self._first_time = first_time
        self._clock = clock
        self._working: set[asyncio.Task[Any]] = set()

    async def say(
        self,
        interaction: Interaction,
        line: str,
        *,
        slow: bool = False,
        also: tuple[Action, ...] = (),
    ) -> None:
        """Do what a line asks for and show the answer, once per interaction.

        Discord may deliver an interaction twice, and to several processes; discord.py runs it each
        time. slow: the work may exceed a second, so it is deferred at once; other work is when it
        has not ended soon. also: what can be done from the answer besides what it offers itself.
        """
        answered = False
        with self._counted():
            try:
                answered = await self._answer(interaction, line, slow=slow, also=also)
            finally:
                if not answered:
                    await _apologise(interaction)

    async def drain(self, within: float) -> None:
        """Let answers that are being worked on go out, for so many seconds at most."""
        if self._working:
            await asyncio.wait(self._working, timeout=within)

    async def _answer(
        self, interaction: Interaction, line: str, *, slow: bool, also: tuple[Action, ...]
    ) -> bool:
        """True when nothing more has to be said to the person."""
        async with asyncio.TaskGroup() as group:
            work = group.create_task(self._done(interaction, line))
            if not slow:
                await asyncio.wait({work}, timeout=DEFER_AFTER_S)
            if not work.done() and not await _defer(interaction):
                log.info("discord interaction goes on unseen", extra={"id": interaction.id})
        message = work.result()
        return message is None or await show(interaction, _with(message, also))

    async def _done(self, interaction: Interaction, line: str) -> Message | None:
        """What comes of the line; None when this interaction was dealt with before."""
        try:
            now = self._clock.now()
            if not await self._first_time("discord", str(interaction.id), now=now):
                log.info("discord interaction repeated", extra={"interaction": interaction.id})
                return None
            return await self.answers.say(asker_of(interaction), line)
        except BotError as error:
            log.exception("discord command failed")
            return Notice(heading=str(error), tone=Tone.ERROR)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        task = asyncio.current_task()
        if task is None:  # called from no task: nothing to wait for later
            yield
            return
        self._working.add(task)
        try:
            yield
        finally:
            self._working.discard(task)


def _with(message: Message, also: tuple[Action, ...]) -> Message:
    return replace(message, actions=(*message.actions, *also)) if also else message


class Receives(Protocol):
    """A client that has a reception."""

    reception: Reception


def reception_of(interaction: discord.Interaction[Any]) -> Reception:
    """The reception behind the client an interaction came by."""
    return cast("Receives", interaction.client).reception


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
            await interaction.edit_original_response(**arguments(first))
        else:
            async with asyncio.timeout(FIRST_ANSWER_S):
                await interaction.response.send_message(**arguments(first), ephemeral=True)
        for page in rest:
            await interaction.followup.send(**arguments(page), ephemeral=True)
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
