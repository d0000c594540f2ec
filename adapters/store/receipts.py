"""What became of a delivery: written only by the one who holds its lane's lease.

Outcome classes and their consequences: design page on delivery, §1.3 and §1.4.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from adapters.store import tables
from adapters.store.lane_status import pause_workspace
from adapters.store.owing import refresh
from bot.model.delivery import (
    FINAL_STATES,
    ChannelGone,
    Delivery,
    DeliveryState,
    NotSent,
    Outcome,
    Posted,
    ReadBack,
    Refused,
    Unclear,
    WorkspaceGone,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """The next state of a delivery and its lane.

    hold_until: for `unknown`, when somebody may look again. paused: the reason to pause the lane.
    """

    state: DeliveryState
    problem: str = ""
    message_id: str = ""
    next_at: datetime | None = None
    hold_until: datetime | None = None
    paused: str | None = None


def write_receipt(
    connection: Connection,
    delivery: Delivery,
    outcome: Outcome,
    *,
    retry_at: datetime | None,
    now: datetime,
) -> bool:
    """Write an outcome; False, and nothing written, when the lease was lost meanwhile."""
    written = _write(connection, delivery, _verdict(outcome, retry_at), now)
    if written and isinstance(outcome, WorkspaceGone):
        pause_workspace(connection, delivery.channel, reason=outcome.reason, now=now)
    return written


def _verdict(outcome: Outcome, retry_at: datetime | None) -> _Verdict:
    match outcome:
        case Posted(message_id):
            return _Verdict(state=DeliveryState.SENT, message_id=message_id, next_at=retry_at)
        case NotSent(reason):
            state = DeliveryState.DEAD if retry_at is None else DeliveryState.QUEUED
            return _Verdict(state=state, problem=reason, next_at=retry_at)
        case Unclear(reason):
            return _Verdict(state=DeliveryState.UNKNOWN, problem=reason, hold_until=retry_at)
        case ChannelGone(reason) | WorkspaceGone(reason):
            return _Verdict(state=DeliveryState.QUEUED, problem=reason, paused=reason)
        case Refused(reason):
            return _Verdict(state=DeliveryState.DEAD, problem=reason)


def settle(
    connection: Connection, delivery: Delivery, found: ReadBack, *, resend: bool, now: datetime
) -> bool:
    """Write what reading back showed; while it stays unknown, the lease paces the next look."""
    match found:
        case Posted(message_id):
            verdict = _Verdict(state=DeliveryState.SENT, message_id=message_id)
        case _ if resend:
            verdict = _Verdict(state=DeliveryState.QUEUED, problem=delivery.problem)
        case _:
            verdict = _Verdict(
                state=DeliveryState.UNKNOWN,
                problem=getattr(found, "reason", "") or delivery.problem,
                hold_until=delivery.lease_until,
            )
    return _write(connection, delivery, verdict, now)


def _write(connection: Connection, delivery: Delivery, verdict: _Verdict, now: datetime) -> bool:
    lane = _held_lane(connection, delivery)
    if lane is None:
        return False
    is_final = verdict.state in FINAL_STATES
    deliveries = tables.deliveries
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery.id)
        .values(
            state=verdict.state.value,
            problem=verdict.problem,
            message_id=verdict.message_id,
            finished_at=now if is_final else None,
        )
    )
    _write_lane(connection, lane, verdict, now)
    return True


def _held_lane(connection: Connection, delivery: Delivery) -> int | None:
    """The id of the lane if this claim still holds it; locked until the transaction ends."""
    lanes, deliveries = tables.lanes, tables.deliveries.c
    channel_id = select(deliveries.channel_id).where(deliveries.id == delivery.id)
    query = select(lanes.c.channel_id).where(
        lanes.c.channel_id == channel_id.scalar_subquery(),
        lanes.c.busy_with == delivery.id,
        lanes.c.generation == delivery.generation,
    )
    return connection.scalar(query.with_for_update())


def _write_lane(connection: Connection, channel_id: int, verdict: _Verdict, now: datetime) -> None:
    lanes = tables.lanes
    is_held = verdict.state is DeliveryState.UNKNOWN
    values: dict[str, Any] = {
        "lease_owner": "",
        "lease_until": verdict.hold_until if is_held else None,
    }
    if not is_held:
        values |= {"busy_with": None, "next_at": verdict.next_at}
    if verdict.state is DeliveryState.SENT:
        values["last_ok_at"] = now
    if verdict.paused is not None:
        values |= {"paused": verdict.paused, "paused_at": now}
    connection.execute(update(lanes).where(lanes.c.channel_id == channel_id).values(**values))
    refresh(connection, [channel_id])
