"""What became of deliveries: written only for the claim that they belong to, many at once.

Outcome classes and their consequences: design page on delivery, §1.3 and §1.4.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from adapters.store import circuits, tables
from adapters.store.adopting import HELD_FOR
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


def write_receipts(
    connection: Connection, receipts: Sequence[Receipt], *, now: datetime
) -> list[bool]:
    """Write them; for each whether it counted, or its lease was lost meanwhile."""
    held = _held(connection, receipts)
    counts = [held.get(one.delivery.id) is not None for one in receipts]
    kept = [one for one, counted in zip(receipts, counts, strict=True) if counted]
    if kept:
        written = [_Change(held[one.delivery.id], one, now) for one in kept]
        connection.execute(_WRITE, [one.delivery for one in written])
        connection.execute(_FREE, [one.lane for one in written])
        refresh(connection, [one.delivery.lane for one in kept])
        _tell_circuits(connection, kept, now)
        _tell_others(connection, kept, now)
    return counts


def _held(connection: Connection, receipts: Sequence[Receipt]) -> dict[int, RowMapping]:
    """The lanes that these claims still hold, by delivery; locked until the transaction ends."""
    lanes, deliveries = tables.lanes, tables.deliveries.c
    query = (
        select(lanes, deliveries.id.label("held"), deliveries.generation.label("lease"))
        .join(tables.deliveries, deliveries.id == lanes.c.busy_with)
        .where(
            lanes.c.channel_id.in_([one.delivery.lane for one in receipts]),
            deliveries.state == DeliveryState.SENDING.value,
        )
        .order_by(lanes.c.channel_id)
        .with_for_update()
    )
    mine = {one.delivery.id: one.delivery.generation for one in receipts}
    rows = connection.execute(query).mappings()
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
            "delivery": one.id,
            "to": state.value,
            "why": getattr(outcome, "reason", ""),
            "message": outcome.message_id if isinstance(outcome, Posted) else "",
            "done": self.now if state in FINAL_STATES else None,
            # What certainly did not arrive leaves nothing behind to be looked for.
            "first": None if state is DeliveryState.QUEUED else one.first_try_at,
            "look": self.now if unknown else None,
        }
        self.lane = {
            "lane": one.lane,
            "busy": one.id if unknown else None,
            "until": self.now + HELD_FOR if unknown else None,
            "next": None if unknown else self.receipt.retry_at,
            **self._health(outcome),
            **self._pause(outcome),
        }

    def _health(self, outcome: Outcome) -> dict[str, Any]:
        row = self.row
        match outcome:
            case Posted():
                return {"ok": self.now, "failed": 0, "since": None}
            case _ if passing_failure(outcome):
                since = row["failing_since"] or self.now
                return {"ok": row["last_ok_at"], "failed": row["failures"] + 1, "since": since}
            case _:
                since, failures = row["failing_since"], row["failures"]
                return {"ok": row["last_ok_at"], "failed": failures, "since": since}

    def _pause(self, outcome: Outcome) -> dict[str, Any]:
        row = self.row
        kept = {
            "paused": row["paused"],
            "by": row["paused_by"],
            "at": row["paused_at"],
            "probe": row["probe_at"],
            "tries": row["probes"],
        }
        if row["paused_by"] == "person":
            return kept
        match outcome:
            case Posted():
                return {"paused": None, "by": "", "at": None, "probe": None, "tries": 0}
            case ChannelGone(reason):
                return {
                    "paused": reason,
                    "by": "channel",
                    "at": row["paused_at"] or self.now,
                    "probe": self.receipt.retry_at,
                    "tries": row["probes"] + 1,
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


_WRITE = (
    update(tables.deliveries)
    .where(tables.deliveries.c.id == bindparam("delivery"))
    .values(
        state=bindparam("to"),
        problem=bindparam("why"),
        message_id=bindparam("message"),
        finished_at=bindparam("done"),
        first_try_at=bindparam("first"),
        look_at=bindparam("look"),
    )
)
_FREE = (
    update(tables.lanes)
    .where(tables.lanes.c.channel_id == bindparam("lane"))
    .values(
        busy_with=bindparam("busy"),
        lease_owner="",
        lease_until=bindparam("until"),
        next_at=bindparam("next"),
        last_ok_at=bindparam("ok"),
        failures=bindparam("failed"),
        failing_since=bindparam("since"),
        paused=bindparam("paused"),
        paused_by=bindparam("by"),
        paused_at=bindparam("at"),
        probe_at=bindparam("probe"),
        probes=bindparam("tries"),
    )
)
