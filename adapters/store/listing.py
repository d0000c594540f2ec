"""Messages as people look at them, and the one thing they may do: have one sent again."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, update

from adapters.store import tables
from adapters.store.hints import tell
from adapters.store.owing import next_seq, refresh
from adapters.store.places import COLUMNS, is_in
from adapters.store.reading import told_by
from bot.model.delivery import DeliveryState, Role
from bot.model.errors import CommandError
from bot.model.hint import Hint
from bot.model.record import DeliveryStatus
from bot.model.subscription import Channel

EMPTIED = "{}"
"""What is left of a payload after its keeping, see `upkeep.py`."""

AGAIN = frozenset(
    {
        DeliveryState.DEAD,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
        DeliveryState.UNKNOWN,
    }
)
"""States in which a person may have a message sent again."""


def listed(
    connection: Connection,
    channel: Channel | None,
    states: frozenset[DeliveryState],
    limit: int,
) -> list[DeliveryStatus]:
    """The newest messages, of one channel and in these states if any are given."""
    deliveries = tables.deliveries.c
    query = _selected().order_by(deliveries.id.desc()).limit(limit)
    if channel is not None:
        query = query.where(is_in(channel))
    if states:
        query = query.where(deliveries.state.in_([one.value for one in states]))
    rows = connection.execute(query).mappings().all()
    papers = _papers(connection, [row["id"] for row in rows])
    return [_status(row, papers) for row in rows]


def shown(connection: Connection, delivery_id: int) -> DeliveryStatus | None:
    """One message, if there is one with this number."""
    query = _selected().where(tables.deliveries.c.id == delivery_id)
    row = connection.execute(query).mappings().first()
    return _status(row, _papers(connection, [delivery_id])) if row else None


def redeliver(
    connection: Connection, delivery_id: int, *, now: datetime, keep: timedelta
) -> DeliveryStatus:
    """Put a message at the end of its lane, as if it had never been tried.

    Raises CommandError for one that is under way, was posted, or is not kept any more.
    """
    deliveries, lanes = tables.deliveries, tables.lanes
    found = connection.execute(
        select(deliveries.c.channel_id, deliveries.c.state, deliveries.c.payload)
        .where(deliveries.c.id == delivery_id)
        .with_for_update()
    ).first()
    if found is None:
        msg = f"There is no delivery {delivery_id}; `papers deliveries list` shows them."
        raise CommandError(msg)
    if found.state not in AGAIN:
        raise CommandError(_WHY_NOT.get(found.state, _UNDER_WAY).format(id=delivery_id))
    if found.payload == EMPTIED:
        raise CommandError(f"Delivery {delivery_id} is too old; its text is not kept any more.")
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(
            state=DeliveryState.QUEUED.value,
            seq=next_seq(connection, found.channel_id),
            generation=deliveries.c.generation + 1,
            attempt=0,
            looks=0,
            crashes=0,
            resends=0,
            not_before=now,
            expires_at=now + keep,
            first_try_at=None,
            look_at=None,
            finished_at=None,
            problem="sent again by hand",
        )
    )
    connection.execute(
        update(lanes)
        .where(lanes.c.channel_id == found.channel_id, lanes.c.busy_with == delivery_id)
        .values(busy_with=None, lease_until=None, lease_owner="")
    )
    refresh(connection, [found.channel_id])
    tell(connection, Hint.MESSAGES)
    again = shown(connection, delivery_id)
    assert again is not None  # noqa: S101 - it was locked above
    return again


_UNDER_WAY = "Delivery {id} is waiting or under way already."
_WHY_NOT = {
    DeliveryState.SENT.value: "Delivery {id} was posted; sending it again would repeat it.",
    DeliveryState.ROLLED_UP.value: (
        "What delivery {id} had to say is in a later message; `papers deliveries list` shows it."
    ),
}


def _selected() -> Select[Any]:
    deliveries, channels = tables.deliveries, tables.channels
    columns = [column for column in deliveries.c if column.name != "payload"]
    size = func.length(deliveries.c.payload).label("size")
    return select(*columns, size, *COLUMNS).join(channels, channels.c.id == deliveries.c.channel_id)


def _papers(connection: Connection, ids: list[int]) -> dict[int, list[str]]:
    """Keys of the papers that each of these messages shows."""
    promised, papers = tables.shown.c, tables.papers.c
    query = (
        select(promised.delivery_id, papers.key)
        .join(tables.papers, papers.id == promised.paper_id)
        .where(promised.delivery_id.in_(ids))
        .order_by(papers.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for delivery_id, key in connection.execute(query):
        found[delivery_id].append(key)
    return found


def _status(row: RowMapping, papers: dict[int, list[str]]) -> DeliveryStatus:
    return DeliveryStatus(
        **told_by(row),
        role=Role(row["role"]),
        papers=tuple(papers.get(row["id"], ())),
        finished_at=row["finished_at"],
        size=row["size"],
    )
