"""How the command line speaks: JSON for programs, plain text for people, exit codes for both."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NoReturn, TypeVar

import typer
from rich.console import Console

from adapters.terminal.render import render
from bot.model.errors import (
    BadFilter,
    BadOption,
    BotError,
    CommandError,
    ConfigError,
    OutOfReach,
    UnreadableFile,
)
from bot.model.message import Message
from config.cli.typed import in_a_shell

T = TypeVar("T")

FAILED = 1
WRONG_INPUT = 2

screen = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def show(message: Message) -> None:
    """A message as a terminal channel would show it."""
    screen.out(render(message))


def tell(message: Message, channel: str = "") -> None:
    """A message as the answer to a command line: what can be done next is a command line too.

    channel: the one it is about.
    """
    shown, offers = in_a_shell(message, channel)
    show(shown)
    if offers:
        screen.out("\n" + "\n".join(offers))


def show_json(value: object) -> None:
    """One JSON document on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def fail(error: BotError, *, as_json: bool = False) -> NoReturn:
    """Say what is wrong and end: 2 for wrong input or configuration, 1 for anything else."""
    wrong = isinstance(error, CommandError | ConfigError | UnreadableFile)
    wrong = wrong and not isinstance(error, OutOfReach)
    if as_json:
        show_json({"error": _as_json(error)})
    elif isinstance(error, BadFilter):
        from bot.commands.answers import problem  # noqa: PLC0415 - only for this kind

        errors.out(render(problem(error)))
    else:
        errors.out(str(error))
    raise typer.Exit(WRONG_INPUT if wrong else FAILED)


def misused(error: Exception) -> NoReturn:
    """Tell a program that a command line lacks an argument or has an unknown option."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    where = getattr(getattr(error, "ctx", None), "command_path", "papers")
    hint = f"See `{where} --help`."
    show_json({"error": {"message": said, "column": None, "hint": hint}})
    sys.exit(WRONG_INPUT)


def _as_json(error: BotError) -> dict[str, Any]:
    if isinstance(error, BadFilter):
        found = error.problem
        return {"message": found.message, "column": found.column, "hint": found.hint}
    return {"message": str(error), "column": None, "hint": ""}


def one_line(words: Sequence[str]) -> str:
    """The words of a filter as one line. Raises BadOption for what looks like an option of ours.

    A filter leaves words out with one minus; two can only be a misspelt option.
    """
    for word in words:
        if word.startswith("--"):
            raise BadOption(
                f"There is no option {word[:40]} here; `--help` lists them. "
                "A filter leaves a word out with one minus, as in -survey."
            )
    return " ".join(words)


def checked(read: Callable[[], T], *, as_json: bool = False) -> T:
    """Read one argument; a wrong one becomes its message and exit code 2."""
    try:
        return read()
    except BotError as error:
        fail(error, as_json=as_json)


def run(work: Coroutine[Any, Any, T], *, as_json: bool = False) -> T:
    """Run one command to its end; a known error becomes its message and exit code."""
    try:
        return asyncio.run(work)
    except BotError as error:
        fail(error, as_json=as_json)
