"""Transactions on threads of their own: one function, one transaction, no network inside.

Why it is built so: docs/decisions/0003-store-on-threads.md.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from adapters.store.engines import database_url, open_engine
from bot.model import metrics
from bot.model.errors import Conflict, StoreBusy, StoreDown
from bot.model.steps import Step, passing
from bot.ports import Meter, Unmetered

T = TypeVar("T")
Body = Callable[[Connection], T]

READERS = 3
TRIES = 3
# SQLSTATE of a transaction that lost a race and may simply be run again: PostgreSQL, appendix A.
_RUN_AGAIN = frozenset({"40001", "40P01"})


class Undo(Exception):
    """Roll the transaction back and answer None: nothing of it may happen."""


class Database:
    """The threads and connections of one store.

    `write` and `read` each run a function as one transaction. The function gets a connection and
    must depend on nothing else that changes, since it may be run again after a lost connection.
    """

    def __init__(self, url: str, meter: Meter | None = None) -> None:
        """Open nothing yet. url: as in the setting DATABASE_URL."""
        self._meter = meter or Unmetered()
        address = database_url(url)
        self.is_sqlite = address.drivername == "sqlite"
        # SQLite has one writer at a time anyway; queueing here is fairer than its busy wait.
        writers = 1 if self.is_sqlite else READERS
        self.writing = open_engine(address, threads=writers, writes=True)
        self.reading = open_engine(address, threads=READERS, writes=False)
        self._writers = ThreadPoolExecutor(writers, "store-write")
        self._readers = ThreadPoolExecutor(READERS, "store-read")

    async def write(self, body: Body[T]) -> T:
        """Run `body` as one transaction that may change things."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writers, self._timed, "write", body)

    async def attempt(self, body: Body[T]) -> T | None:
        """Like `write`; None when `body` raised Undo, with nothing written."""
        try:
            return await self.write(body)
        except Undo:
            return None

    async def read(self, body: Body[T]) -> T:
        """Run `body` on one consistent state of the store."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._timed, "read", body)

    def _timed(self, kind: str, body: Body[T]) -> T:
        began = time.monotonic()
        try:
            return write(self.writing, body) if kind == "write" else run(self.reading, body)
        except StoreDown as error:
            if isinstance(error, StoreBusy):
                self._meter.count(metrics.DB_BUSY)
            raise
        finally:
            self._meter.observe(metrics.DB_TRANSACTION, time.monotonic() - began, kind=kind)

    async def close(self) -> None:
        """Finish what runs, then let go of every connection."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        for threads in (self._readers, self._writers):
            threads.shutdown(wait=True)
        for engine in (self.reading, self.writing):
            engine.dispose()


def run(engine: Engine, body: Body[T]) -> T:
    """One transaction, run again if the connection was lost or a race was lost before COMMIT.

    After COMMIT was sent nobody knows whether it happened, so it is never repeated then.
    Raises StoreDown or Conflict for what the database says.
    """
    for attempt in range(1, TRIES + 1):
        try:
            return _once(engine, body)
        except DBAPIError as error:
            if attempt == TRIES or not _may_run_again(error):
                raise _meaning(error) from error
        except SQLAlchemyError as error:  # such as no free connection in time
            raise _meaning(error) from error
    msg = "unreachable: the last attempt returns or raises"
    raise AssertionError(msg)


def write(engine: Engine, body: Body[T]) -> T:
    """`run` for a transaction that changes things, with the steps at which tests break it."""

    def whole(connection: Connection) -> T:
        answer = body(connection)
        passing(Step.COMMITTING)
        return answer

    answer = run(engine, whole)
    passing(Step.COMMITTED)
    return answer


def _once(engine: Engine, body: Body[T]) -> T:
    with engine.connect() as connection:
        transaction = connection.begin()
        try:
            answer = body(connection)
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                msg = (
                    "The connection to the database broke while a change was being completed, so "
                    "it is not known whether it is stored. It is safe to try the same again."
                )
                raise StoreDown(msg) from error
            raise
        return answer


def _may_run_again(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in _RUN_AGAIN


def _meaning(error: SQLAlchemyError) -> StoreDown | Conflict:
    """What a person can do about it; the driver's own words last, without any SQL."""
    words = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
    said = words[0]
    if isinstance(error, IntegrityError):
        return Conflict(f"Somebody else changed this first; read again and decide anew ({said}).")
    if _LOCKED in said:
        return StoreBusy(f"{_HELD} (The database said: {said})")
    for sign, advice in _ADVICE:
        if sign in said:
            return StoreDown(f"{advice} (The database said: {said})")
    if isinstance(error, OperationalError):
        return StoreDown(
            f"The database does not answer. Check DATABASE_URL and that the server runs. "
            f"(The database said: {said})"
        )
    return StoreDown(f"The database refused a request. (It said: {said})")


_LOCKED = "database is locked"
_HELD = (
    "Another process has held the database for over 10 seconds. See which one with `fuser` on the "
    "file; a backup or an import that hangs is the usual cause."
)
_ADVICE = (
    ("disk is full", "The disk of the database is full. Make room and try again: nothing was "
     "stored, nothing is lost."),
    ("readonly database", "The database file cannot be written. Give this user the right to write "
     "the file and its folder."),
    ("unable to open database file", "The database file cannot be opened. Check that its folder "
     "exists and that this user may write there."),
    ("not a database", "The file is no SQLite database, or it is damaged. Restore a backup, or "
     "set DATABASE_URL to another file."),
    ("malformed", "The database file is damaged. Restore a backup."),
    ("no such table", "The database has no tables yet. Run `papers migrate`."),
    ("does not exist", "The database is not set up. Run `papers migrate`."),
    ("password authentication failed", "The database refused the user name or password in "
     "DATABASE_URL."),
)  # fmt: skip
