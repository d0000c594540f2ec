"""Subscriptions that nobody can read: found, told, and taken out."""

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from adapters.store import standing, tables
from adapters.store.places import channel_of, chunks, is_in
from bot.model.errors import BadFilter
from bot.model.subscription import Channel, Damaged
from bot.rules.parse import parse_stored

_MANNERS = ("every", "at", "weekday", "zone", "mode", "layout", "empty")


def damaged_anywhere(connection: Connection) -> list[Damaged]:
    """All there are. Only distinct filters and distinct settings are read, which are far fewer."""
    subscriptions, filters = tables.subscriptions.c, tables.filters.c
    in_use = select(filters.id, filters.canonical).where(filters.uses > 0)
    bad = [number for number, text in connection.execute(in_use) if not _is_filter(text)]
    conditions: list[ColumnElement[bool]] = [
        subscriptions.filter_id.in_(some) for some in chunks(bad)
    ]
    columns = [subscriptions[name] for name in _MANNERS]
    for row in connection.execute(select(*columns).distinct()).mappings().all():
        try:
            standing.manners_of(row)
        except ValueError:
            same = (one.is_not_distinct_from(row[one.name]) for one in columns)
            conditions.append(and_(*same))
    return [one for some in conditions for one in damaged_among(connection, some)]


def damaged_among(connection: Connection, which: ColumnElement[bool]) -> list[Damaged]:
    """Those of some channels, by channel and age. which: a condition on `standing.selected`."""
    channels = tables.channels.c
    query = standing.selected().where(which)
    order = (channels.platform, channels.workspace, channels.channel, tables.subscriptions.c.id)
    found = []
    for row in connection.execute(query.order_by(*order)).mappings():
        problem = standing.problem_of(row)
        if problem:
            found.append(Damaged(channel_of(row), row["name"], row["canonical"], problem))
    return found


def _is_filter(text: str) -> bool:
    try:
        parse_stored(text)
    except BadFilter:
        return False
    return True


def remove_damaged(connection: Connection, channel: Channel, name: str) -> int | None:
    """Take out one that cannot be read; the id of its filter, None if there is none."""
    subscriptions = tables.subscriptions
    query = standing.selected().where(is_in(channel), subscriptions.c.name == name)
    row = connection.execute(query.with_for_update(of=subscriptions)).mappings().first()
    if row is None or not standing.problem_of(row):
        return None
    connection.execute(delete(subscriptions).where(subscriptions.c.id == row["id"]))
    return int(row["filter_id"])
