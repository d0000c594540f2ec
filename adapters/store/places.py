"""Channels as rows."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store import tables
from adapters.store.engines import is_sqlite
from bot.model.subscription import Channel, Platform

T = TypeVar("T")

COLUMNS = (tables.channels.c.platform, tables.channels.c.workspace, tables.channels.c.channel)


def channel_of(row: RowMapping) -> Channel:
    """The channel in a row that holds `COLUMNS`."""
    return _channel(row["platform"], row["workspace"], row["channel"])


@lru_cache(maxsize=1 << 12)
def _channel(platform: str, workspace: str, channel: str) -> Channel:
    return Channel(Platform(platform), workspace, channel)


def is_in(channel: Channel) -> ColumnElement[bool]:
    """The condition on `channels` that a row is this channel."""
    channels = tables.channels.c
    return (
        (channels.platform == channel.platform.value)
        & (channels.workspace == channel.workspace)
        & (channels.channel == channel.channel)
    )


def find_channel(connection: Connection, channel: Channel) -> int | None:
    """The id of a channel's row, if it has one."""
    return connection.scalar(select(tables.channels.c.id).where(is_in(channel)))


def find_channels(connection: Connection, channels: Collection[Channel]) -> dict[Channel, int]:
    """The ids of the rows of those channels that have one."""
    names = [(one.platform.value, one.workspace, one.channel) for one in channels]
    place = "(?, ?, ?)" if is_sqlite(connection) else "(%s, %s, %s)"
    found: dict[Channel, int] = {}
    for some in chunks(names):
        # Joined, not compared: for a list of triples SQLite would look through all channels.
        query = (
            f"WITH wanted(platform, workspace, channel) AS (VALUES {', '.join([place] * len(some))})"
            " SELECT channels.id, channels.platform, channels.workspace, channels.channel"
            " FROM wanted JOIN channels ON channels.platform = wanted.platform"
            " AND channels.workspace = wanted.workspace AND channels.channel = wanted.channel"
        )
        values = tuple(name for triple in some for name in triple)
        for number, platform, workspace, channel in connection.exec_driver_sql(query, values).all():
            found[_channel(platform, workspace, channel)] = number
    return found


def ensure_channel(connection: Connection, channel: Channel) -> int:
    """The id of a channel's row; the row and its lane are made when they are missing."""
    known = find_channel(connection, channel)
    if known is None:
        row = {
            "platform": channel.platform.value,
            "workspace": channel.workspace,
            "channel": channel.channel,
        }
        insert_once(connection, tables.channels, row)
        known = find_channel(connection, channel)
        if known is None:
            msg = f"the row of {channel} was made and is not there"
            raise LookupError(msg)
        lane = {
            "channel_id": known,
            "paused_by": "",
            "probes": 0,
            "failures": 0,
            "lease_owner": "",
            "generation": 0,
            "next_seq": 1,
        }
        insert_once(connection, tables.lanes, lane)
    return known


def insert_once(connection: Connection, table: Any, row: dict[str, Any]) -> bool:
    """Insert a row unless one with the same unique key is there; whether it was inserted."""
    insert: Any = sqlite.insert if is_sqlite(connection) else postgresql.insert
    key = next(iter(table.primary_key.columns))
    inserted = insert(table).on_conflict_do_nothing().returning(key)
    return connection.execute(inserted, row).first() is not None


def pairs(connection: Connection, query: Any) -> dict[Any, Any]:
    """The rows of a query for two columns, as first → second."""
    return {row[0]: row[1] for row in connection.execute(query)}


CHUNK = 500


def chunks(values: Sequence[T]) -> list[Sequence[T]]:
    """`values` in parts that fit into one statement."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]
