"""Hints between processes by PostgreSQL's NOTIFY; on SQLite nobody hears them, and all only look.

A hint is sent with the transaction it speaks of, or not at all. It is lost where nobody listens just
then, and behind a pool that shares connections between transactions: looking regularly is the truth.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from adapters.store.engines import database_url, is_sqlite
from bot.model.hint import Hint

log = logging.getLogger(__name__)

CHANNEL = "paperwire"
AGAIN_AFTER_S = 5.0
ALIVE = {"keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
"""A connection that only listens notices by these that the other side is gone."""


def tell(connection: Connection, hint: Hint) -> None:
    """Tell other processes, once this transaction is committed."""
    if not is_sqlite(connection):
        connection.execute(
            text("SELECT pg_notify(:channel, :hint)"), {"channel": CHANNEL, "hint": hint.value}
        )


class Hints:
    """See `bot.ports.Hints`."""

    def __init__(self, url: str) -> None:
        """Connect to nothing yet. url: as in the setting DATABASE_URL."""
        self._url = database_url(url)

    async def listen(self, heard: Callable[[Hint], None]) -> None:
        """Call `heard` for each hint until cancelled; see the port."""
        if self._url.drivername == "sqlite":
            await asyncio.Event().wait()
        import psycopg  # noqa: PLC0415 - only with a PostgreSQL

        quiet = False
        while True:
            try:
                async with contextlib.aclosing(_hints(self._url)) as hints:
                    async for hint in hints:
                        quiet = False
                        heard(hint)
            except psycopg.OperationalError as error:
                if not quiet:
                    said = str(error).strip().partition("\n")[0]
                    log.warning("no hints from other processes", extra={"problem": said})
                quiet = True
            await asyncio.sleep(AGAIN_AFTER_S)


async def _hints(url: URL) -> AsyncGenerator[Hint, None]:
    """Every kind of hint at once, then those that come, on a connection of its own."""
    import psycopg  # noqa: PLC0415 - only with a PostgreSQL

    address = url.set(drivername="postgresql").update_query_dict(ALIVE)
    connection = await psycopg.AsyncConnection.connect(
        address.render_as_string(hide_password=False), autocommit=True, connect_timeout=10
    )
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        for hint in Hint:
            yield hint
        async with contextlib.aclosing(connection.notifies()) as notices:
            async for notice in notices:
                if notice.payload in set(Hint):
                    yield Hint(notice.payload)
