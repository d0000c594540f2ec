"""Messages owed to channels, and what became of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.model.message import Digest
from bot.model.subscription import Channel

Payload = dict[str, Any]
"""One rendered platform message, ready to send: plain JSON."""


class DeliveryState(StrEnum):
    """Where a delivery stands: queued → sending → sent, with the detours of delivery.md §1.2."""

    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"  # sent or not, nobody knows yet: read back before sending again
    SENT = "sent"
    EXPIRED = "expired"
    ROLLED_UP = "rolled_up"
    CANCELLED = "cancelled"
    DEAD = "dead"


FINAL_STATES = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.EXPIRED,
        DeliveryState.ROLLED_UP,
        DeliveryState.CANCELLED,
        DeliveryState.DEAD,
    }
)


class DeliveryKind(StrEnum):
    """What a delivery does in its channel."""

    POST = "post"
    EDIT = "edit"  # of an earlier message; doing it twice does no harm
    REPLY = "reply"  # in the thread of an earlier message


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelivery:
    """A message to be owed: `dedupe_key` makes sure that it is owed only once.

    about: for an edit or a reply the `dedupe_key` of the delivery whose message is meant; it was
    owed to the same channel before. words: what the payload says, kept to write it anew when one
    of its papers changes. papers: keys of the papers it shows. expires_at: after this it is
    pointless.
    """

    channel: Channel
    dedupe_key: str
    payload: Payload
    kind: DeliveryKind = DeliveryKind.POST
    about: str = ""
    words: Digest | None = None
    papers: tuple[str, ...] = ()
    not_before: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one channel, as claimed by a worker.

    seq: order within the channel. generation: changes with each claim; a receipt counts only
    for the claim it belongs to. marker: opaque text that stays the same over all attempts and
    lets a platform recognise a repeat. target: the id of the message that an edit changes or a
    reply answers.
    """

    id: int
    channel: Channel
    seq: int
    dedupe_key: str
    payload: Payload
    marker: str
    attempt: int
    generation: int
    state: DeliveryState
    created_at: datetime
    first_try_at: datetime | None
    lease_until: datetime | None
    expires_at: datetime
    kind: DeliveryKind = DeliveryKind.POST
    target: str = ""
    message_id: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """The platform has it, and calls it `message_id`."""

    message_id: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again after `wait` (None: the usual back-off).

    limited: the platform asked us to slow down; that is no failure.
    """

    reason: str
    wait: timedelta | None = None
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may or may not have arrived: read back before sending again."""

    reason: str


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """This channel cannot be posted to until somebody acts: pause it and say so."""

    reason: str


@dataclass(frozen=True, slots=True)
class WorkspaceGone:
    """Nothing in this workspace can be posted to (token revoked, bot removed)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this content; the channel itself is fine."""

    reason: str


Outcome = Posted | NotSent | Unclear | ChannelGone | WorkspaceGone | Refused


@dataclass(frozen=True, slots=True)
class Absent:
    """Read back: it is not there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Read back: we may not, or could not, look."""

    reason: str


ReadBack = Posted | Absent | Unreadable
