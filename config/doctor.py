"""Examines an installation: each finding says what, why, and the next command.

`examine` is pure assembly over what it is given; `examine_installation` gives it the real world.
It changes nothing: it makes no database, runs no migration and posts nowhere.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.errors import BotError, ConfigError
from bot.ports import Clock, Store
from config import machine, stored
from config.finding import Finding, State, ok, problem, warning
from config.settings import Settings, load_settings

__all__ = ["Answer", "Finding", "Probe", "State", "Surroundings", "examine", "examine_installation"]

CONNECT = "papers slack manifest (steps: docs/slack.md), or papers discord invite (docs/discord.md)"

ASK_WITHIN_S = 20.0
"""For one service; all are asked at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service said of us. lacking: it works, but this is missing. at: its own clock."""

    says: str
    lacking: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A service to ask. ask: raises BotError with a sentence when it does not work."""

    what: str
    ask: Callable[[], Awaitable[Answer]]
    next_command: str


class OpenStore(Protocol):
    """Opens the store at a database address; may raise BotError."""

    def __call__(self, database_url: str, /) -> AbstractAsyncContextManager[Store]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The world around an installation."""

    clock: Clock
    open_store: OpenStore
    probes: Sequence[Probe] = ()


async def examine(settings: Settings | ConfigError, around: Surroundings) -> list[Finding]:
    """All findings, in the order in which they are best put right.

    With a wrong configuration only the machine is looked at: anything else would mislead.
    """
    now = around.clock.now()
    findings = [machine.python(), machine.libraries(), machine.time_zones(now)]
    if isinstance(settings, ConfigError):
        return [*findings, problem("Configuration", str(settings), _mend(str(settings)))]
    findings.append(ok("Configuration", "every variable is known and well formed"))
    findings += _platforms(settings)
    findings.append(_contact(settings))
    findings += await _database(settings, around)
    findings.append(machine.port(settings.port))
    asked = await _ask_all(around)
    return [*findings, *asked]


async def examine_installation() -> list[Finding]:
    """The findings about this installation, as its environment configures it."""
    # Only for this verb: it brings in every platform's library.
    from config.surroundings import real_surroundings  # noqa: PLC0415

    try:
        settings: Settings | ConfigError = load_settings()
    except ConfigError as error:
        settings = error
    async with real_surroundings(settings) as around:
        return await examine(settings, around)


def _mend(told: str) -> str:
    """What to type: every such message begins with the name of its variable."""
    name = told.split(maxsplit=1)[0]
    return f"unset {name}, or export {name}=… as docs/configuration.md has it; then papers doctor"


def _platforms(settings: Settings) -> list[Finding]:
    off = settings.platforms_off()
    if not (settings.slack_on or settings.discord_on):
        why = f"{' '.join(off)} Only terminal: channels can be posted to."
        return [warning("Platforms", why, CONNECT)]
    way = "HTTP" if settings.slack_over_http else "Socket Mode"
    on = [f"Slack is on, by {way}."] if settings.slack_on else []
    on += ["Discord is on."] if settings.discord_on else []
    return [ok("Platforms", " ".join([*on, *off]))]


def _contact(settings: Settings) -> Finding:
    what = "PAPERS_CONTACT"
    if settings.contact:
        return ok(what, "sources can reach you")
    why = "not set: arXiv is neither followed nor asked for single papers"
    return warning(what, why, "export PAPERS_CONTACT=you@your.lab")


async def _database(settings: Settings, around: Surroundings) -> list[Finding]:
    findings = []
    file = machine.sqlite_file(settings.database_url)
    if file is not None:
        findings.append(machine.data_directory(file))
        if findings[0].state is State.PROBLEM:
            return findings
        if not machine.is_there(file):
            # Opening it would make an empty one.
            return [*findings, ok("Database", "not there yet; the first start makes it")]
    try:
        async with around.open_store(settings.database_url) as store:
            found = await stored.look_into(store, settings.sources, around.clock.now())
    except BotError as error:
        found = [stored.down(error)]
    return [*findings, *found]


async def _ask_all(around: Surroundings) -> list[Finding]:
    async with asyncio.TaskGroup() as tasks:
        asking = [tasks.create_task(_ask(probe)) for probe in around.probes]
    results = [task.result() for task in asking]
    told = [
        (probe.what, answer.at)
        for probe, (_, answer) in zip(around.probes, results, strict=True)
        if answer and answer.at
    ]
    clock = machine.clock(around.clock.now(), told)
    return [*([clock] if clock else []), *(finding for finding, _ in results)]


async def _ask(probe: Probe) -> tuple[Finding, Answer | None]:
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            answer = await probe.ask()
    except TimeoutError:
        why = f"no answer within {ASK_WITHIN_S:g} s"
        return problem(probe.what, why, probe.next_command), None
    except BotError as error:
        return problem(probe.what, str(error), probe.next_command), None
    if answer.lacking:
        return warning(
            probe.what, f"{answer.says}, but {answer.lacking}", probe.next_command
        ), answer
    return ok(probe.what, answer.says), answer
