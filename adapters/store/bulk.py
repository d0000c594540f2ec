"""Many new rows at once, at about a third of what the statement compiler charges for each.

Measured on the import of papers: 40 µs of 60 per row were spent on preparing parameters.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Date, Table
from sqlmodel.sql.sqltypes import UTCDateTime

from adapters.store.engines import is_sqlite

Row = dict[str, Any]


def insert_many(
    connection: Connection, table: Table, rows: Sequence[Row], *, once: bool = False
) -> None:
    """Insert rows that all have the same columns.

    once: leave out those whose unique key is there already. On SQLite dates in `rows` are
    replaced by the text they are stored as.
    """
    if not rows:
        return
    columns = tuple(rows[0])
    if is_sqlite(connection):
        for name, as_text in _dates(table, columns):
            for row in rows:
                if row[name] is not None:
                    row[name] = as_text(row[name])
    statement = _statement(table, columns, sqlite=is_sqlite(connection), once=once)
    connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=64)
def _statement(table: Table, columns: tuple[str, ...], *, sqlite: bool, once: bool) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f":{name}" if sqlite else f"%({name})s" for name in columns)
    conflict = " ON CONFLICT DO NOTHING" if once else ""
    return f"INSERT INTO {table.name} ({names}) VALUES ({values}){conflict}"


@lru_cache(maxsize=64)
def _dates(table: Table, columns: tuple[str, ...]) -> list[tuple[str, Callable[[Any], str]]]:
    """The columns that hold dates and instants, with how SQLAlchemy writes them on SQLite."""
    kinds = {name: table.c[name].type for name in columns}
    return [(name, _instant) for name, kind in kinds.items() if isinstance(kind, UTCDateTime)] + [
        (name, date.isoformat) for name, kind in kinds.items() if isinstance(kind, Date)
    ]


@lru_cache(maxsize=1024)
def _instant(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
