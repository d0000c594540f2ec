"""A channel has another id now: everything of the old one belongs to the new one."""

from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select, update

from adapters.store import tables
from adapters.store.changing import UNSETTLED
from adapters.store.installations_purge import purge_rows
from adapters.store.owing import refresh
from adapters.store.places import insert_once
from bot.model.delivery import DeliveryState

# What makes a row of each table unique beside its channel: of twins the new channel's stays.
_KEYED: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (tables.shown, ("paper_id",)),
    (tables.votes, ("paper_id", "member")),
    (tables.unfurls, ("paper_id",)),
    (tables.pages, ("delivery_id",)),
    (tables.changes, ("id",)),
)


def join_channels(connection: Connection, *, old: int, new: int) -> None:
    """Move all that the row `old` has to the row `new`; afterwards `old` does not exist.

    Where both have settled something, the new one's word counts: it was given last.
    """
    _queues(connection, old, new)
    for table, unique in _KEYED:
        twin = table.alias()
        same = and_(*(twin.c[name] == table.c[name] for name in unique))
        connection.execute(
            update(table)
            .where(
                table.c.channel_id == old,
                ~select(twin.c.channel_id).where(twin.c.channel_id == new, same).exists(),
            )
            .values(channel_id=new)
        )
    _subscriptions(connection, old, new)
    _settings(connection, old, new)
    purge_rows(connection, {tables.channels: tables.channels.c.id == old})


def _queues(connection: Connection, old: int, new: int) -> None:
    """Messages of the old lane stand before those of the new one, which came later.

    What is being sent under the old id is of unknown fate from here on: whoever sends it writes no
    receipt, and it is looked for under the new id.
    """
    lanes, deliveries = tables.lanes, tables.deliveries
    both = select(lanes).where(lanes.c.channel_id.in_([old, new]))
    rows = connection.execute(both.order_by(lanes.c.channel_id).with_for_update()).mappings()
    lane = {row["channel_id"]: row for row in rows}
    before, behind = lane[old], deliveries.c.channel_id == new
    connection.execute(
        update(deliveries).where(behind).values(seq=deliveries.c.seq + before["next_seq"])
    )
    theirs = deliveries.c.channel_id == old
    connection.execute(
        update(deliveries)
        .where(theirs, deliveries.c.state == DeliveryState.SENDING.value)
        .values(
            state=DeliveryState.UNKNOWN.value,
            generation=deliveries.c.generation + 1,
            look_at=before["lease_until"],
            problem="the channel got another id while it was sent",
        )
    )
    connection.execute(update(deliveries).where(theirs).values(channel_id=new))
    values: dict[str, Any] = {"next_seq": lanes.c.next_seq + before["next_seq"]}
    if before["paused_by"] == "person":
        values |= {name: before[name] for name in ("paused", "paused_by", "paused_at", "probe_at")}
    connection.execute(update(lanes).where(lanes.c.channel_id == new).values(**values))
    refresh(connection, [new])


def _subscriptions(connection: Connection, old: int, new: int) -> None:
    """Under their names, or under the next free one where the new channel has that name too."""
    ours = tables.subscriptions
    names = {
        one: {row.id: row.name for row in connection.execute(select(ours).where(_of(ours, one)))}
        for one in (old, new)
    }
    taken = set(names[new].values())
    for number, name in names[old].items():
        candidates = (name, *(f"{name}-{count}" for count in range(2, len(taken) + 3)))
        free = next(one for one in candidates if one not in taken)
        taken.add(free)
        moved = update(ours).where(ours.c.id == number).values(channel_id=new, name=free)
        connection.execute(moved)


def _settings(connection: Connection, old: int, new: int) -> None:
    ours = tables.channel_settings
    rows = connection.execute(select(ours).where(ours.c.channel_id.in_([old, new]))).mappings()
    found = {row["channel_id"]: row for row in rows}
    if old not in found:
        return
    here = found.get(new, UNSETTLED)
    values = {
        name: here[name] if here[name] != unset else found[old][name]
        for name, unset in UNSETTLED.items()
    }
    if not insert_once(connection, ours, values | {"channel_id": new}):
        connection.execute(update(ours).where(ours.c.channel_id == new).values(**values))
    connection.execute(delete(ours).where(ours.c.channel_id == old))


def _of(table: Table, channel: int) -> Any:
    return table.c.channel_id == channel
