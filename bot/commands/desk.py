"""The desk where people ask: a line or a filled form in, an answer out."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.commands import answers
from bot.commands.asking import ask_about_papers
from bot.commands.context import Context
from bot.commands.coverage import coverage
from bot.commands.forms import fill, form_of, refused
from bot.commands.grammar import parse_line
from bot.commands.help import help_message
from bot.commands.help_discord import as_asked_there, check_meant
from bot.commands.keeping import export, take_in
from bot.commands.managing import manage, show_log, show_settings
from bot.commands.pacing import admit
from bot.commands.personal import personal
from bot.commands.remembering import with_memory
from bot.commands.seeing import readable
from bot.commands.sharing import share
from bot.commands.undoing import undo
from bot.commands.voting import with_tally
from bot.model.answer import Answer
from bot.model.command import (
    Asker,
    Asking,
    Change,
    Command,
    Export,
    Fill,
    Help,
    Import,
    ListSubscriptions,
    Personal,
    Settings,
    Share,
    ShowLog,
    ShowStatus,
    Undo,
)
from bot.model.errors import CommandError, StoreDown
from bot.model.form import Form
from bot.model.message import Message, Notice, Tone
from bot.model.subscription import Platform
from bot.ports import Clock, Lookup, Store
from bot.ports.documents import Documents
from bot.rules.mailings import quiet_words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers everything people ask, on every platform. Nothing here raises for what they ask.

    event: the platform's id of the interaction; the same one a second time has no effect and an
    empty answer. Left out, every call counts.
    """

    store: Store
    clock: Clock
    lookup: Lookup | None = None
    documents: Documents | None = None

    async def ask(self, asker: Asker, line: str, *, event: str = "") -> Answer:
        """The answer to a typed line. A mistake comes back as a Notice and changed nothing."""
        try:
            command = parse_line(line)
            if asker.channel.platform is Platform.DISCORD:
                check_meant(command, line)
            context = self._context(asker)
            if not await admit(context, command, event):
                return Answer()
            found = await self._answer(context, command)
        except (CommandError, StoreDown) as error:
            found = Answer(private=_problem(error))
        return self._worded(asker, found)

    async def submit(
        self, asker: Asker, command: str, values: Mapping[str, str], *, event: str = ""
    ) -> Answer:
        """What filling in a form comes to. With `form` set nothing was done: it says why.

        command: of the form. values: by the name of the field.
        """
        try:
            context = self._context(asker)
            filled = await fill(context, command, values)
            if isinstance(filled, Form):
                return Answer(form=filled)
            if not await admit(context, filled, event):
                return Answer()
            found = await refused(context, command, values, self._answer(context, filled))
        except (CommandError, StoreDown) as error:
            found = Answer(private=_problem(error))
        return self._worded(asker, found)

    async def look(self, asker: Asker, command: str, values: Mapping[str, str]) -> Answer:
        """The form anew, with what its filter would have sent and what is wrong; does nothing."""
        try:
            return Answer(form=await form_of(self._context(asker), command, values))
        except (CommandError, StoreDown) as error:
            return Answer(private=_problem(error))

    async def remember(self, asker: Asker, query: str) -> None:
        """Keep a query for completing it later. Apart from `ask`, so that no answer waits for it."""
        await self.store.people.asked(asker.person, query, now=self.clock.now())

    @staticmethod
    def _worded(asker: Asker, answer: Answer) -> Answer:
        """With commands named as the asker's platform calls them."""
        return as_asked_there(answer) if asker.channel.platform is Platform.DISCORD else answer

    def _context(self, asker: Asker) -> Context:
        return Context(
            asker=asker,
            store=self.store,
            now=self.clock.now(),
            lookup=self.lookup,
            documents=self.documents,
        )

    async def _answer(self, context: Context, command: Command) -> Answer:
        match command:
            case Fill(verb, name):
                form = await form_of(context, f"{verb} {name}".strip())
                told = help_message(verb, context.asker.channel.platform)
                found = Answer(private=told, form=form)
            case Settings(given):
                found = await show_settings(context, dict(given))
            case Undo(number):
                found = await undo(context, number)
            case Share(line):
                found = await share(context, line, self.ask)
            case Export():
                found = Answer(private=await export(context, context.texts, command))
            case Import():
                found = await take_in(context, context.texts, command)
            case ListSubscriptions() | ShowLog() | ShowStatus() | Help():
                found = Answer(private=await self._overview(context, command))
            case _:
                found = await _carried_out(context, command)
        return found

    async def _overview(
        self, context: Context, command: ListSubscriptions | ShowLog | ShowStatus | Help
    ) -> Message:
        store, channel = self.store, context.asker.channel
        match command:
            case ListSubscriptions(everywhere=True):
                return await _listed_everywhere(context)
            case ListSubscriptions():
                lanes = await store.outbox.lanes(channel, now=context.now)
                suspended = next((one.reason for one in lanes if one.reason), "")
                found = await store.subscriptions.of(channel)
                damaged = await store.subscriptions.damaged(channel)
                return answers.listed(found, context.now, suspended, channel.platform, damaged)
            case ShowLog():
                return await show_log(context)
            case ShowStatus():
                sources = await store.sources.all()
                own = await store.subscriptions.of_workspace(channel.platform, channel.workspace)
                return answers.status(
                    await store.upkeep.status(),
                    sources,
                    await store.outbox.lanes(channel, now=context.now),
                    [*quiet_words(sources, context.now), *await coverage(store, channel)],
                    own=len(own),
                    damaged=await store.subscriptions.damaged(channel),
                )
            case Help(verb):
                return help_message(verb, channel.platform)


async def _carried_out(context: Context, command: Change | Personal | Asking) -> Answer:
    if isinstance(command, Change):
        return await manage(context, command)
    if isinstance(command, Personal):
        return await personal(context, command)
    found = await ask_about_papers(context, command)
    return Answer(private=await with_tally(context, await with_memory(context, found)))


async def _listed_everywhere(context: Context) -> Message:
    here = context.asker.channel
    found = await context.store.subscriptions.of_workspace(here.platform, here.workspace)
    damaged = await context.store.subscriptions.damaged_of_workspace(here.platform, here.workspace)
    places = {one.channel for one in found} | {one.channel for one in damaged}
    seen = await readable(context, places)
    suspended = await context.store.outbox.suspended(here.platform, here.workspace)
    own = [one for one in found if one.channel in seen]
    broken = [one for one in damaged if one.channel in seen]
    return answers.listed_everywhere(own, context.now, suspended, broken)


def _problem(error: CommandError | StoreDown) -> Notice:
    if isinstance(error, CommandError):
        return answers.problem(error)
    log.error("command not answered", extra={"problem": str(error)})
    return Notice(
        heading="The bot cannot reach its database just now; nothing was changed.",
        lines=(str(error),),
        tone=Tone.ERROR,
    )
