"""Database addresses and engines: what differs between SQLite and PostgreSQL before any query."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.model.errors import ConfigError, StoreDown
from bot.model.steps import Step, passing

BUSY_SECONDS = 10  # how long SQLite waits for another process's write; see design, delivery §3
POSTGRES_NAMES = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
# A transaction left open by a lost worker would hold back clean-up: PostgreSQL ends it itself.
POSTGRES_OPTIONS = "-c timezone=utc -c idle_in_transaction_session_timeout=60000"


def database_url(text: str) -> URL:
    """The address of a database as people write it, with the one driver we use for each kind.

    `postgres://…` (as hosts hand it out) and `postgresql://…` mean psycopg 3; `sqlite:///path`
    a file. Raises ConfigError, which never shows the address itself: it may hold a password.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        msg = (
            "DATABASE_URL is not a database address. Use sqlite:///data/papers.db or "
            "postgresql://user:password@host/database; write special characters in a password "
            "in percent form, such as %40 for @."
        )
        raise ConfigError(msg) from None
    if url.drivername in POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _file_url(url)
    msg = (
        f"DATABASE_URL starts with {url.drivername}:, which is not supported. "
        "Use sqlite:///data/papers.db or postgresql://user:password@host/database."
    )
    raise ConfigError(msg)


def _file_url(url: URL) -> URL:
    if not url.database or url.database == ":memory:":
        msg = (
            "DATABASE_URL names no file. An SQLite database in memory would be lost at once; "
            "use sqlite:///data/papers.db."
        )
        raise ConfigError(msg)
    return url.set(drivername="sqlite")


def is_sqlite(on: Connection | Engine) -> bool:
    """Whether this is SQLite, where the two engines need different words."""
    return on.dialect.name == "sqlite"


def open_engine(url: URL, *, threads: int, writes: bool) -> Engine:
    """An engine for one kind of work; nothing is connected yet.

    threads: how many use it at once. On SQLite, `writes` decides how transactions begin.
    """
    if url.drivername != "sqlite":
        return create_engine(
            url,
            pool_size=threads,
            max_overflow=0,
            pool_pre_ping=True,
            # A reader that asks twice must see one state, as it does on SQLite anyway.
            isolation_level="READ COMMITTED" if writes else "REPEATABLE READ",
            connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 10},
        )
    _make_folder(Path(url.database or "").parent)
    engine = create_engine(
        url,
        pool_size=threads,
        max_overflow=0,
        # Who reads alone reads by one connection: each has its own pages in memory.
        pool_use_lifo=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    if writes:
        event.listen(engine, "connect", _unmapped)
    event.listen(engine, "begin", _begin_immediate if writes else _begin_deferred)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = (
            f"The folder of the database, {folder}, cannot be made ({error.strerror}). "
            "Make it by hand, or set DATABASE_URL to another place."
        )
        raise StoreDown(msg) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: our begin events do.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    _switch_to_wal(cursor)
    for setting in (
        "synchronous = FULL",  # with NORMAL a power cut may undo a claim after the post went out
        "foreign_keys = ON",
        "cache_size = -65536",
        "mmap_size = 268435456",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
    passing(Step.OPENED, connection)


def _unmapped(connection: Any, _record: object) -> None:
    """A writer gains nothing by having the file in its memory, where it counts as the program's."""
    connection.execute("PRAGMA mmap_size = 0").close()


def _switch_to_wal(cursor: Any) -> None:
    """Only the very first connection switches; SQLite does not wait there for another's switch."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_immediate(connection: Connection) -> None:
    # A deferred BEGIN that reads and then writes fails at once when another writer was first.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
