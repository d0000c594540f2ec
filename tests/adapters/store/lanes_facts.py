"""What the model of `lanes_model.py` knows of messages and channels."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.model.delivery import Delivery, Outcome, Settlement
from bot.model.subscription import Channel

Q, SENDING, UNKNOWN, SENT, DEAD = "queued", "sending", "unknown", "sent", "dead"


@dataclass(eq=False)
class Claim:
    """A message in a worker's hands; outcome: what the platform said, once it was sent."""

    delivery: Delivery
    worker: str
    outcome: Outcome | None = None

    @property
    def ends(self) -> datetime:
        """When its lease is over."""
        assert self.delivery.lease_until is not None
        return self.delivery.lease_until


@dataclass(eq=False)
class Owed:
    """A message as the model knows it. seen: how often it stands in its channel.

    overtaken: its fate was unknown for so long that others went ahead. by_hand: sent again by a
    person, who may repeat it. first_try: the first attempt that may have arrived. look:
    whoever looks for it now.
    """

    key: str
    room: Channel
    state: str = Q
    claim: Claim | None = None
    seen: int = 0
    held_until: datetime | None = None
    overtaken: bool = False
    by_hand: bool = False
    attempts: int = 0
    crashes: int = 0
    first_try: datetime | None = None
    look: Delivery | None = None

    def claimed(self, delivery: Delivery, room: "Room", now: datetime, until: datetime) -> None:
        """A worker has it: everything it was told has to be true."""
        self.state, self.attempts = SENDING, self.attempts + 1
        self.first_try = self.first_try or now
        assert delivery.attempt == self.attempts
        assert delivery.first_try_at == self.first_try
        assert delivery.crashes == self.crashes
        assert delivery.failures == room.failures
        assert delivery.lease_until == until
        assert delivery.generation > room.generation, "no two claims are the same"
        room.generation = delivery.generation

    def settled(self, settled: Settlement, room: "Room") -> None:
        """Somebody looked, and this is what became of it."""
        self.state = settled.state.value
        if self.state == UNKNOWN:
            return
        if self.state == Q:
            self.first_try = None
        if self.held_until is not None:
            room.next_at, self.held_until = settled.next_at, None
            room.failures = 0 if self.state == SENT else room.failures


@dataclass
class Room:
    """A channel, and its messages in the order they are owed. failures: in a row, of those that pass."""

    owed: list[Owed] = field(default_factory=list)
    paused: str = ""
    next_at: datetime | None = None
    failures: int = 0
    generation: int = 0

    @property
    def first(self) -> Owed:
        """The message whose turn it is."""
        return next(one for one in self.owed if one.state == Q)

    def is_ready(self, now: datetime) -> bool:
        """Whether a message may be claimed here."""
        busy = any(
            one.state == SENDING or (one.state == UNKNOWN and one.held_until is not None)
            for one in self.owed
        )
        waits = any(one.state == Q for one in self.owed)
        rests = self.next_at is not None and self.next_at > now
        return waits and not (self.paused or busy or rests)

    def steered(self, paused: str) -> None:
        """A person pauses it, or lets it go on at once."""
        self.paused = paused
        if not paused:
            self.next_at, self.failures = None, 0

    def told(self) -> tuple[str, int, int]:
        """How it shows to people: its state, what waits, what is unclear."""
        state = "paused" if self.paused else "failing" if self.failures else "running"
        waiting, unknown = (sum(one.state == what for one in self.owed) for what in (Q, UNKNOWN))
        return state, waiting, unknown
