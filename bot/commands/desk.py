"""The desk where people ask: a line or a command in, a message out."""

import logging
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.commands import answers
from bot.commands.explaining import why
from bot.commands.grammar import parse_line
from bot.commands.help import help_message
from bot.commands.previewing import preview, trial
from bot.commands.searching import digest_papers, find_paper, search
from bot.commands.subscribing import pause, pick, resume, subscribe, unsubscribe
from bot.model.command import (
    CHANGES,
    Asker,
    Command,
    DigestNow,
    Help,
    ListSubscriptions,
    Pause,
    Preview,
    Resume,
    Search,
    Show,
    ShowStatus,
    Subscribe,
    Unsubscribe,
    Why,
)
from bot.model.errors import CommandError, NotAllowed, StoreDown
from bot.model.message import Digest, Message, Notice, Tone
from bot.model.subscription import Subscription
from bot.ports import Clock, Lookup, Store
from bot.rules.digests import digest

log = logging.getLogger(__name__)

DAYS_LOOKED_BACK = Preview(filter="").days


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers everything people ask, on every platform."""

    store: Store
    clock: Clock
    lookup: Lookup | None = None

    async def say(self, asker: Asker, line: str) -> Message:
        """The answer to a typed line. A mistake comes back as a Notice and changed nothing."""
        try:
            command = parse_line(line)
        except CommandError as error:
            return answers.problem(error)
        return await self.answer(asker, command)

    async def answer(self, asker: Asker, command: Command) -> Message:
        """The answer to a command. Never raises for what a person can ask."""
        try:
            if isinstance(command, CHANGES) and not asker.may_manage:
                raise NotAllowed(
                    "Changing this channel's subscriptions needs the permission to manage it."
                )
            return await self._answer(asker, command)
        except CommandError as error:
            return answers.problem(error)
        except StoreDown as error:
            log.exception("command not answered")
            return Notice(
                heading="The bot cannot reach its database just now; nothing was changed.",
                lines=(str(error),),
                tone=Tone.ERROR,
            )

    async def _answer(self, asker: Asker, command: Command) -> Message:
        match command:
            case Search() | Show() | Why() | Preview() | DigestNow():
                return await self._papers(asker, command)
            case ShowStatus():
                return await self._status(asker)
            case Help(verb):
                return help_message(verb)
            case _:
                return await self._subscriptions(asker, command)

    async def _papers(
        self, asker: Asker, command: Search | Show | Why | Preview | DigestNow
    ) -> Message:
        today = self._today(asker)
        match command:
            case Search():
                return answers.results(command, await search(self.store, command, today))
            case Show(text):
                return answers.one_paper(await find_paper(self.store, self.lookup, text))
            case Why(text):
                return answers.explained(await why(self.store, asker.channel, text, today))
            case Preview():
                return await self._preview(asker, command)
            case DigestNow():
                return await self._digest(asker, command)

    async def _subscriptions(
        self, asker: Asker, command: Subscribe | Unsubscribe | ListSubscriptions | Pause | Resume
    ) -> Message:
        now = self.clock.now()
        match command:
            case Subscribe():
                return await self._subscribe(asker, command, now)
            case Unsubscribe(name):
                return answers.unsubscribed(await unsubscribe(self.store, asker.channel, name))
            case ListSubscriptions():
                return answers.listed(await self.store.subscriptions.of(asker.channel), now)
            case Pause():
                return answers.paused(await pause(self.store, asker.channel, command, now), now)
            case Resume():
                return answers.resumed(await resume(self.store, asker.channel, command, now))

    async def _subscribe(self, asker: Asker, command: Subscribe, now: datetime) -> Message:
        made = await subscribe(self.store, asker, command, now)
        report = await preview(self.store, made, DAYS_LOOKED_BACK, self._today(asker))
        return answers.subscribed(made, report)

    async def _preview(self, asker: Asker, command: Preview) -> Message:
        existing = await self.store.subscriptions.of(asker.channel)
        tried = trial(command, asker.channel, asker.zone, existing)
        return answers.previewed(await preview(self.store, tried, command.days, self._today(asker)))

    async def _digest(self, asker: Asker, command: DigestNow) -> Message:
        if command.name is not None:
            chosen = [await pick(self.store, asker.channel, command.name)]
        else:
            chosen = await self.store.subscriptions.of(asker.channel)
        if not chosen:
            return answers.listed([], self.clock.now())
        digests = [await self.digest_of(one, command) for one in chosen]
        if len(digests) == 1:
            return digests[0]
        return Digest(
            heading=" · ".join(one.heading for one in digests),
            cards=tuple({c.paper: c for one in digests for c in one.cards}.values()),
            omitted=sum(one.omitted for one in digests),
            footer="All subscriptions of this channel; name one to see it alone.",
        )

    async def digest_of(self, subscription: Subscription, command: DigestNow) -> Digest:
        """One subscription's digest on demand. It takes nothing away from the regular one."""
        today = self.clock.now().astimezone(ZoneInfo(subscription.zone)).date()
        ranked, day = await digest_papers(self.store, subscription, command, today)
        return digest(subscription, ranked, day)

    async def _status(self, asker: Asker) -> Message:
        return answers.status(
            await self.store.upkeep.status(),
            await self.store.sources.all(),
            await self.store.outbox.lanes(asker.channel),
        )

    def _today(self, asker: Asker) -> date:
        now = self.clock.now()
        return (now.astimezone(ZoneInfo(asker.zone)) if asker.zone else now).date()
