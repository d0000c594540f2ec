"""What the store knows about itself, by name."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from adapters.store import tables
from adapters.store.places import insert_once

LOST_AT = "lost_at"
"""Until when a database that was lost and restored had dealt with what sources announced."""
LOST_SINCE = "lost_since"
"""The first date of what the lost database may have learned after the backup."""

_FILTERS = "filters_revision"
_PAPERS = "papers_revision"


def filters_revision(connection: Connection, *, hold: bool = False) -> int:
    """Counts changes of the set of filters in use. hold: nobody changes it until we are done."""
    meta = tables.meta.c
    query = select(meta.value).where(meta.name == _FILTERS)
    if hold:
        insert_once(connection, tables.meta, {"name": _FILTERS, "value": "0"})
        query = query.with_for_update()
    return int(connection.scalar(query) or 0)


def next_filters_revision(connection: Connection) -> int:
    """The set of filters in use has changed; nobody else changes it until we are done."""
    revision = filters_revision(connection, hold=True) + 1
    write(connection, _FILTERS, str(revision))
    return revision


def papers_revision(connection: Connection) -> int:
    """Counts changes of stored papers, and of what they matched, but for what was added."""
    return int(read(connection, _PAPERS) or 0)


def next_papers_revision(connection: Connection) -> int:
    """Stored papers have changed. For who holds `Lock.PAPERS`."""
    revision = papers_revision(connection) + 1
    write(connection, _PAPERS, str(revision))
    return revision


def lost_at(connection: Connection) -> datetime | None:
    """`LOST_AT` as a moment; None if no backup was restored."""
    value = read(connection, LOST_AT)
    return datetime.fromisoformat(value) if value else None


def read(connection: Connection, name: str) -> str:
    """A value, empty if it was never written."""
    meta = tables.meta.c
    return connection.scalar(select(meta.value).where(meta.name == name)) or ""


def write(connection: Connection, name: str, value: str) -> None:
    """Set a value."""
    insert_once(connection, tables.meta, {"name": name, "value": value})
    meta = tables.meta
    connection.execute(update(meta).where(meta.c.name == name).values(value=value))
