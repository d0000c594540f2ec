"""What came in, so that an event sent twice has one effect."""

from datetime import datetime

from sqlalchemy import Connection

from adapters.store import tables
from adapters.store.convert import clean
from adapters.store.places import insert_once


def first_time(connection: Connection, scope: str, key: str, *, now: datetime) -> bool:
    """See `bot.ports.Upkeep.first_time`."""
    row = {"scope": clean(scope), "key": clean(key), "seen_at": now}
    return insert_once(connection, tables.inbox, row)
