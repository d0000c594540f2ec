"""Messages owed to channels: how one is entered, and when its lane may go."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, select, update

from adapters.store import tables
from adapters.store.bulk import insert_many, update_many
from adapters.store.hints import tell
from adapters.store.pages import Kept, keep_pages
from adapters.store.places import chunks, ensure_channel, pairs
from adapters.store.writing import payload_text
from bot.model.delivery import DeliveryKind, DeliveryState, NewDelivery
from bot.model.errors import Conflict
from bot.model.hint import Hint

MARKER_LENGTH = 20  # of at most 25 characters that a platform takes, see `Messenger.post`


class Owed(NamedTuple):
    """A message for the channel of this id. subscription: whose papers it promises, or empty."""

    delivery: NewDelivery
    channel_id: int
    subscription: str


def owe(connection: Connection, delivery: NewDelivery, *, now: datetime, subscription: str) -> bool:
    """Enter one delivery; see `owe_all`."""
    owed = [Owed(delivery, ensure_channel(connection, delivery.channel), subscription)]
    return owe_all(connection, owed, paper_ids(connection, [delivery]), now=now)


def owe_all(
    connection: Connection, owed: Sequence[Owed], papers: Mapping[str, int], *, now: datetime
) -> bool:
    """Enter deliveries at the ends of their lanes and promise their papers to the channels.

    papers: the ids of all papers on them, from `paper_ids`. False if a dedupe key was owed before
    or a channel was promised one of the papers before: then the caller undoes the transaction.
    """
    if not owed:
        return True
    rows = [_row(one, seq, now) for one, seq in zip(owed, _places(connection, owed), strict=True)]
    if insert_many(connection, tables.deliveries, rows, once=True) != len(rows):
        return False
    ids = delivery_ids(connection, [one.delivery.dedupe_key for one in owed])
    for one in owed:
        if one.delivery.kind is DeliveryKind.EDIT:
            _supersede(connection, one.channel_id, one.delivery, now)
    keep_pages(
        connection,
        [
            Kept(ids[one.delivery.dedupe_key], one.channel_id, one.delivery.words)
            for one in owed
            if one.delivery.words is not None
        ],
        papers,
        now=now,
    )
    promises = [
        {
            "channel_id": one.channel_id,
            "paper_id": papers[paper],
            "delivery_id": ids[one.delivery.dedupe_key],
            "subscription": one.subscription,
            "promised_at": now,
        }
        for one in owed
        for paper in _once(one.delivery.papers, papers)
    ]
    # In an order that two composers share, or they could wait for each other.
    promises.sort(key=lambda row: (row["channel_id"], row["paper_id"]))
    if insert_many(connection, tables.shown, promises, once=True) != len(promises):
        return False
    refresh(connection, {one.channel_id for one in owed})
    tell(connection, Hint.MESSAGES)
    return True


def _once(keys: Iterable[str], papers: Mapping[str, int]) -> Iterable[str]:
    """Keys without those that name the same paper as one before."""
    return {papers[key]: key for key in keys}.values()


def _row(one: Owed, seq: int, now: datetime) -> dict[str, Any]:
    delivery = one.delivery
    return {
        "channel_id": one.channel_id,
        "seq": seq,
        "dedupe_key": delivery.dedupe_key,
        "kind": delivery.kind.value,
        "about": delivery.about,
        "role": delivery.role.value,
        "payload": payload_text(delivery.payload),
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


def _places(connection: Connection, owed: Sequence[Owed]) -> list[int]:
    """The next places in their lanes, in order."""
    lanes = tables.lanes
    wanted = sorted({one.channel_id for one in owed})
    following: dict[int, int] = {}
    for some in chunks(wanted):
        query = (
            select(lanes.c.channel_id, lanes.c.next_seq)
            .where(lanes.c.channel_id.in_(some))
            .order_by(lanes.c.channel_id)
        )
        following |= pairs(connection, query.with_for_update())
    places = []
    for one in owed:
        places.append(following[one.channel_id])
        following[one.channel_id] += 1
    rows = [{"channel_id": lane, "next_seq": seq} for lane, seq in following.items()]
    update_many(connection, lanes, rows)
    return places


def delivery_ids(connection: Connection, keys: Sequence[str]) -> dict[str, int]:
    """The ids of those of these dedupe keys that are owed."""
    deliveries = tables.deliveries.c
    found: dict[str, int] = {}
    for some in chunks(keys):
        query = select(deliveries.dedupe_key, deliveries.id)
        found |= pairs(connection, query.where(deliveries.dedupe_key.in_(some)))
    return found


def paper_ids(connection: Connection, deliveries: Sequence[NewDelivery]) -> dict[str, int]:
    """The ids of all papers on these deliveries, by key.

    Raises Conflict when one is not stored that a delivery promises.
    """
    promised = dict.fromkeys(key for one in deliveries for key in one.papers)
    cards = (card.face.paper for one in deliveries if one.words for card in one.words.cards)
    aliases = tables.aliases.c
    found: dict[str, int] = {}
    for some in chunks(list(promised | dict.fromkeys(cards))):
        query = select(aliases.alias, aliases.paper_id).where(aliases.alias.in_(some))
        found |= pairs(connection, query)
    missing = [key for key in promised if key not in found]
    if missing:
        msg = f"The paper {missing[0]} is not stored, so it cannot be promised to a channel."
        raise Conflict(msg)
    return found


def refresh(connection: Connection, channel_ids: Iterable[int]) -> None:
    """Work out anew when these lanes may go: a lane waits for its first waiting delivery."""
    for some in chunks(sorted(channel_ids)):
        connection.execute(_REFRESH, {"lanes": some})


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


_REFRESH = (
    update(tables.lanes)
    .where(tables.lanes.c.channel_id.in_(bindparam("lanes", expanding=True)))
    .values(ready_at=_ready_at())
)
