"""The console command `papers`: every verb of it, assembled."""

import sys
from typing import cast

import typer

from config.cli import (
    backups,
    channels,
    configs,
    deliveries,
    discord,
    filters,
    index,
    keys,
    output,
    service,
    slack,
    timetable,
    watching,
)

app = typer.Typer(
    name="papers",
    help="Brings a research team the right new papers, in the channel where it already talks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
PARTS = (
    service,
    slack,
    discord,
    index,
    filters,
    channels,
    deliveries,
    configs,
    backups,
    keys,
    timetable,
    watching,
)
for part in PARTS:
    part.add_to(app)


# Typer shows `UsageError` only as what its own errors are made of.
UsageError = cast("type[Exception]", typer.BadParameter.__bases__[0])


def main() -> None:
    """Entry point of the console script."""
    if "--json" not in sys.argv:
        app()
    try:
        sys.exit(app(standalone_mode=False))
    except UsageError as error:
        output.misused(error)
