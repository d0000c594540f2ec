"""One database, reached from threads: every operation is one function and one transaction.

Because a transaction's body is plain synchronous code, no network call to a platform or source can
stand inside it, and a cancelled await cannot tear it: the thread finishes what it began.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from bot.model.errors import ConfigError, StoreDown

T = TypeVar("T")
Work = Callable[[Connection], T]

BUSY_TIMEOUT_MS = 10_000
SQLITE_READERS = 4
POSTGRES_THREADS = 8


def parse_url(text: str) -> URL:
    """The URL with the driver we ship. Raises ConfigError."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise ConfigError(
            "DATABASE_URL is not a database address such as sqlite:///data/p.db"
        ) from (None)
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite":
        return url
    raise ConfigError(f"DATABASE_URL names “{url.drivername}”; use sqlite: or postgresql:")


class Database:
    """Readers and writers of one database."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.drivername == "sqlite"
        if self.is_sqlite and self.url.database not in {None, "", ":memory:"}:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
        self.writer = self._engine(write=True)
        self.reader = self._engine(write=False)
        self._writing = ThreadPoolExecutor(
            1 if self.is_sqlite else POSTGRES_THREADS, thread_name_prefix="store-write"
        )
        self._reading = ThreadPoolExecutor(
            SQLITE_READERS if self.is_sqlite else POSTGRES_THREADS, thread_name_prefix="store-read"
        )

    def _engine(self, *, write: bool) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url,
                pool_pre_ping=True,
                pool_size=POSTGRES_THREADS,
                connect_args={
                    "connect_timeout": 10,
                    # Times are UTC everywhere; an abandoned transaction must not hold rows.
                    "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=60000",
                },
            )
        engine = create_engine(
            self.url, connect_args={"check_same_thread": False}, pool_size=SQLITE_READERS
        )
        _hook_sqlite(engine, "BEGIN IMMEDIATE" if write else "BEGIN")
        return engine

    async def write(self, work: Work[T]) -> T:
        """Run `work` as one writing transaction. Raises StoreDown, or what `work` raises."""
        return await self._run(self._writing, self.writer, work)

    async def read(self, work: Work[T]) -> T:
        """Run `work` as one reading transaction."""
        return await self._run(self._reading, self.reader, work)

    async def _run(self, pool: ThreadPoolExecutor, engine: Engine, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(pool, _transact, engine, work)

    def close(self) -> None:
        """Finish what is running and close every connection."""
        self._writing.shutdown()
        self._reading.shutdown()
        self.writer.dispose()
        self.reader.dispose()


def _transact(engine: Engine, work: Work[T]) -> T:
    try:
        with engine.begin() as connection:
            return work(connection)
    except OperationalError as error:
        raise StoreDown(
            f"The database does not answer ({str(error.orig).splitlines()[0]}). "
            "Check DATABASE_URL and run `papers doctor`."
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreDown(
                "The database closed the connection; it will be tried again."
            ) from error
        raise


def _hook_sqlite(engine: Engine, begin: str) -> None:
    """Make SQLite behave as delivery.md §3 measured: real transactions, one writer, durable."""

    @event.listens_for(engine, "connect")
    def _on_connect(raw: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - their signature
        raw.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-32000",
            "mmap_size=268435456",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)
