"""Lanes and deliveries as they should behave, beside the real store: a machine of Hypothesis.

Two workers claim, send, write receipts late, die and reconcile; people pause, resume and redeliver;
time goes by. The model is a few lists in memory, and after each step the store has to agree with it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from adapters.store import open_store
from bot.engine.deliver import LEASE, POST_SHARE
from bot.model.delivery import (
    Absent,
    ChannelGone,
    Delivery,
    NotSent,
    Outcome,
    Posted,
    ReadBack,
    Receipt,
    Refused,
    Unanswered,
    Unclear,
)
from bot.model.subscription import Channel, Platform
from bot.rules.patience import retry_at
from bot.rules.settling import Ambiguous, given_up, settlement
from tests.adapters.store.given import EVERYWHERE, NOON, a_message

ROOMS = (
    Channel(Platform.TERMINAL, "", "lab"),
    Channel(Platform.SLACK, "T1", "C1"),
    Channel(Platform.SLACK, "T1", "C2"),
)
WORKERS = ("w1", "w2")
FATES = ("ok", "ok", "ok", "lost", "lost", "unclear", "unclear", "no", "slow", "bad", "gone")
HELD = timedelta(minutes=10)
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
    person, who may repeat it.
    """

    key: str
    room: Channel
    state: str = Q
    claim: Claim | None = None
    seen: int = 0
    held_until: datetime | None = None
    overtaken: bool = False
    by_hand: bool = False


@dataclass
class Room:
    """A channel, and its messages in the order they are owed."""

    owed: list[Owed] = field(default_factory=list)
    paused: str = ""


class Lanes(RuleBasedStateMachine):
    """fresh: the address of an empty database."""

    def __init__(self, fresh: Callable[[], str]) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.opening = open_store(fresh())
        self.store = self.run(self.opening.__aenter__())
        self.now = NOON
        self.owed: dict[str, Owed] = {}
        self.rooms = {room: Room() for room in ROOMS}
        self.claims: list[Claim] = []

    def run(self, work):
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self):
        for room in ROOMS * 2:
            self._owe(room)

    @rule(room=st.sampled_from(ROOMS))
    def owe(self, room):
        self._owe(room)

    def _owe(self, room: Channel) -> None:
        key = f"m{len(self.owed)}"
        message = a_message(key, channel=room, expires_at=NOON + timedelta(days=3))
        assert self.run(self.store.outbox.enqueue(message, now=self.now))
        assert not self.run(self.store.outbox.enqueue(message, now=self.now)), "owed once"
        one = self.owed[key] = Owed(key, room)
        self.rooms[room].owed.append(one)

    @rule(
        worker=st.sampled_from(WORKERS),
        fates=st.lists(st.sampled_from(FATES), min_size=3, max_size=3),
        writes=st.booleans(),
    )
    def work(self, worker, fates, writes):
        """Claim, send, and perhaps fall asleep before the receipts are written."""
        for claim, fate in zip(self._claim(worker, 3), fates, strict=False):
            claim.outcome = self._sent(claim, fate)
            if writes:
                self._record(claim)

    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 3))
    def fall_asleep(self, worker, limit):
        """Claim, and do not come to send."""
        self._claim(worker, limit)

    def _claim(self, worker: str, limit: int) -> list[Claim]:
        claimed = self.run(
            self.store.outbox.claim(worker, EVERYWHERE, now=self.now, lease=LEASE, limit=limit)
        )
        assert len(claimed) <= limit
        for delivery in claimed:
            one = self.owed[delivery.dedupe_key]
            room = self.rooms[one.room]
            first = next(each for each in room.owed if each.state == Q)
            assert one is first, "a channel keeps its order"
            assert not room.paused, "a paused channel is left alone"
            assert not any(self._holds(each) for each in room.owed), "one at a time in a channel"
            for earlier in room.owed[: room.owed.index(one)]:
                earlier.overtaken = earlier.overtaken or earlier.state == UNKNOWN
            one.state, one.claim = SENDING, Claim(delivery, worker)
            self.claims.append(one.claim)
        return self.claims[len(self.claims) - len(claimed) :]

    def _holds(self, one: Owed) -> bool:
        held = one.held_until is not None and self.now < one.held_until
        return one.state == SENDING or (one.state == UNKNOWN and held)

    @precondition(lambda self: self.claims)
    @rule(data=st.data(), fate=st.sampled_from(FATES))
    def wake(self, data, fate):
        """Go on where it was: send if nothing was sent yet, and write the receipt."""
        claim = data.draw(st.sampled_from(self.claims))
        claim.outcome = claim.outcome or self._sent(claim, fate)
        self._record(claim)

    def _sent(self, claim: Claim, fate: str) -> Outcome:
        if self.now + LEASE * POST_SHARE > claim.ends:
            return NotSent("the lease is nearly over", wait=timedelta(0), limited=True)
        one = self.owed[claim.delivery.dedupe_key]
        assert one.claim is claim, "nobody else has it while its lease lasts"
        if fate in ("ok", "lost"):
            self._show(one)
        outcomes: dict[str, Outcome] = {
            "ok": Posted(one.key),
            "lost": Unclear("the answer was lost"),
            "unclear": Unclear("no answer, and it never arrived"),
            "no": NotSent("not reached"),
            "slow": NotSent("ratelimited", wait=timedelta(seconds=3), limited=True),
            "bad": Refused("invalid_blocks"),
            "gone": ChannelGone("is_archived"),
        }
        return outcomes[fate]

    def _show(self, one: Owed) -> None:
        one.seen += 1
        assert one.by_hand or one.seen == 1, "nothing is repeated"
        owed = self.rooms[one.room].owed
        for earlier in owed[: owed.index(one)]:
            assert earlier.state in (SENT, DEAD) or earlier.overtaken, "nothing is overtaken"

    def _record(self, claim: Claim) -> None:
        self.claims.remove(claim)
        one, outcome = self.owed[claim.delivery.dedupe_key], claim.outcome
        assert outcome is not None
        receipt = Receipt(claim.delivery, outcome, retry_at(claim.delivery, outcome, self.now, 0.5))
        (counted,) = self.run(self.store.outbox.record([receipt], now=self.now))
        assert counted == (one.claim is claim), "a receipt counts for its own claim alone"
        if counted:
            self._became(one, outcome)

    def _became(self, one: Owed, outcome: Outcome) -> None:
        one.claim, room = None, self.rooms[one.room]
        match outcome:
            case Posted():
                one.state = SENT
                room.paused = room.paused if room.paused == "person" else ""
            case Refused():
                one.state = DEAD
            case Unclear():
                one.state, one.held_until = UNKNOWN, self.now + HELD
            case ChannelGone():
                one.state, room.paused = Q, room.paused or "channel"
            case _:
                one.state = Q

    @rule(worker=st.sampled_from(WORKERS))
    def die(self, worker):
        """`kill -9`: what it had in hand is only in the database now."""
        self.claims = [one for one in self.claims if one.worker != worker]

    @rule(seconds=st.sampled_from([1, 31, 61, 61, 700]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(what=st.sampled_from(["looks", "looks", "settles", "settles", "cannot look", "dies"]))
    def reconcile(self, what):
        """Look once, or as often as it takes."""
        for _ in range(4 if what == "settles" else 1):
            self._reconcile(what, alone=False)
            self._reconcile(what, alone=True)
            if what == "settles":
                self.now += timedelta(seconds=31)

    def _reconcile(self, what: str, *, alone: bool) -> None:
        for one in self.owed.values():
            if one.state == SENDING and one.claim.ends <= self.now:
                one.state, one.claim, one.held_until = UNKNOWN, None, self.now + HELD
            elif one.state == UNKNOWN and one.held_until and one.held_until <= self.now:
                one.held_until = None
        adopted = self.run(
            self.store.outbox.adopt_unclear(EVERYWHERE, now=self.now, lease=LEASE, alone=alone)
        )
        assert not alone or len(adopted) <= 1
        for delivery in adopted:
            one = self.owed[delivery.dedupe_key]
            assert one.state == UNKNOWN, "only what is unclear is looked for"
            if what == "dies":
                continue
            found: ReadBack = Posted(one.key) if one.seen else Absent()
            if what == "cannot look":
                found = Unanswered("away")
            settled = given_up(delivery) or settlement(
                delivery, found, policy=Ambiguous.RESEND_ONCE, now=self.now
            )
            assert self.run(self.store.outbox.settle(delivery, settled, now=self.now))
            one.state = settled.state.value

    @rule(room=st.sampled_from(ROOMS), paused=st.sampled_from(["", "", "a person"]))
    def steer(self, room, paused):
        self.run(self.store.outbox.set_lane(room, paused=paused or None, now=self.now))
        self.rooms[room].paused = paused and "person"

    @precondition(lambda self: any(one.state == DEAD for one in self.owed.values()))
    @rule(data=st.data())
    def redeliver(self, data):
        dead = [one for one in self.owed.values() if one.state == DEAD]
        one = data.draw(st.sampled_from(dead))
        (row,) = [each for each in self._rows() if each.dedupe_key == one.key]
        self.run(self.store.outbox.redeliver(row.id, now=self.now, keep=timedelta(days=1)))
        one.state, one.by_hand = Q, True
        room = self.rooms[one.room]
        room.owed.remove(one)
        room.owed.append(one)

    def _rows(self):
        return self.run(self.store.outbox.deliveries(limit=1000))

    @invariant()
    def the_store_agrees(self):
        """I1 and I8: every message is there, and shows as what it is; so does every pause."""
        assert {row.dedupe_key: row.state.value for row in self._rows()} == {
            one.key: one.state for one in self.owed.values()
        }
        lanes = self.run(self.store.outbox.lanes(now=self.now))
        assert {one.channel for one in lanes if one.state == "paused"} == {
            channel for channel, room in self.rooms.items() if room.paused
        }

    def teardown(self):
        """I6: with everything mended all comes to an end, and what was sent is visible."""
        try:
            self._mend()
        finally:
            self.run(self.opening.__aexit__(None, None, None))
            self.loop.close()

    def _mend(self) -> None:
        for room in ROOMS:
            self.run(self.store.outbox.set_lane(room, paused=None, now=self.now))
            self.rooms[room].paused = ""
        for _ in range(100):
            if all(one.state in (SENT, DEAD) for one in self.owed.values()):
                break
            self.now += timedelta(seconds=61)
            for alone in (False, True, True, True):
                self._reconcile("looks", alone=alone)
            self._claim("w1", 4)
            for claim in list(self.claims):
                claim.outcome = claim.outcome or self._sent(claim, "ok")
                self._record(claim)
        assert all(one.state in (SENT, DEAD) for one in self.owed.values()), "all comes to an end"
        assert all(one.seen for one in self.owed.values() if one.state == SENT), "nothing is lost"
