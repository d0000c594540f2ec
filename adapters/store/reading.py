"""Rows of the outbox as deliveries."""

import json
from typing import Any

from sqlalchemy import RowMapping, select

from adapters.store import tables
from adapters.store.places import channel_of
from bot.model.delivery import Delivery, DeliveryKind, DeliveryState

_D, _L = tables.deliveries.c, tables.lanes.c

HEAD: tuple[Any, ...] = (
    tables.deliveries,
    _L.channel_id.label("lane"),
    _L.failures,
    _L.probes,
    _L.lease_until,
)
"""What `delivery_of` needs, besides `lease` (the generation to show), `target_of` and a channel."""


def target_of() -> Any:
    """The id of the message that a delivery is about, as column `target`.

    It was owed to the same lane before, so by the time the later one is first it is done with.
    """
    earlier = tables.deliveries.alias()
    return (
        select(earlier.c.message_id)
        .where(
            earlier.c.dedupe_key == _D.about,
            earlier.c.channel_id == _D.channel_id,
            earlier.c.state == DeliveryState.SENT.value,
            earlier.c.message_id != "",
        )
        .correlate(tables.deliveries)
        .scalar_subquery()
        .label("target")
    )


def told_by(row: RowMapping) -> dict[str, Any]:
    """The fields that stand in a row as they are shown everywhere."""
    as_stored = (
        "id", "dedupe_key", "attempt", "resends", "created_at", "not_before", "expires_at",
        "message_id", "problem",
    )  # fmt: skip
    return {
        "channel": channel_of(row),
        "state": DeliveryState(row["state"]),
        "kind": DeliveryKind(row["kind"]),
        **{name: row[name] for name in as_stored},
    }


def delivery_of(row: RowMapping) -> Delivery:
    """A row of `HEAD`, `lease`, `target_of` and the columns of a channel as a delivery."""
    return Delivery(
        **told_by(row),
        lane=row["lane"],
        seq=row["seq"],
        payload=json.loads(row["payload"]),
        marker=row["marker"],
        generation=row["lease"],
        first_try_at=row["first_try_at"],
        lease_until=row["lease_until"],
        target=row["target"] or "",
        looks=row["looks"],
        crashes=row["crashes"],
        failures=row["failures"],
        probes=row["probes"],
    )
