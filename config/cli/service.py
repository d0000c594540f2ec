"""Verbs that run or look after the bot: run, web, worker, migrate, demo, doctor, status."""

import asyncio
import gc
import os
import sys
from typing import Annotated

import typer

from bot.commands import answers
from bot.model.errors import BotError
from config.cli import as_json, output
from config.cli.opened import configured, parts
from config.doctor import Finding, examine_installation
from config.failpoints import arm
from config.logs import set_up_logs
from config.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command()(run)
    app.command()(web)
    app.command()(worker)
    app.command()(migrate)
    app.command()(demo)
    app.command()(doctor)
    app.command()(status)


def run() -> None:
    """The whole bot in one process: answers people, reads sources, posts digests.

    Example: SLACK_BOT_TOKEN=… SLACK_APP_TOKEN=… papers run
    """
    _serve(answers_people=True, works=True)


def web() -> None:
    """The half that answers people; any number may run beside any number of workers.

    Example: DATABASE_URL=postgresql://… papers web
    """
    _serve(answers_people=True, works=False)


def worker() -> None:
    """The half that reads sources, matches, and posts; any number may run.

    Example: DATABASE_URL=postgresql://… papers worker
    """
    _serve(answers_people=False, works=True)


def _serve(*, answers_people: bool, works: bool) -> None:
    settings = configured()
    set_up_logs(settings.log_format, secrets=settings.tokens())
    if settings.failpoint:
        arm(settings.failpoint)
    for sentence in settings.platforms_off():
        output.errors.print(sentence)
    output.run(_run(settings, answers_people=answers_people, works=works))
    # Threads of a library that still wait for the network must not hold up the end.
    sys.stdout.flush()
    os._exit(0)


async def _run(settings: Settings, *, answers_people: bool, works: bool) -> None:
    from config import wiring  # noqa: PLC0415 - the other verbs need not load it

    async with parts(settings, screen=sys.stdout) as bot:
        # What the program consists of stays. Each look through it for garbage stopped all answers
        # for a twentieth of a second.
        gc.collect()
        gc.freeze()
        await wiring.run(bot, answers=answers_people, works=works)


def migrate(as_json_: Json = False) -> None:
    """Create or upgrade the database's tables. Safe to run at every start.

    Example: DATABASE_URL=postgresql://… papers migrate
    """
    from adapters.store import migrate as upgrade  # noqa: PLC0415 - only for this verb

    settings = configured()
    try:
        revision = upgrade(settings.database_url)
    except BotError as error:
        output.fail(error, as_json=as_json_)
    if as_json_:
        output.show_json({"schema": revision})
    else:
        output.screen.print(f"The database is at schema {revision}.")


def demo(
    live: Annotated[
        bool, typer.Option("--live", help="Read the live sources instead of shipped papers.")
    ] = False,
) -> None:
    """Show what the bot is for, in this terminal, without any token.

    Example: papers demo
    """
    from config.demo.show import show_demo  # noqa: PLC0415 - only for this verb

    output.run(show_demo(live=live, interactive=sys.stdin.isatty()))


def doctor(as_json_: Json = False) -> None:
    """Check everything the bot needs; each finding says what, why, and the next command.

    Example: papers doctor --json
    """
    findings = asyncio.run(examine_installation())
    if as_json_:
        output.show_json([_finding_json(one) for one in findings])
    else:
        for one in findings:
            output.screen.print(f"{one.state:8} {one.what}: {one.why}", markup=False)
            if one.next_command:
                output.screen.print(f"         next: {one.next_command}", markup=False)
    if any(one.state == "problem" for one in findings):
        raise typer.Exit(output.FAILED)


def _finding_json(one: Finding) -> dict[str, str]:
    return {"state": one.state, "what": one.what, "why": one.why, "next": one.next_command}


def status(as_json_: Json = False) -> None:
    """How sources, subscriptions and deliveries are doing.

    Example: papers status --json
    """
    output.run(_status(as_json_=as_json_), as_json=as_json_)


async def _status(*, as_json_: bool) -> None:
    async with parts(configured()) as bot:
        store = await bot.store.upkeep.status()
        sources = await bot.store.sources.all()
        lanes = await bot.store.outbox.lanes(now=bot.clock.now())
        damaged = await bot.store.subscriptions.damaged()
    if as_json_:
        output.show_json(as_json.status(store, sources, lanes, damaged))
    else:
        output.tell(answers.status(store, sources, lanes, damaged=damaged))
