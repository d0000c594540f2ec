"""Verbs that keep the database safe: backup, restore."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.model.errors import BadOption
from config.cli import output
from config.cli.index import Json
from config.cli.opened import configured, parts

if TYPE_CHECKING:
    from adapters.store.backup import Backup


def add_to(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command("backup")(backup_database)
    app.command("restore")(restore_database)


def backup_database(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that is not there yet.")],
    as_json_: Json = False,
) -> None:
    """Write a checked copy of the database, also while the bot runs (SQLite).

    Example: papers backup backups/2026-01-31.db
    """
    from adapters.store.backup import back_up  # noqa: PLC0415 - only for this verb

    settings = configured()
    made = output.checked(lambda: back_up(settings.database_url, file), as_json=as_json_)
    _show(made, "Backed up to", as_json_=as_json_)
    if settings.sealing_keys and not as_json_:
        output.screen.print("PAPERS_KEYS is not in it: keep the keys apart, for without them "
                            "workspaces must be connected anew.")  # fmt: skip


def restore_database(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="What `papers backup` wrote.")
    ] = None,
    lost_at: Annotated[
        str | None,
        typer.Option(help="When the lost database was last at work, UTC; default: now."),
    ] = None,
    after_pg_restore: Annotated[
        bool, typer.Option(help="Only note --lost-at, after pg_restore brought the tables back.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Put a backup in the place of the database. Stop the bot first.

    The old file is kept beside it. What sources announced on days before --lost-at is not posted
    again.

    Example: papers restore backups/2026-01-31.db --lost-at 2026-01-31T10:00
    """
    from adapters.clock import SystemClock  # noqa: PLC0415 - only for this verb
    from adapters.store.backup import restore  # noqa: PLC0415 - only for this verb

    settings = configured()
    now = SystemClock().now()
    when = output.checked(lambda: instant_of(lost_at, now), as_json=as_json_)
    if after_pg_restore:
        output.run(_note(when), as_json=as_json_)
        output.screen.print(f"Announcements of days before {when:%Y-%m-%d} will not be posted.")
        return
    if file is None:
        output.fail(BadOption("Name the backup to restore."), as_json=as_json_)
    source = file
    found = output.checked(
        lambda: restore(settings.database_url, source, lost_at=when, now=now), as_json=as_json_
    )
    _show(found, "Restored from", as_json_=as_json_)


async def _note(when: datetime) -> None:
    async with parts(configured()) as bot:
        await bot.store.upkeep.restored(lost_on=when.date())


def instant_of(text: str | None, now: datetime) -> datetime:
    """An instant written as 2026-01-31 or 2026-01-31T10:00, UTC unless it names an offset."""
    if text is None:
        return now
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadOption(f"“{text[:30]}” is no time; write it as 2026-01-31T10:00") from None
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def _show(made: "Backup", words: str, *, as_json_: bool) -> None:
    if as_json_:
        output.show_json(
            {"file": str(made.path), "schema": made.schema, "rows": made.rows, "bytes": made.size}
        )
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in made.rows.items())
    output.screen.print(f"{words} {made.path}, schema {made.schema}: {rows}.", markup=False)
