"""Messages owed to channels, and what became of them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.model.message import Digest
from bot.model.subscription import Channel

Payload = dict[str, Any]
"""One rendered platform message, ready to send: plain JSON."""


class Shared(dict[str, Any]):
    """A part that many messages have, such as a paper; nobody changes it after it was made.

    written: its JSON, size: of its texts, once somebody has worked them out: doing that anew for
    every message takes longer than everything else about a message.
    """

    __slots__ = ("size", "written")

    def __init__(self, part: dict[str, Any]) -> None:
        """Take the part over."""
        super().__init__(part)
        self.written = ""
        self.size: int | None = None


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


class Role(StrEnum):
    """What a message is to those who read the channel; decides what may be gathered into one."""

    OTHER = "other"
    SINGLE = "single"  # one paper
    DIGEST = "digest"


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
    role: Role = Role.OTHER
    papers: tuple[str, ...] = ()
    not_before: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message owed to one channel, as claimed by a worker.

    seq: order within the channel. generation: changes with each claim; a receipt counts only
    for the claim it belongs to. marker: opaque text that stays the same over all attempts and
    lets a platform recognise a repeat. target: the id of the message that an edit changes or a
    reply answers. first_try_at: the first attempt that may have arrived. send_at: when its turn in
    a shared limit comes, shortly after it was claimed.

    looks: how often reading back has not found it. crashes: how many workers died while sending
    it. resends: how often it was sent again without anybody being able to look.

    Of its lane: failures in a row that may pass, and probes since it was paused.
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
    not_before: datetime
    first_try_at: datetime | None
    lease_until: datetime | None
    expires_at: datetime
    lane: int = 0
    kind: DeliveryKind = DeliveryKind.POST
    target: str = ""
    send_at: datetime | None = None
    looks: int = 0
    crashes: int = 0
    resends: int = 0
    failures: int = 0
    probes: int = 0
    message_id: str = ""
    problem: str = ""


class Reach(StrEnum):
    """How far something goes that a platform said about one message."""

    CHANNEL = "channel"
    WORKSPACE = "workspace"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Posted:
    """The platform has it, and calls it `message_id`.

    hold: it wants nothing more in this channel for so long.
    """

    message_id: str
    hold: timedelta | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not arrive; try again after `wait` (None: the usual back-off).

    limited: the platform asked us to slow down; that is no failure, and holds back what it
    reaches: the channel, or messages of this kind in the workspace or on the whole platform.
    """

    reason: str
    wait: timedelta | None = None
    limited: bool = False
    reach: Reach = Reach.CHANNEL


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
    """Nothing in this workspace can be posted to (token revoked, bot removed).

    reach: PLATFORM where one token serves all workspaces.
    """

    reason: str
    reach: Reach = Reach.WORKSPACE


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this content; the channel itself is fine. hold: as in `Posted`."""

    reason: str
    hold: timedelta | None = field(default=None, compare=False)


Outcome = Posted | NotSent | Unclear | ChannelGone | WorkspaceGone | Refused


@dataclass(frozen=True, slots=True)
class Absent:
    """Read back: it is not there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Read back: we may not look, and will not be able to later either."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Read back: we could not look just now; try again after `wait` (None: the usual back-off)."""

    reason: str
    wait: timedelta | None = None


ReadBack = Posted | Absent | Unreadable | Unanswered


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a claimed delivery.

    retry_at: when its lane may go again. For NotSent None gives the delivery up; for a channel or
    workspace that is gone it is when to probe whether it came back.
    """

    delivery: Delivery
    outcome: Outcome
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What to make of a delivery whose fate was unknown.

    look_at: when to look again while it stays `unknown`. looks, resends: see `Delivery`. next_at:
    when its lane may go again, once it is settled.
    """

    state: DeliveryState
    problem: str = ""
    message_id: str = ""
    next_at: datetime | None = None
    look_at: datetime | None = None
    looks: int = 0
    resends: int = 0
