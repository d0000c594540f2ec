"""Which papers matched which filters, and which a channel was shown."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select, update

from adapters.store import standing, tables
from adapters.store.bulk import insert_many
from adapters.store.candidates import candidates_for, chosen_by, not_promised, since
from adapters.store.database import Database, Undo
from adapters.store.history import shown_in
from adapters.store.locks import Lock, take
from adapters.store.meta import filters_revision
from adapters.store.owing import owe
from adapters.store.places import chunks, insert_once, pairs
from adapters.store.subscriptions import is_running
from bot.model.delivery import NewDelivery
from bot.model.errors import Conflict
from bot.model.record import Candidate, Chosen, Hits, Shown
from bot.model.subscription import Channel, Every, Subscription


class Ledger:
    """See `bot.ports.MatchLedger`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(
        self, planned: list[int], hits: list[Hits], *, revision: int, now: datetime
    ) -> int:
        """Store hits, tick off sightings, wake `instant` subscriptions; see the port."""
        return await self._database.write(
            lambda connection: _plan(connection, planned, hits, revision=revision, now=now)
        )

    async def candidates(self, subscription: Subscription, limit: int) -> list[Candidate]:
        """Hits after its `hit_cursor` whose paper the channel was not promised, oldest first."""
        return await self._database.read(
            lambda connection: candidates_for(connection, subscription, limit)
        )

    async def compose(
        self,
        subscription: Subscription,
        *,
        period: str,
        next_due_at: datetime | None,
        hit_cursor: int,
        deliveries: list[NewDelivery],
        now: datetime,
    ) -> bool:
        """Commit one occurrence, all or nothing; see the port."""
        occurrence = _Occurrence(subscription, period, next_due_at, hit_cursor, deliveries, now)
        return await self._database.attempt(occurrence.compose) is True

    async def chosen(self, subscription: Subscription, period: str | None) -> Chosen | None:
        """What a digest of it showed and left out; see the port."""
        return await self._database.read(
            lambda connection: chosen_by(connection, subscription, period)
        )

    async def shown(self, channel: Channel, limit: int) -> list[Shown]:
        """What the channel was promised or shown last, newest first."""
        return await self._database.read(
            lambda connection: shown_in(connection, channel, limit=limit)
        )


def ask_again(connection: Connection, since: datetime) -> None:
    """Have the filters asked again about all sightings first seen since then."""
    seen = tables.sightings
    planned = (seen.c.first_seen_at >= since) & seen.c.planned_at.is_not(None)
    connection.execute(update(seen).where(planned).values(planned_at=None))


def _plan(
    connection: Connection, planned: list[int], hits: list[Hits], *, revision: int, now: datetime
) -> int:
    take(connection, Lock.PAPERS)
    if filters_revision(connection, hold=True) != revision:
        msg = "The filters in use have changed since they were read; match again."
        raise Conflict(msg)
    rows = _hit_rows(connection, hits)
    before = _highest_hit(connection)
    insert_many(connection, tables.hits, rows, once=True)
    seen = tables.sightings
    for some in chunks(planned):
        connection.execute(
            update(seen)
            .where(seen.c.id.in_(some), seen.c.planned_at.is_(None))
            .values(planned_at=now)
        )
    return _wake(connection, before, now)


def _hit_rows(connection: Connection, hits: list[Hits]) -> list[dict[str, Any]]:
    """Rows for the hits; a paper that was united with another since is replaced by that one."""
    papers, seen = tables.papers.c, tables.sightings.c
    there: set[int] = set()
    for some in chunks(list({hit.paper_id for hit in hits})):
        there.update(connection.scalars(select(papers.id).where(papers.id.in_(some))))
    lost = [hit.sighting_id for hit in hits if hit.paper_id not in there]
    moved: dict[int, int] = {}
    for some in chunks(lost):
        found = connection.execute(select(seen.id, seen.paper_id).where(seen.id.in_(some)))
        moved.update((sighting, paper) for sighting, paper in found)
    return [
        {
            "paper_id": paper_id,
            "filter_id": filter_id,
            "sighting_id": hit.sighting_id,
            "event": hit.event.value,
        }
        for hit in hits
        if (paper_id := hit.paper_id if hit.paper_id in there else moved.get(hit.sighting_id))
        is not None
        for filter_id in hit.filter_ids
    ]


def _highest_hit(connection: Connection) -> int:
    hit_id = tables.hits.c.id
    return connection.scalar(select(hit_id).order_by(hit_id.desc()).limit(1)) or 0


def _wake(connection: Connection, before: int, now: datetime) -> int:
    """Make the `instant` subscriptions of new hits due; how many hits are new.

    Rows that are due already are written too: a composer that has not seen the new hits yet must
    notice, or they would wait for the next ones.
    """
    hits, subscriptions = tables.hits.c, tables.subscriptions
    counted = select(hits.filter_id, func.count()).where(hits.id > before)
    new = pairs(connection, counted.group_by(hits.filter_id))
    due = subscriptions.c.next_due_at
    for some in chunks(sorted(new)):
        connection.execute(
            update(subscriptions)
            .where(
                subscriptions.c.filter_id.in_(some),
                subscriptions.c.every == Every.INSTANT.value,
                is_running(now),
            )
            .values(next_due_at=case((due <= now, due), else_=now))
        )
    return sum(new.values())


@dataclass(frozen=True, slots=True)
class _Occurrence:
    """One period of a subscription, about to be committed."""

    subscription: Subscription
    period: str
    next_due_at: datetime | None
    hit_cursor: int
    deliveries: list[NewDelivery]
    now: datetime

    def compose(self, connection: Connection) -> bool:
        """Write it, or raise Undo when it is somebody else's by now."""
        stored = self._unchanged(connection)
        occurrence = {
            "subscription_id": self.subscription.id,
            "period": self.period,
            "composed_at": self.now,
            "filter_id": stored["filter_id"],
            "hit_after": self.subscription.hit_cursor,
            "hit_upto": self.hit_cursor,
        }
        if not insert_once(connection, tables.occurrences, occurrence):
            self._move_on(connection)  # or it would be due for ever
            return False
        for delivery in self.deliveries:
            if not owe(connection, delivery, now=self.now, subscription=self.subscription.name):
                raise Undo
        subscriptions = tables.subscriptions
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == self.subscription.id)
            .values(hit_cursor=self.hit_cursor, next_due_at=self._next_due(connection, stored))
        )
        return True

    def _move_on(self, connection: Connection) -> None:
        """This period was dealt with before, say at an earlier hour: wait for the next one."""
        subscriptions = tables.subscriptions
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.id == self.subscription.id)
            .values(next_due_at=self.next_due_at)
        )

    def _unchanged(self, connection: Connection) -> Any:
        """The subscription's row, locked, if it still is what the decision was based on."""
        subscriptions = tables.subscriptions
        query = standing.selected().where(subscriptions.c.id == self.subscription.id)
        row = connection.execute(query.with_for_update(of=subscriptions)).mappings().first()
        if row is None:
            raise Undo
        stored, known = standing.subscription_of(row), self.subscription
        if stored.filter.key != known.filter.key or replace(stored, filter=known.filter) != known:
            raise Undo
        return row

    def _next_due(self, connection: Connection, stored: Any) -> datetime | None:
        """`next_due_at`; for an `instant` one at once if more has matched since it was read."""
        if self.next_due_at is not None or stored["every"] != Every.INSTANT.value:
            return self.next_due_at
        hits = tables.hits
        more = select(hits.c.id).where(
            hits.c.filter_id == stored["filter_id"],
            hits.c.id > self.hit_cursor,
            since(self.subscription.created_at),
            not_promised(self.subscription.channel),
        )
        return self.now if connection.scalar(more.limit(1)) is not None else None
