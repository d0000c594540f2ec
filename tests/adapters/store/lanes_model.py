"""Lanes and deliveries as they should behave, beside the real store: a machine of Hypothesis.

Two workers claim, send, write receipts late, die and reconcile; people pause, resume and redeliver;
time goes by. The model is a few lists in memory, and after each step the store has to agree with it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
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
from bot.rules.settling import SUSPECT, Ambiguous, given_up, settlement
from tests.adapters.store.given import EVERYWHERE, NOON, a_message
from tests.adapters.store.lanes_facts import DEAD, SENDING, SENT, UNKNOWN, Claim, Owed, Q, Room

ROOMS = (
    Channel(Platform.TERMINAL, "", "lab"),
    Channel(Platform.SLACK, "T1", "C1"),
    Channel(Platform.SLACK, "T1", "C2"),
)
WORKERS = ("w1", "w2")
FATES = ("ok", "ok", "ok", "lost", "lost", "unclear", "unclear", "no", "slow", "bad", "gone")
LOOKS = ("looks", "looks", "settles", "settles", "cannot look", "dies", "dies", "slow", "slow")
HELD, REST = timedelta(minutes=10), timedelta(seconds=5)
MOST_POSTS, MOST_FAILURES = 50, 10
"""Below both, neither the limit of the workspace nor its breaker holds anything back."""


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
        self.looking: list[Delivery] = []
        self.posts = self.failing = 0

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
        meanwhile=st.sampled_from(["writes", "writes", "sleeps", "a pause", "another"]),
    )
    def work(self, worker, fates, meanwhile):
        """Claim, send, and write the receipts: at once, never, or after something else."""
        claims = self._claim(worker, 3)
        for claim, fate in zip(claims, fates, strict=False):
            claim.outcome = self._sent(claim, fate)
        if meanwhile == "a pause":
            for claim in claims:
                self.steer(self.owed[claim.delivery.dedupe_key].room, "a person")
        elif meanwhile == "another":
            self._another_takes_over()
        for claim in claims if meanwhile != "sleeps" else ():
            self._record(claim)

    def _another_takes_over(self) -> None:
        """The lease runs out, somebody looks, and claims what is not there."""
        self.now += timedelta(seconds=61)
        self.reconcile("settles")
        self.now += REST
        self._claim("w2", 3)

    @rule(worker=st.sampled_from(WORKERS), limit=st.integers(1, 3))
    def fall_asleep(self, worker, limit):
        """Claim, and do not come to send."""
        self._claim(worker, limit)

    def _claim(self, worker: str, limit: int) -> list[Claim]:
        ready = [room for room in self.rooms.values() if room.is_ready(self.now)]
        suspects = any(room.first.crashes >= SUSPECT for room in ready)
        claimed = self.run(
            self.store.outbox.claim(worker, EVERYWHERE, now=self.now, lease=LEASE, limit=limit)
        )
        assert len(claimed) <= limit
        alone = any(one.crashes >= SUSPECT for one in claimed)
        assert not alone or len(claimed) == 1, "what may kill its worker goes alone"
        if not (suspects or self.posts >= MOST_POSTS or self.failing >= MOST_FAILURES):
            assert len(claimed) == min(limit, len(ready)), "whoever may go is let go"
        for delivery in claimed:
            one = self.owed[delivery.dedupe_key]
            room = self.rooms[one.room]
            assert one is room.first, "a channel keeps its order"
            assert not room.paused, "a paused channel is left alone"
            assert not any(self._holds(each) for each in room.owed), "one at a time in a channel"
            assert room.next_at is None or room.next_at <= self.now, "a channel keeps its pace"
            for earlier in room.owed[: room.owed.index(one)]:
                earlier.overtaken = earlier.overtaken or earlier.state == UNKNOWN
            one.claimed(delivery, room, self.now, self.now + LEASE)
            one.claim = Claim(delivery, worker)
            self.claims.append(one.claim)
            self.posts += one.room.platform is Platform.SLACK
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
        retry = retry_at(claim.delivery, outcome, self.now, 0.5)
        receipt = Receipt(claim.delivery, outcome, retry)
        (counted,) = self.run(self.store.outbox.record([receipt], now=self.now))
        assert counted == (one.claim is claim), "a receipt counts for its own claim alone"
        if counted:
            self._became(one, outcome, retry)

    def _became(self, one: Owed, outcome: Outcome, retry: datetime | None) -> None:
        one.claim, room = None, self.rooms[one.room]
        on_slack = one.room.platform is Platform.SLACK
        room.next_at = retry
        match outcome:
            case Posted():
                one.state, room.failures = SENT, 0
                room.paused = room.paused if room.paused == "person" else ""
                self.failing = 0 if on_slack else self.failing
            case Refused():
                one.state = DEAD
            case Unclear():
                one.state, one.held_until, room.next_at = UNKNOWN, self.now + HELD, None
            case ChannelGone():
                one.state, room.paused = Q, room.paused or "channel"
            case _:
                one.state = Q
        if isinstance(outcome, Unclear) or (isinstance(outcome, NotSent) and not outcome.limited):
            room.failures += 1
            self.failing += on_slack
        if one.state == Q:
            one.first_try = None

    @rule(worker=st.sampled_from(WORKERS))
    def die(self, worker):
        """`kill -9`: what it had in hand is only in the database now."""
        self.claims = [one for one in self.claims if one.worker != worker]

    @rule(seconds=st.sampled_from([1, 31, 61, 61, 700]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(what=st.sampled_from(LOOKS))
    def reconcile(self, what):
        """Look once, or as often as it takes."""
        looks = {"settles": [what] * 4, "dies": [what, "looks"], "slow": [what, "looks"]}
        late, self.looking = self.looking, []
        for delivery in late:
            self._settle(delivery)
        for each in looks.get(what, [what]):
            self._reconcile(each, alone=False)
            self._reconcile(each, alone=True)
            if what != each or what == "settles":
                self.now += timedelta(seconds=31)
            elif what in looks:
                self.now += timedelta(seconds=61)

    def _reconcile(self, what: str, *, alone: bool) -> None:
        for one in self.owed.values():
            if one.state == SENDING and one.claim.ends <= self.now:
                one.state, one.claim, one.held_until = UNKNOWN, None, self.now + HELD
                one.crashes += 1
            elif one.state == UNKNOWN and one.held_until and one.held_until <= self.now:
                one.held_until = None
        adopted = self.run(
            self.store.outbox.adopt_unclear(EVERYWHERE, now=self.now, lease=LEASE, alone=alone)
        )
        assert not alone or len(adopted) <= 1
        for delivery in adopted:
            one = self.owed[delivery.dedupe_key]
            assert one.state == UNKNOWN, "only what is unclear is looked for"
            assert (one.crashes >= SUSPECT) == alone, "what may kill its worker is looked for alone"
            assert delivery.crashes == one.crashes
            assert delivery.first_try_at == one.first_try, "from when on to look"
            one.crashes, one.look = one.crashes + 1, delivery
            if what == "slow":
                self.looking.append(delivery)
            elif what != "dies":
                self._settle(delivery, Unanswered("away") if what == "cannot look" else None)

    def _settle(self, delivery: Delivery, found: ReadBack | None = None) -> None:
        """Write what was seen; it counts for who looked last, and only while nobody has settled."""
        one = self.owed[delivery.dedupe_key]
        found = found or (Posted(one.key) if one.seen else Absent())
        settled = given_up(delivery) or settlement(
            delivery, found, policy=Ambiguous.RESEND_ONCE, now=self.now
        )
        settled = replace(settled, next_at=self.now + REST)
        counted = self.run(self.store.outbox.settle(delivery, settled, now=self.now))
        assert counted == (one.look is delivery), "what somebody saw counts once"
        if counted:
            one.settled(settled, self.rooms[one.room])
            one.crashes, one.look = delivery.crashes, None

    @rule(room=st.sampled_from(ROOMS), paused=st.sampled_from(["", "", "a person"]))
    def steer(self, room, paused):
        self.run(self.store.outbox.set_lane(room, paused=paused or None, now=self.now))
        self.rooms[room].steered(paused and "person")
        if not paused and room.platform is Platform.SLACK:
            self.failing = 0

    @precondition(lambda self: any(one.state == DEAD for one in self.owed.values()))
    @rule(data=st.data())
    def redeliver(self, data):
        dead = [one for one in self.owed.values() if one.state == DEAD]
        one = data.draw(st.sampled_from(dead))
        (row,) = [each for each in self._rows() if each.dedupe_key == one.key]
        self.run(self.store.outbox.redeliver(row.id, now=self.now, keep=timedelta(days=1)))
        one.state, one.by_hand = Q, True
        one.attempts, one.crashes, one.first_try, one.look = 0, 0, None, None
        room = self.rooms[one.room]
        room.owed.remove(one)
        room.owed.append(one)

    def _rows(self):
        return self.run(self.store.outbox.deliveries(limit=1000))

    @invariant()
    def the_store_agrees(self):
        """I1 and I8: every message is there, and shows as what it is; so does every channel."""
        rows = {row.dedupe_key: row for row in self._rows()}
        assert {key: (row.state.value, row.attempt) for key, row in rows.items()} == {
            one.key: (one.state, one.attempts) for one in self.owed.values()
        }
        sent = [one.key for one in self.owed.values() if one.state == SENT]
        assert [rows[key].message_id for key in sent] == sent
        lanes = self.run(self.store.outbox.lanes(now=self.now))
        assert {one.channel: (one.state, one.waiting, one.unknown) for one in lanes} == {
            channel: room.told() for channel, room in self.rooms.items()
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
            self.rooms[room].steered("")
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
