"""Messages owed to channels: how one is entered, and when its lane may go."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, select, update

from adapters.store import tables
from adapters.store.pages import keep_page
from adapters.store.places import ensure_channel, insert_once, pairs
from bot.model.delivery import DeliveryKind, DeliveryState, NewDelivery
from bot.model.errors import Conflict

MARKER_LENGTH = 20  # of at most 25 characters that a platform takes, see `Messenger.post`


def owe(connection: Connection, delivery: NewDelivery, *, now: datetime, subscription: str) -> bool:
    """Enter a delivery at the end of its lane and promise its papers to the channel.

    False if its dedupe key was owed before or the channel was promised one of the papers before:
    then the caller undoes the transaction.
    """
    channel_id = ensure_channel(connection, delivery.channel)
    row = {
        "channel_id": channel_id,
        "seq": next_seq(connection, channel_id),
        "dedupe_key": delivery.dedupe_key,
        "kind": delivery.kind.value,
        "about": delivery.about,
        "role": delivery.role.value,
        "payload": json.dumps(delivery.payload, ensure_ascii=True, separators=(",", ":")),
        "marker": _marker(delivery),
        "state": DeliveryState.QUEUED.value,
        "attempt": 0,
        "generation": 0,
        "looks": 0,
        "crashes": 0,
        "resends": 0,
        "created_at": now,
        "not_before": delivery.not_before,
        "expires_at": delivery.expires_at,
        "message_id": "",
        "problem": "",
    }
    if not insert_once(connection, tables.deliveries, row):
        return False
    if delivery.kind is DeliveryKind.EDIT:
        _supersede(connection, channel_id, delivery, now)
    deliveries = tables.deliveries.c
    delivery_id = connection.execute(
        select(deliveries.id).where(deliveries.dedupe_key == delivery.dedupe_key)
    ).scalar_one()
    if delivery.words is not None:
        keep_page(
            connection, delivery.words, delivery_id=delivery_id, channel_id=channel_id, now=now
        )
    promise = {
        "channel_id": channel_id,
        "delivery_id": delivery_id,
        "subscription": subscription,
        "promised_at": now,
    }
    for paper_id in _paper_ids(connection, delivery):
        if not insert_once(connection, tables.shown, promise | {"paper_id": paper_id}):
            return False
    refresh(connection, [channel_id])
    return True


def _supersede(
    connection: Connection, channel_id: int, delivery: NewDelivery, now: datetime
) -> None:
    """Drop edits of the same message that are still waiting: only the newest would be seen."""
    deliveries = tables.deliveries
    connection.execute(
        update(deliveries)
        .where(
            deliveries.c.channel_id == channel_id,
            deliveries.c.state == DeliveryState.QUEUED.value,
            deliveries.c.kind == DeliveryKind.EDIT.value,
            deliveries.c.about == delivery.about,
            deliveries.c.dedupe_key != delivery.dedupe_key,
        )
        .values(
            state=DeliveryState.ROLLED_UP.value,
            problem="a newer version of the same message came before it was sent",
            finished_at=now,
        )
    )


def _marker(delivery: NewDelivery) -> str:
    """Opaque, and the same again if a restored backup owes this message once more."""
    owed = f"{delivery.channel} {delivery.dedupe_key}"
    return hashlib.sha256(owed.encode("utf-8", "replace")).hexdigest()[:MARKER_LENGTH]


def next_seq(connection: Connection, channel_id: int) -> int:
    """The next place in a lane."""
    lanes = tables.lanes
    taken = connection.scalar(
        update(lanes)
        .where(lanes.c.channel_id == channel_id)
        .values(next_seq=lanes.c.next_seq + 1)
        .returning(lanes.c.next_seq)
    )
    return int(taken or 0) - 1


def _paper_ids(connection: Connection, delivery: NewDelivery) -> list[int]:
    """Ids of the papers a delivery shows, in an order that two composers share."""
    if not delivery.papers:
        return []
    aliases = tables.aliases.c
    query = select(aliases.alias, aliases.paper_id).where(aliases.alias.in_(delivery.papers))
    found = pairs(connection, query)
    missing = [key for key in delivery.papers if key not in found]
    if missing:
        msg = f"The paper {missing[0]} is not stored, so it cannot be promised to a channel."
        raise Conflict(msg)
    return sorted(set(found.values()))


def refresh(connection: Connection, channel_ids: Iterable[int]) -> None:
    """Work out anew when these lanes may go: a lane waits for its first waiting delivery."""
    lanes = tables.lanes
    connection.execute(
        update(lanes).where(lanes.c.channel_id.in_(list(channel_ids))).values(ready_at=_ready_at())
    )


def _ready_at() -> Any:
    lanes, deliveries = tables.lanes.c, tables.deliveries.c
    not_before = (
        select(
            case(
                (lanes.next_at > deliveries.not_before, lanes.next_at),
                else_=deliveries.not_before,
            )
        )
        .where(
            deliveries.channel_id == lanes.channel_id,
            deliveries.state == DeliveryState.QUEUED.value,
        )
        .order_by(deliveries.seq)
        .limit(1)
        .correlate(tables.lanes)
        .scalar_subquery()
    )
    # A paused lane with something to send is tried when its probe is due.
    return case(
        (lanes.busy_with.is_not(None), None),
        (lanes.paused.is_not(None) & not_before.is_not(None), lanes.probe_at),
        (lanes.paused.is_not(None), None),
        else_=not_before,
    )
