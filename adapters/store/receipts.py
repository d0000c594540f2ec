"""What became of deliveries: written only for the claim that they belong to, many at once.

Outcome classes and their consequences: design page on delivery, §1.3 and §1.4.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select

from adapters.store import circuits, tables
from adapters.store.adopting import HELD_FOR
from adapters.store.bulk import update_many
from adapters.store.lane_status import pause_workspace
from adapters.store.limits import close
from adapters.store.owing import refresh
from bot.model.delivery import (
    FINAL_STATES,
    ChannelGone,
    DeliveryState,
    NotSent,
    Outcome,
    Posted,
    Reach,
    Receipt,
    Refused,
    Unclear,
    WorkspaceGone,
)
from bot.rules.limits import limit_of

_PAUSE = ("paused", "paused_by", "paused_at", "probe_at", "probes")


def write_receipts(
    connection: Connection, receipts: Sequence[Receipt], *, now: datetime
) -> list[bool]:
    """Write them; for each whether it counted, or its lease was lost meanwhile."""
    held = _held(connection, receipts)
    counts = [held.get(one.delivery.id) is not None for one in receipts]
    kept = [one for one, counted in zip(receipts, counts, strict=True) if counted]
    if kept:
        written = [_Change(held[one.delivery.id], one, now) for one in kept]
        update_many(connection, tables.deliveries, [one.delivery for one in written])
        update_many(connection, tables.lanes, [one.lane for one in written])
        refresh(connection, [one.delivery.lane for one in kept])
        _tell_circuits(connection, kept, now)
        _tell_others(connection, kept, now)
    return counts


def _held(connection: Connection, receipts: Sequence[Receipt]) -> dict[int, RowMapping]:
    """The lanes that these claims still hold, by delivery; locked until the transaction ends."""
    mine = {one.delivery.id: one.delivery.generation for one in receipts}
    rows = connection.execute(_HELD, {"lanes": [one.delivery.lane for one in receipts]}).mappings()
    return {row["held"]: row for row in rows if _is_same(row["lease"], mine.get(row["held"]))}


def _is_same(lease: int, mine: int | None) -> bool:
    """Whether the claim a receipt belongs to is still the one that holds the message."""
    return lease == mine


@dataclass(slots=True)
class _Change:
    """What one receipt makes of its delivery and its lane: all values, so that one statement fits."""

    row: RowMapping
    receipt: Receipt
    now: datetime
    delivery: dict[str, Any] = field(init=False)
    lane: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        one, outcome = self.receipt.delivery, self.receipt.outcome
        state = state_after(outcome, self.receipt.retry_at)
        unknown = state is DeliveryState.UNKNOWN
        self.delivery = {
            "id": one.id,
            "state": state.value,
            "problem": getattr(outcome, "reason", ""),
            "message_id": outcome.message_id if isinstance(outcome, Posted) else "",
            "finished_at": self.now if state in FINAL_STATES else None,
            # What certainly did not arrive leaves nothing behind to be looked for.
            "first_try_at": None if state is DeliveryState.QUEUED else one.first_try_at,
            "look_at": self.now if unknown else None,
        }
        self.lane = {
            "channel_id": one.lane,
            "busy_with": one.id if unknown else None,
            "lease_owner": "",
            "lease_until": self.now + HELD_FOR if unknown else None,
            "next_at": None if unknown else self.receipt.retry_at,
            **self._health(outcome),
            **self._pause(outcome),
        }

    def _health(self, outcome: Outcome) -> dict[str, Any]:
        row = self.row
        if isinstance(outcome, Posted):
            return {"last_ok_at": self.now, "failures": 0, "failing_since": None}
        kept = {name: row[name] for name in ("last_ok_at", "failures", "failing_since")}
        if passing_failure(outcome):
            kept["failures"] += 1
            kept["failing_since"] = kept["failing_since"] or self.now
        return kept

    def _pause(self, outcome: Outcome) -> dict[str, Any]:
        row = self.row
        kept = {name: row[name] for name in _PAUSE}
        if row["paused_by"] == "person":
            return kept
        match outcome:
            case Posted():
                return dict(zip(_PAUSE, (None, "", None, None, 0), strict=True))
            case ChannelGone(reason):
                return {
                    "paused": reason,
                    "paused_by": "channel",
                    "paused_at": row["paused_at"] or self.now,
                    "probe_at": self.receipt.retry_at,
                    "probes": row["probes"] + 1,
                }
            case _:
                return kept


def state_after(outcome: Outcome, retry_at: datetime | None) -> DeliveryState:
    """The state an outcome leads to."""
    match outcome:
        case Posted():
            return DeliveryState.SENT
        case NotSent():
            return DeliveryState.DEAD if retry_at is None else DeliveryState.QUEUED
        case Unclear():
            return DeliveryState.UNKNOWN
        case ChannelGone() | WorkspaceGone():
            return DeliveryState.QUEUED
        case Refused():
            return DeliveryState.DEAD


def passing_failure(outcome: Outcome) -> bool:
    """Whether it is a failure of the kind that passes, which breakers count."""
    return isinstance(outcome, Unclear) or (isinstance(outcome, NotSent) and not outcome.limited)


def _tell_circuits(connection: Connection, kept: list[Receipt], now: datetime) -> None:
    worked: set[circuits.Scope] = set()
    failed: Counter[circuits.Scope] = Counter()
    reasons: dict[circuits.Scope, str] = {}
    for one in kept:
        scope = circuits.scope_of(one.delivery.channel)
        if scope is None:
            continue
        if isinstance(one.outcome, Posted):
            worked.add(scope)
        elif passing_failure(one.outcome):
            failed[scope] += 1
            reasons[scope] = getattr(one.outcome, "reason", "")
    for scope in sorted(worked):
        circuits.worked(connection, scope, now)
    for scope in sorted(failed.keys() - worked):
        circuits.failed(connection, scope, failed[scope], reasons[scope], now)


def _tell_others(connection: Connection, kept: list[Receipt], now: datetime) -> None:
    """Consequences beyond the lane: limits that were named, workspaces that are gone."""
    for one in kept:
        match one.outcome:
            case NotSent(limited=True, reach=reach) if reach is not Reach.CHANNEL:
                limit = limit_of(one.delivery.channel, one.delivery.kind)
                if limit is not None and one.retry_at is not None:
                    close(connection, limit.key, one.retry_at)
            case WorkspaceGone(reason, reach):
                until, channel = one.retry_at or now, one.delivery.channel
                workspace = "" if reach is Reach.PLATFORM else channel.workspace
                scope = channel.platform.value, workspace
                pause_workspace(connection, scope, reason=reason, probe_at=until, now=now)
                circuits.gone(connection, scope, reason, until=until)
            case _:
                pass


_HELD = (
    select(
        tables.lanes,
        tables.deliveries.c.id.label("held"),
        tables.deliveries.c.generation.label("lease"),
    )
    .join(tables.deliveries, tables.deliveries.c.id == tables.lanes.c.busy_with)
    .where(
        tables.lanes.c.channel_id.in_(bindparam("lanes", expanding=True)),
        tables.deliveries.c.state == DeliveryState.SENDING.value,
    )
    .order_by(tables.lanes.c.channel_id)
    .with_for_update()
)
