"""Which papers matched which filters, and which a channel was shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, case, select, text, update

from adapters.store import tables
from adapters.store.candidates import Candidates, chosen_by
from adapters.store.committing import commit
from adapters.store.database import Database
from adapters.store.history import shown_in
from adapters.store.hits import store_hits
from adapters.store.locks import Lock, take
from adapters.store.meta import filters_revision
from adapters.store.places import CHUNK, chunks, pairs
from adapters.store.subscriptions import is_running
from bot.model.errors import Conflict
from bot.model.record import Choice, Chosen, Decision, Hits, Shown
from bot.model.subscription import Channel, Every, Subscription


class Ledger:
    """See `bot.ports.MatchLedger`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._candidates = Candidates()

    async def plan(
        self, planned: list[int], hits: list[Hits], *, revision: int, now: datetime
    ) -> int:
        """Store hits, tick off sightings, wake `instant` subscriptions; see the port."""
        return await self._database.write(
            lambda connection: _plan(connection, planned, hits, revision=revision, now=now)
        )

    async def candidates(
        self, subscriptions: Sequence[Subscription], limit: int
    ) -> dict[int, Choice]:
        """For each subscription (by id) what it may be shown; see the port."""
        return await self._database.read(
            lambda connection: self._candidates.of(connection, subscriptions, limit)
        )

    async def compose(self, decisions: Sequence[Decision], *, now: datetime) -> list[bool]:
        """Commit occurrences in one transaction; see the port."""
        committed = await self._database.attempt(
            lambda connection: commit(connection, decisions, now=now)
        )
        return [False] * len(decisions) if committed is None else committed

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
    found = store_hits(connection, list(_standing_papers(connection, hits)))
    seen = tables.sightings
    for some in chunks(planned):
        connection.execute(
            update(seen)
            .where(seen.c.id.in_(some), seen.c.planned_at.is_(None))
            .values(planned_at=now)
        )
    _wake(connection, found, now)
    return sum(map(len, found))


def _standing_papers(connection: Connection, hits: list[Hits]) -> Iterator[tuple[int, Hits]]:
    """Hits by paper; one that was united with another since is replaced by that one."""
    papers, seen = tables.papers.c, tables.sightings.c
    there: set[int] = set()
    for some in chunks(list({hit.paper_id for hit in hits})):
        there.update(connection.scalars(select(papers.id).where(papers.id.in_(some))))
    lost = [hit.sighting_id for hit in hits if hit.paper_id not in there]
    moved: dict[int, int] = {}
    for some in chunks(lost):
        moved |= pairs(connection, select(seen.id, seen.paper_id).where(seen.id.in_(some)))
    for hit in hits:
        paper_id = hit.paper_id if hit.paper_id in there else moved.get(hit.sighting_id)
        if paper_id is not None:
            yield paper_id, hit


def _wake(connection: Connection, found: Sequence[Sequence[int]], now: datetime) -> None:
    """Make the `instant` subscriptions of filters with new hits due.

    Rows that are due already are written too: a composer that has not seen the new hits yet must
    notice, or they would wait for the next ones.
    """
    subscriptions = tables.subscriptions
    new = set[int]().union(*found)
    if len(new) > CHUNK:  # most of very many filters have no such subscription
        instant = select(subscriptions.c.filter_id).where(_IS_INSTANT).distinct()
        new.intersection_update(connection.scalars(instant))
    due = subscriptions.c.next_due_at
    for some in chunks(sorted(new)):
        connection.execute(
            update(subscriptions)
            .where(subscriptions.c.filter_id.in_(some), _IS_INSTANT, is_running(now))
            .values(next_due_at=case((due <= now, due), else_=now))
        )


# Spelt out as in the partial index, which is not used otherwise.
_IS_INSTANT = text(f"every = '{Every.INSTANT.value}'")
