"""Receives what people do on Discord: one interaction in, one answer out, whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol, cast

import discord

from adapters.discord.askers import Interaction
from adapters.discord.desk import Desk, Knows
from adapters.discord.drafts import Drafts
from adapters.discord.forms import FORM, values_of
from adapters.discord.limits import DEFER_AFTER_S, FORM_WITHIN_S
from adapters.discord.seeing import MOST_KEPT, is_public
from adapters.discord.showing import apologise, defer, show
from adapters.discord.warning import with_warning
from adapters.discord.whereabouts import Whereabouts
from bot.model.answer import Answer
from bot.model.command import Asker
from bot.model.errors import BotError
from bot.model.message import Action, Listing, Notice, Tone
from bot.model.subscription import Channel

log = logging.getLogger(__name__)

Work = Callable[[Asker], Awaitable[Answer]]
Told = Callable[[Channel, bool], Awaitable[None]]
"""Hears whether everybody in the server can read a channel."""

SEARCH = "search"
"""The verb whose queries are kept, for completing them later."""

OPENS_FORM = ("subscribe", "edit", "settings", "follow", "mute", "import")
"""Verbs that, with nothing behind their name, ask for a form."""


BUSY = 3
"""With more people waiting than this, each is told "thinking…" at once: their answers take longer."""


class Reception:
    """Hands what people do to the desk, and its answers to them.

    Every interaction has one effect: its id goes to the desk, which keeps it over all processes.

    told: hears of each channel somebody asks in, when it was opened to all or closed.
    """

    def __init__(self, desk: Desk, knows: Knows, *, told: Told | None = None) -> None:
        self.knows = knows
        self.whereabouts = Whereabouts(knows)
        self._told = told
        self._public: dict[Channel, bool] = {}
        self._desk = desk
        self._drafts = Drafts()
        self._working: set[asyncio.Task[Any]] = set()

    async def say(
        self,
        interaction: Interaction,
        line: str,
        *,
        slow: bool = False,
        also: Sequence[Action] = (),
    ) -> None:
        """Answer a line. A verb that takes a form opens it when nothing stands behind it.

        slow: the work may exceed a second, so it is deferred at once; a form never is, for it can
        only be a first answer.

        also: what can be done from the answer besides what it offers itself.
        """

        async def ask(asker: Asker) -> Answer:
            if opens_form:
                return await self._desk.look(asker, line, {})
            answer = await self._desk.ask(asker, line, event=str(interaction.id))
            answer = with_warning(answer, verb, interaction)
            if verb == SEARCH and isinstance(answer.private, Listing):
                found.append(asker)
            if not also or answer.private is None:
                return answer
            message = answer.private
            return replace(answer, private=replace(message, actions=(*message.actions, *also)))

        async def remember() -> None:
            for asker in found:
                await self._desk.remember(asker, query)

        found: list[Asker] = []
        opens_form = _asks_for_form(line)
        verb, _, query = line.partition(" ")
        wait = FORM_WITHIN_S if opens_form else 0.0 if slow else DEFER_AFTER_S
        await self._handle(interaction, ask, wait, verb, remember)

    async def say_all(self, interaction: Interaction, lines: Sequence[str], missing: str) -> None:
        """Answer several lines in one message. missing: what was looked for, if there is none."""

        async def ask(asker: Asker) -> Answer:
            if not lines:
                return Answer(private=_nothing(missing))
            found = [
                await self._desk.ask(asker, line, event=f"{interaction.id}.{number}")
                for number, line in enumerate(lines)
            ]
            messages = [answer.private for answer in found if answer.private is not None]
            if len(messages) == 1:
                return Answer(private=messages[0])
            cards = tuple(card for message in messages for card in message.cards)
            told = tuple(
                row for message in messages if isinstance(message, Notice)
                for row in (message.heading, *message.lines)
            )  # fmt: skip
            if cards:
                note = " · ".join(told)
                return Answer(private=Listing(heading=missing, cards=cards, note=note))
            return Answer(private=Notice(heading=missing, lines=told))

        await self._handle(interaction, ask, DEFER_AFTER_S)

    async def take_form(self, interaction: Interaction) -> None:
        """Carry out a form that was sent back, or show what is wrong with it."""
        data = cast("dict[str, Any]", interaction.data)
        command = str(data["custom_id"]).removeprefix(FORM)
        values = values_of(data.get("components"))
        person = (interaction.user.id, command)
        verb = command.partition(" ")[0]

        async def ask(asker: Asker) -> Answer:
            answer = await self._desk.submit(asker, command, values, event=str(interaction.id))
            if answer.form is None:
                self._drafts.drop(person)
                return with_warning(answer, verb, interaction)
            self._drafts.keep(person, values)
            return Answer(private=_wrong(answer, command))

        await self._handle(interaction, ask, 0.0, verb)

    async def drain(self, within: float) -> None:
        """Let answers that are being worked on go out, for so many seconds at most."""
        if self._working:
            await asyncio.wait(self._working, timeout=within)

    async def _handle(
        self,
        interaction: Interaction,
        work: Work,
        wait: float,
        verb: str = "",
        afterwards: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Do the work and show what comes of it; "thinking…" if it takes longer than `wait`.

        afterwards: what nobody waits for.
        """
        answered = False
        with self._counted():
            try:
                answered = await self._answered(interaction, work, wait, verb)
            finally:
                if not answered:
                    await apologise(interaction)
            if afterwards is not None:
                try:
                    await afterwards()
                except BotError:
                    log.exception("nothing kept of a command that was answered")

    async def _answered(self, interaction: Interaction, work: Work, wait: float, verb: str) -> bool:
        """True when nothing more has to be said to the person."""
        if wait == DEFER_AFTER_S and len(self._working) > BUSY:
            wait = 0.0
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._worked(work, interaction, verb))
            if wait:
                await asyncio.wait({working}, timeout=wait)
            if not working.done() and not await defer(interaction):
                log.info("discord interaction goes on unseen", extra={"id": interaction.id})
        answer = working.result()
        draft = None
        if answer.form is not None:
            draft = self._drafts.take((interaction.user.id, answer.form.command))
        return await show(interaction, answer, draft)

    async def _worked(self, work: Work, interaction: Interaction, verb: str) -> Answer:
        try:
            asker = await self.whereabouts.asker(interaction, verb)
            place = asker.channel.channel
            if place.isdecimal():
                await self._tell(asker.channel, is_public(interaction.guild, int(place)))
            return await work(asker)
        except BotError as error:
            log.exception("discord command failed")
            return Answer(private=Notice(heading=str(error), tone=Tone.ERROR))

    async def _tell(self, channel: Channel, public: bool | None) -> None:  # noqa: FBT001 - one answer
        if self._told is None or public is None or self._public.get(channel) is public:
            return
        await self._told(channel, public)
        if len(self._public) > MOST_KEPT:
            self._public.clear()
        self._public[channel] = public

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


def _asks_for_form(line: str) -> bool:
    verb, _, rest = line.partition(" ")
    return verb in OPENS_FORM and (not rest or (verb == "edit" and " " not in rest))


def _nothing(looked_for: str) -> Notice:
    return Notice(
        heading=f"{looked_for}: none found.",
        lines=("An arXiv id, a DOI or the address of a paper's page is recognised.",),
    )


def _wrong(answer: Answer, command: str) -> Notice:
    """What is wrong with a form, in words: Discord takes no form as the answer to a form."""
    form = answer.form
    assert form is not None  # noqa: S101 - asked just before; for the type checker
    return Notice(
        heading=f"{form.title}: not saved yet.",
        lines=tuple(f"{field.label}: {field.error}" for field in form.fields if field.error),
        tone=Tone.ERROR,
        actions=(Action("Fill it in again", command),),
    )


class Receives(Protocol):
    """A client that has a reception."""

    reception: Reception


def reception_of(interaction: discord.Interaction[Any]) -> Reception:
    """The reception behind the client an interaction came by."""
    return cast("Receives", interaction.client).reception
