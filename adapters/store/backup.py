"""Back an SQLite database up while the bot runs, and bring it back.

A copy of the file is no backup: with a write-ahead log, what was written last stands beside it.
`VACUUM INTO` writes one consistent file of its own. Docs: docs/backup.md.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.store.engines import database_url
from adapters.store.schema import known_revisions, migrate
from bot.model.errors import ConfigError, NotPossible, StoreDown

COUNTED = ("papers", "sightings", "subscriptions", "hits", "shown", "deliveries")
ON_POSTGRES = (
    "This database is PostgreSQL, which has its own tools. Back up: pg_dump --format=custom "
    '--file=papers.dump "$DATABASE_URL". Bring back, with the bot stopped: pg_restore --clean '
    '--if-exists --single-transaction --dbname="$DATABASE_URL" papers.dump, then papers migrate '
    "and papers restore --after-pg-restore --lost-at 2026-01-31T10:00."
)


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was checked: where, which schema, how many rows, how many bytes."""

    path: Path
    schema: str
    rows: dict[str, int]
    size: int


def back_up(url: str, target: Path) -> Backup:
    """Write a checked copy of a running bot's database to a new file.

    Raises NotPossible for a file that is there already, ConfigError on PostgreSQL, StoreDown when it
    cannot be written or does not hold up.
    """
    source = _file(url)
    if not source.exists():
        raise NotPossible(f"There is no database at {source} to back up.")
    if target.exists():
        raise NotPossible(f"{target} is there already; a backup overwrites nothing.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA busy_timeout = 10000")
            connection.execute("VACUUM INTO ?", (str(target),))
        return checked(target)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise StoreDown(f"The backup could not be written to {target} ({error}).") from error


def checked(path: Path) -> Backup:
    """A backup file, after SQLite has looked through all of it. Raises NotPossible."""
    if not path.is_file():
        raise NotPossible(f"There is no file {path}.")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            said = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            if said != ["ok"]:
                raise NotPossible(f"{path} is damaged ({said[0]}); take another backup.")
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = {
                name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in COUNTED
            }
    except (sqlite3.Error, TypeError) as error:
        raise NotPossible(f"{path} is no database of this program ({error}).") from error
    return Backup(path, schema, rows, path.stat().st_size)


def restore(url: str, source: Path, *, take_up: Callable[[str], object], now: datetime) -> Backup:
    """Put a backup in the place of the database; the old one is kept beside it.

    take_up: is given the address of the restored database before it takes its place, and brings it
    to where the lost one stood. Raises NotPossible while the bot runs,
    for a backup of a newer version, and for a file that is no whole database; then nothing is
    changed.
    """
    target = _file(url)
    found = checked(source)
    if found.schema not in known_revisions():
        raise NotPossible(
            f"{source} was written by a newer version of the program (schema {found.schema}). "
            "Install that version first."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".restore-") as folder:
        prepared = Path(folder) / "papers.db"
        shutil.copyfile(source, prepared)
        migrate(f"sqlite:///{prepared}")
        take_up(f"sqlite:///{prepared}")
        _settle(prepared)
        if target.exists():
            _refuse_if_open(target)
            os.replace(target, target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S}"))
        os.replace(prepared, target)
    return found


def last_written(url: str) -> datetime | None:
    """When the database's file was last written, which a running bot does every minute; UTC."""
    target = _file(url)
    files = (target, target.with_name(f"{target.name}-wal"))
    times = [one.stat().st_mtime for one in files if one.exists()]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _settle(path: Path) -> None:
    """Bring everything into the one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _refuse_if_open(path: Path) -> None:
    """Leaving the write-ahead log needs the file for oneself alone: so SQLite tells who is there."""
    try:
        with closing(sqlite3.connect(path, timeout=0.5)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            connection.execute("BEGIN EXCLUSIVE")
            connection.rollback()
    except sqlite3.OperationalError:
        mode = "wal"
    except sqlite3.DatabaseError:
        return  # damaged: nobody can be at work in it
    if mode != "delete":
        raise NotPossible(
            f"The bot is running on {path}. Stop it first (papers run, web, worker), then restore."
        )


def _file(url: str) -> Path:
    address = database_url(url)
    if address.drivername != "sqlite":
        raise ConfigError(ON_POSTGRES)
    return Path(address.database or "")
