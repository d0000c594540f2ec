"""Deleting a workspace: every row that belongs to it, in whichever table."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select, update

from adapters.store import tables
from adapters.store.admitting import uses_in
from adapters.store.meta import filters_revision, next_filters_revision

OWNED = ("platform", "workspace")


def purge_one(connection: Connection, left_before: datetime) -> bool:
    """Delete the data of one workspace that left before then; False when there is none."""
    departures = tables.departures
    gone = connection.execute(
        select(departures.c.platform, departures.c.workspace)
        .where(departures.c.left_at <= left_before)
        .order_by(departures.c.left_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if gone is None:
        return False
    purge(connection, gone.platform, gone.workspace)
    return True


def purge(connection: Connection, platform: str, workspace: str) -> None:
    """Delete every row of a workspace.

    Which those are follows from the tables themselves: rows that name the workspace, and rows
    that point to such rows. A table that is added later is purged without a word here. Only three
    point without a key: what was counted, what was dealt with, and shared limits.
    """
    uses = tables.uses
    connection.execute(delete(uses).where(uses.c.name == uses_in(platform, workspace)))
    # A limit names its workspace inside a key, see `bot/rules/limits.py`.
    key = tables.limits.c.key
    prefix = f"{platform}:{workspace}/"
    connection.execute(delete(tables.limits).where(key.startswith(prefix, autoescape=True)))
    purge_rows(
        connection,
        {
            table: condition
            for table in tables.METADATA.sorted_tables
            if (condition := _belongs(table, platform, workspace)) is not None
        },
    )


def purge_rows(connection: Connection, owned: dict[Table, Any]) -> None:
    """Delete the rows of each table that meet its condition, and every row that points to one."""
    for table in tables.METADATA.sorted_tables:
        if table not in owned and (points := _points_to(table, owned)) is not None:
            owned[table] = points
    subscriptions = tables.subscriptions
    if subscriptions in owned:
        theirs = select(subscriptions.c.id).where(owned[subscriptions])
        occurrences = tables.occurrences
        connection.execute(delete(occurrences).where(occurrences.c.subscription_id.in_(theirs)))
    for table in reversed(tables.METADATA.sorted_tables):
        if table in owned:
            connection.execute(delete(table).where(owned[table]))
    _recount_filters(connection)


def _belongs(table: Table, platform: str, workspace: str) -> ColumnElement[bool] | None:
    if not all(name in table.c for name in OWNED):
        return None
    return (table.c.platform == platform) & (table.c.workspace == workspace)


def _points_to(table: Table, owned: dict[Table, Any]) -> ColumnElement[bool] | None:
    points = [
        column.in_(select(key.column).where(owned[key.column.table]))
        for column in table.c
        for key in column.foreign_keys
        if key.column.table in owned
    ]
    return or_(*points) if points else None


def _recount_filters(connection: Connection) -> None:
    """Filters only this workspace listened with are in use no more."""
    filters, subscriptions = tables.filters, tables.subscriptions.c
    uses = (
        select(func.count())
        .select_from(tables.subscriptions)
        .where(subscriptions.filter_id == filters.c.id)
        .correlate(filters)
        .scalar_subquery()
    )
    changed = connection.execute(
        update(filters)
        .where(filters.c.uses > 0, filters.c.uses != uses)
        .values(uses=uses, revision=filters_revision(connection, hold=True) + 1)
    )
    if changed.rowcount:
        next_filters_revision(connection)
