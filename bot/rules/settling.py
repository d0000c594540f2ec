"""What to make of a message whose fate is unknown, once somebody has looked.

Protocol: design page on delivery, §1.3.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.delivery import (
    Absent,
    Delivery,
    DeliveryState,
    Posted,
    ReadBack,
    Settlement,
    Unanswered,
    Unreadable,
)


class Ambiguous(StrEnum):
    """What to do with a message that may have arrived where we may not look."""

    RESEND_ONCE = "resend_once"
    HOLD = "hold"


LOOKS = 3
LOOKS_AFTER_A_LEASE = 2
LOOK_AGAIN = timedelta(seconds=30)
"""Not found so often, so far apart: what was given up a moment ago may be shown a minute later.

When its worker died, the rest of a lease has passed already before the first look. Half of the
usual lease; the short leases of tests shorten it likewise.
"""

LONGEST_LOOK_LATER = timedelta(hours=1)
LOOK_SELDOM = timedelta(hours=6)

SUSPECT = 2
"""A message under way when so many workers died goes alone from then on: another death is its."""

CRASHES = 7
"""Five workers died over it alone: it kills them, and is given up.

Three were not enough where somebody else kills: of 25,000 messages under which 400 workers were
killed at random, two had a share in five deaths.
"""


def settlement(
    delivery: Delivery,
    found: ReadBack,
    *,
    policy: Ambiguous,
    now: datetime,
    apart: timedelta = LOOK_AGAIN,
) -> Settlement:
    """What becomes of a delivery by what reading back has shown. apart: between two looks."""
    match found:
        case Posted(message_id):
            return Settlement(DeliveryState.SENT, message_id=message_id)
        case Absent():
            return _not_found(delivery, now, apart)
        case Unanswered(reason, wait):
            # Doubling by age: a channel that could not be read for an hour waits half of one.
            age = now - (delivery.first_try_at or delivery.created_at)
            later = min(max(age / 2, apart), LONGEST_LOOK_LATER)
            return _still(delivery, f"could not look: {reason}", now + (wait or later), now)
        case Unreadable(reason):
            return _by_policy(delivery, reason, policy, now)


def given_up(delivery: Delivery) -> Settlement | None:
    """What becomes of a delivery over which workers die even while they look; else None."""
    if delivery.crashes <= CRASHES:
        return None
    said = f"{delivery.crashes} workers died over it; nobody could find out whether it arrived"
    return Settlement(DeliveryState.DEAD, said, resends=delivery.resends)


def _not_found(delivery: Delivery, now: datetime, apart: timedelta) -> Settlement:
    looks = delivery.looks + 1
    if looks < (LOOKS_AFTER_A_LEASE if delivery.crashes else LOOKS):
        return _unknown(delivery, delivery.problem, now + apart, looks=looks)
    return _again(delivery, delivery.problem)


def _by_policy(delivery: Delivery, reason: str, policy: Ambiguous, now: datetime) -> Settlement:
    if policy is Ambiguous.HOLD or delivery.resends:
        twice = "unclear twice; " if delivery.resends else ""
        said = f"{twice}may not look whether it arrived ({reason}); held until somebody decides"
        return _still(delivery, said, now + LOOK_SELDOM, now)
    said = f"sent again without being able to look whether it arrived ({reason})"
    return _again(delivery, said, resends=1)


def _again(delivery: Delivery, problem: str, *, resends: int | None = None) -> Settlement:
    if delivery.crashes >= CRASHES:
        said = f"{delivery.crashes} workers died while sending it, so it is not tried again"
        return Settlement(DeliveryState.DEAD, said, resends=delivery.resends)
    again = delivery.resends if resends is None else resends
    return Settlement(DeliveryState.QUEUED, problem, resends=again)


def _still(delivery: Delivery, problem: str, look_at: datetime, now: datetime) -> Settlement:
    if now >= delivery.expires_at:
        said = f"nobody could find out whether it arrived; {problem}"
        return Settlement(DeliveryState.DEAD, said, resends=delivery.resends)
    return _unknown(delivery, problem, look_at, looks=delivery.looks)


def _unknown(delivery: Delivery, problem: str, look_at: datetime, *, looks: int) -> Settlement:
    return Settlement(
        DeliveryState.UNKNOWN,
        problem,
        look_at=look_at,
        looks=looks,
        resends=delivery.resends,
    )
