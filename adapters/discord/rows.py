"""Slash commands as rows of a table: what each takes, and the line that its options come to.

discord.py reads a command's options from the signature of a function; here the signature is made
from the row, so that options which several commands share are written once.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from discord import app_commands

from adapters.discord.askers import Interaction
from adapters.discord.completing import Completing
from adapters.discord.reception import Reception

Given = Mapping[str, Any]
"""Options by name: what was chosen, or the default."""

REQUIRED = inspect.Parameter.empty


@dataclass(frozen=True, slots=True)
class Option:
    """kind: its type, see options.py. default: REQUIRED for none. completes: by `Completing.…`."""

    kind: Any
    text: str
    default: Any = None
    completes: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A command. slow: its work may exceed a second."""

    name: str
    text: str
    line: Callable[[Given], str]
    options: Mapping[str, Option] = field(default_factory=dict)
    slow: bool = False


def command(
    row: Row, reception: Reception, completing: Completing
) -> app_commands.Command[Any, ..., None]:
    """The command of a row; it answers through `reception`."""

    async def run(interaction: Interaction, **given: Any) -> None:
        await reception.say(interaction, row.line(given), slow=row.slow)

    asked = [_parameter("interaction", Interaction, REQUIRED)]
    options = [
        _parameter(name, one.kind | None if one.default is None else one.kind, one.default)
        for name, one in row.options.items()
    ]
    run.__signature__ = inspect.Signature([*asked, *options])  # type: ignore[attr-defined]  # read by inspect.signature
    texts = {name: one.text for name, one in row.options.items()}
    app_commands.describe(**texts)(run)  # before it is made: only then they are translated
    made = app_commands.Command[Any, ..., None](name=row.name, description=row.text, callback=run)
    for name, one in row.options.items():
        if one.completes:
            made.autocomplete(name)(getattr(completing, one.completes))
    return made


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, default=default
    )
