"""Verbs about the keys that seal tokens in the database: keys new, keys rotate."""

from typing import Annotated

import typer

from bot.model.errors import ConfigError
from config.cli import output
from config.cli.opened import configured, parts

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    keys = typer.Typer(help="Keys that seal tokens in the database.", no_args_is_help=True)
    keys.command()(new)
    keys.command()(rotate)
    app.add_typer(keys, name="keys")


def new() -> None:
    """Print a fresh key for PAPERS_KEYS. Keep it apart from backups of the database.

    Example: export PAPERS_KEYS=$(papers keys new)
    """
    from adapters.store.sealing import new_key  # noqa: PLC0415 - only for this verb

    output.screen.out(new_key())


def rotate(as_json_: Json = False) -> None:
    """Seal every token anew with the first key of PAPERS_KEYS.

    Example: PAPERS_KEYS=$(papers keys new),$PAPERS_KEYS papers keys rotate
    """
    settings = configured()
    if not settings.sealing_keys:
        output.fail(
            ConfigError("PAPERS_KEYS is not set: `papers keys new` makes a key for it."),
            as_json=as_json_,
        )
    count = output.run(_rotate(), as_json=as_json_)
    if as_json_:
        output.show_json({"sealed_anew": count})
    else:
        output.screen.print(
            f"{count} installations were sealed anew. Keys behind the first may now be taken out."
        )


async def _rotate() -> int:
    async with parts(configured()) as bot:
        return await bot.store.installations.rotate_keys()
