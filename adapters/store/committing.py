"""Decisions about due subscriptions, committed: many in one transaction, each as a whole or not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from adapters.store import standing, tables
from adapters.store.bulk import insert_many, update_many
from adapters.store.candidates import Pair, Standing, listens_from, promises, unpromised
from adapters.store.database import Undo
from adapters.store.kept import Kept, state_of
from adapters.store.owing import Owed, delivery_ids, owe_all, paper_ids
from adapters.store.places import chunks
from bot.model.record import Decision
from bot.model.subscription import Every, Subscription


def commit(connection: Connection, decisions: Sequence[Decision], *, now: datetime) -> list[bool]:
    """Write what can be written; which of them, in order. Raises Undo when a race was lost."""
    return _Commit(connection, decisions, now).commit()


class _Commit:
    """One transaction's worth of decisions."""

    def __init__(
        self, connection: Connection, decisions: Sequence[Decision], now: datetime
    ) -> None:
        self._connection = connection
        self._decisions = decisions
        self._now = now
        self._stored = _locked(connection, [one.subscription.id for one in decisions])
        self._papers = paper_ids(connection, [owed for one in decisions for owed in one.deliveries])

    def commit(self) -> list[bool]:
        """Write all that stand."""
        stands = self._standing()
        kept = [one for one, good in zip(self._decisions, stands, strict=True) if good]
        insert_many(self._connection, tables.occurrences, [self._occurrence(one) for one in kept])
        owed = [
            Owed(delivery, self._channel_of(one), one.subscription.name)
            for one in kept
            for delivery in one.deliveries
        ]
        if not owe_all(self._connection, owed, self._papers, now=self._now):
            raise Undo
        due = self._due(kept)
        update_many(
            self._connection,
            tables.subscriptions,
            [
                {
                    "id": one.subscription.id,
                    "hit_cursor": one.hit_cursor,
                    "next_due_at": due.get(one.subscription.id, one.next_due_at),
                }
                for one in kept
            ],
        )
        return stands

    def _channel_of(self, one: Decision) -> int:
        return int(self._stored[one.subscription.id]["channel_id"])

    def _occurrence(self, one: Decision) -> dict[str, Any]:
        return {
            "subscription_id": one.subscription.id,
            "period": one.period,
            "composed_at": self._now,
            "filter_id": self._stored[one.subscription.id]["filter_id"],
            "hit_after": one.subscription.hit_cursor,
            "hit_upto": one.hit_cursor,
        }

    def _standing(self) -> list[bool]:
        """Which decisions still stand; those about a period dealt with before are moved on."""
        done = _composed(self._connection, self._decisions)
        owed = set(
            delivery_ids(
                self._connection,
                [message.dedupe_key for one in self._decisions for message in one.deliveries],
            )
        )
        unchanged = [self._unchanged(one) for one in self._decisions]
        promised = promises(
            self._connection,
            {
                pair
                for one, same in zip(self._decisions, unchanged, strict=True)
                if same
                for pair in self._pairs(one)
            },
        )
        stands, fallen, passed = [], set[int](), []
        for one, same in zip(self._decisions, unchanged, strict=True):
            known = (one.subscription.id, one.period) in done
            if same and known:
                passed.append(one)
            good = same and not known and self._channel_of(one) not in fallen
            keys = {message.dedupe_key for message in one.deliveries}
            shown = set(self._pairs(one)) if good else set()
            good = good and owed.isdisjoint(keys) and promised.isdisjoint(shown)
            if good:
                owed |= keys
                promised |= shown
                done.add((one.subscription.id, one.period))
            elif one.subscription.id in self._stored:
                fallen.add(self._channel_of(one))
            stands.append(good)
        self._move_on(passed)
        return stands

    def _pairs(self, one: Decision) -> Iterable[Pair]:
        channel_id = self._channel_of(one)
        for message in one.deliveries:
            for paper in message.papers:
                yield channel_id, self._papers[paper]

    def _move_on(self, passed: Iterable[Decision]) -> None:
        """Their periods were dealt with before, say at an earlier hour: wait for the next ones."""
        rows = [{"id": one.subscription.id, "next_due_at": one.next_due_at} for one in passed]
        update_many(self._connection, tables.subscriptions, rows)

    def _unchanged(self, one: Decision) -> bool:
        """Whether the subscription still is what the decision was based on."""
        row = self._stored.get(one.subscription.id)
        return row is not None and _is_same(standing.subscription_of(row), one.subscription)

    def _due(self, kept: Sequence[Decision]) -> dict[int, datetime]:
        """The `instant` ones that are due at once, since more has matched since they were read."""
        waiting = {}
        for one in kept:
            row = self._stored[one.subscription.id]
            if one.next_due_at is None and row["every"] == Every.INSTANT.value:
                waiting[one.subscription.id] = Standing(
                    row["filter_id"],
                    row["channel_id"],
                    one.subscription.created_at,
                    listens_from(one.subscription),
                    one.hit_cursor,
                )
        if not waiting:
            return {}
        more = unpromised(self._connection, waiting, Kept(state_of(self._connection)))
        return {number: self._now for number, hits in more.items() if hits}


def _is_same(stored: Subscription, known: Subscription) -> bool:
    if stored.filter is not known.filter:
        if stored.filter.key != known.filter.key:
            return False
        stored = replace(stored, filter=known.filter)
    return stored == known


def _locked(connection: Connection, ids: Iterable[int]) -> Mapping[int, RowMapping]:
    """The rows of subscriptions, which nobody changes until we are done."""
    subscriptions = tables.subscriptions
    found: dict[int, RowMapping] = {}
    for some in chunks(sorted(set(ids))):
        query = standing.selected().where(subscriptions.c.id.in_(some)).order_by(subscriptions.c.id)
        locked = query.with_for_update(of=subscriptions)
        found.update((row["id"], row) for row in connection.execute(locked).mappings())
    return found


def _composed(connection: Connection, decisions: Sequence[Decision]) -> set[tuple[int, str]]:
    """The periods of these subscriptions that were dealt with before."""
    done = tables.occurrences.c
    found: set[tuple[int, str]] = set()
    for some in chunks(sorted({one.subscription.id for one in decisions})):
        periods = {one.period for one in decisions}
        for part in chunks(sorted(periods)):
            query = select(done.subscription_id, done.period).where(
                done.subscription_id.in_(some), done.period.in_(part)
            )
            found.update((row[0], row[1]) for row in connection.execute(query))
    return found
