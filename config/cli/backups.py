"""Verbs that keep the database safe: backup, restore."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.model.errors import BadOption
from bot.model.figures import BACKUP_AT
from config.cli import output
from config.cli.index import Json
from config.cli.opened import configured

if TYPE_CHECKING:
    from adapters.store.backup import Backup
    from bot.engine.restoring import TakenUp


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
    output.run(_remember(), as_json=as_json_)
    _show(made, "Backed up to", as_json_=as_json_)
    if settings.sealing_keys and not as_json_:
        output.screen.print("PAPERS_KEYS is not in it: keep the keys apart, for without them "
                            "workspaces must be connected anew.")  # fmt: skip


async def _remember() -> None:
    """Write down when, for the metric that tells how old the last backup is."""
    from adapters.store import open_store  # noqa: PLC0415 - only for this verb

    # Not through `parts`, which would upgrade the database that was just backed up.
    async with open_store(configured().database_url) as store:
        await store.upkeep.remember(BACKUP_AT, (await store.upkeep.time()).isoformat())


def restore_database(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="What `papers backup` wrote.")
    ] = None,
    lost_at: Annotated[
        str | None,
        typer.Option(
            help="When the lost database was last at work, UTC; default: when its file was last "
            "written."
        ),
    ] = None,
    after_pg_restore: Annotated[
        bool, typer.Option(help="Only take up work, after pg_restore brought the tables back.")
    ] = False,
    as_json_: Json = False,
) -> None:
    """Put a backup in the place of the database. Stop the bot first.

    The old file is kept beside it. What was due before --lost-at counts as posted, and does not
    come again.

    Example: papers restore backups/2026-01-31.db --lost-at 2026-01-31T10:00
    """
    from adapters.clock import SystemClock  # noqa: PLC0415 - only for this verb
    from adapters.store.backup import last_written, restore  # noqa: PLC0415 - only for this verb

    settings = configured()
    now, url = SystemClock().now(), settings.database_url
    if file is None and not after_pg_restore:
        output.fail(BadOption("Name the backup to restore."), as_json=as_json_)
    written = (
        None if after_pg_restore else output.checked(lambda: last_written(url), as_json=as_json_)
    )
    when = output.checked(lambda: instant_of(lost_at, written, now), as_json=as_json_)
    if file is None:
        _tell(output.run(_take_up(url, when), as_json=as_json_), when, as_json_=as_json_)
        return
    taken: list[TakenUp] = []
    found = output.checked(
        lambda: restore(
            url, file, take_up=lambda at: taken.append(asyncio.run(_take_up(at, when))), now=now
        ),
        as_json=as_json_,
    )
    if as_json_:
        output.show_json(_as_json(found) | _taken_as_json(taken[0], when))
        return
    _show(found, "Restored from", as_json_=False)
    _tell(taken[0], when, as_json_=False)


async def _take_up(url: str, lost_at: datetime) -> "TakenUp":
    from adapters.store import open_store  # noqa: PLC0415 - only for this verb
    from bot.engine.restoring import take_up  # noqa: PLC0415 - only for this verb
    from config.wiring import renderers  # noqa: PLC0415 - only for this verb

    async with open_store(url) as store:
        return await take_up(store, renderers(), lost_at)


def _tell(taken: "TakenUp", when: datetime, *, as_json_: bool) -> None:
    """What does not come again."""
    if as_json_:
        output.show_json(_taken_as_json(taken, when))
        return
    output.screen.print(
        f"The lost database was last at work at {when:%Y-%m-%d %H:%M} UTC. Taken as posted by it: "
        f"{_counted(taken.messages, 'message')}, with {_counted(taken.digests, 'digest')} due "
        "since the backup. Papers announced between backup and loss are read again where sources "
        "tell them again; they come where a digest was still to come, not where the lost database "
        "had posted it.",
        markup=False,
    )
    if taken.of_today_only:
        output.screen.print(
            f"Sources that tell of today only ({', '.join(taken.of_today_only)}) do not bring what "
            "they announced on the days between: `papers import FILE` does, by the same rule, and "
            "`papers search since:7d` shows what is there.",
            markup=False,
        )
    output.screen.print(
        "A paper can come a second time where a digest was due within hours of its announcement, "
        "where a weekly digest follows daily ones, and where its upvotes rise past a threshold "
        "again.",
        markup=False,
    )


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"


def _taken_as_json(taken: "TakenUp", when: datetime) -> dict[str, Any]:
    return {
        "lost_at": when.isoformat(),
        "taken_as_posted": {"messages": taken.messages, "digests": taken.digests},
        "tell_of_today_only": list(taken.of_today_only),
    }


def instant_of(text: str | None, otherwise: datetime | None, now: datetime) -> datetime:
    """An instant written as 2026-01-31 or 2026-01-31T10:00, UTC unless it names an offset.

    otherwise: what counts when nothing is written. Raises BadOption.
    """
    if text is None and otherwise is None:
        raise BadOption(
            "Say when the lost database was last at work, such as --lost-at 2026-01-31T10:00 (UTC). "
            "What was due before then counts as posted; what was due after it still comes."
        )
    if text is None:
        return min(otherwise or now, now)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise BadOption(f"“{text[:30]}” is no time; write it as 2026-01-31T10:00") from None
    when = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    if when > now:
        raise BadOption(
            f"{when:%Y-%m-%d %H:%M} UTC is still to come; now it is {now:%Y-%m-%d %H:%M}."
        )
    return when


def _show(made: "Backup", words: str, *, as_json_: bool) -> None:
    if as_json_:
        output.show_json(_as_json(made))
        return
    rows = ", ".join(f"{count:,} {name}" for name, count in made.rows.items())
    output.screen.print(f"{words} {made.path}, schema {made.schema}: {rows}.", markup=False)


def _as_json(made: "Backup") -> dict[str, Any]:
    return {"file": str(made.path), "schema": made.schema, "rows": made.rows, "bytes": made.size}
