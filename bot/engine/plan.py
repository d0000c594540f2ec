"""Stage 2: stored sightings × distinct filters → hits.

A hit is stored once per paper and filter, however many channels listen with that filter; what a
channel gets is worked out when its digest is due.
"""

import asyncio
import gc
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.model.errors import Conflict
from bot.model.paper import Paper
from bot.model.record import IMPORT, Filters, Hits, SearchRequest, Unplanned
from bot.model.steps import Step, passing
from bot.ports import Clock, Store
from bot.rules.alerts import AlertIndex
from bot.rules.document import folded
from bot.rules.index import BULK_FROM
from bot.rules.rarity import SAMPLE, shares

log = logging.getLogger(__name__)

BATCH = 250
"""Sightings matched and stored in one transaction."""
AT_A_TIME = 1_000
"""Sightings after which digests get their turn: more than a source says in a day, so that only an
import, or a long absence, is taken in several times."""
FROZEN_FROM = 10_000
"""Filters whose index is kept from the garbage collector: it stays, and looking through it stops
the program for a quarter of a second at 250,000."""
TURN = 100
"""Changed filters taken in before other tasks get a turn: a few milliseconds."""


@dataclass(slots=True)
class Planner:
    """Matches new sightings; keeps an index of the filters as it saw them last.

    What takes long, building the index and matching, runs in a thread beside the event loop.
    behind: whether `plan` stopped before it had matched everything.
    """

    store: Store
    clock: Clock
    _revision: int | None = None
    _index: AlertIndex = field(default_factory=AlertIndex)
    behind: bool = False
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def plan(self, most: int | None = None) -> int:
        """Match everything not yet matched, imported papers last; returns the number of new hits.

        most: stop after about so many sightings, and when only imported papers are left of what
        sources announced as well. What was matched is stored in any case.
        """
        found = asked = 0
        announced = False
        async with self._one_at_a_time:
            self.behind = False
            while waiting := await self.store.papers.unplanned(BATCH):
                only_imported = all(one.source == IMPORT for one in waiting)
                if most is not None and (asked >= most or (announced and only_imported)):
                    self.behind = True
                    break
                announced = not only_imported
                asked += len(waiting)
                found += await self._plan(waiting)
            if self._index.worn:
                await self._build(await self.store.subscriptions.filters())
        return found

    async def _plan(self, waiting: list[Unplanned]) -> int:
        # Filters are read after the sightings: a subscription that was there before a paper
        # arrived is never overlooked.
        filters = await self.store.subscriptions.filters(since=self._revision)
        await self._refresh(filters)
        revision = filters.revision
        del filters  # all of them at the first time, which is much to keep while hits are stored
        alerting = [one for one in waiting if not one.late]
        today = self.clock.now().date()
        hits = await asyncio.to_thread(_hits, self._index, alerting, today)
        passing(Step.MATCHED)
        try:
            planned = await self.store.ledger.plan(
                [one.id for one in waiting],
                hits,
                revision=revision,
                now=self.clock.now(),
            )
        except Conflict:
            log.info("filters changed while matching; matching again")
            return 0
        passing(Step.PLANNED)
        return planned

    async def _refresh(self, filters: Filters) -> None:
        """Bring the index up to this revision by adding and removing what has changed."""
        if filters.since is None:
            await self._build(filters)
            return
        for filter_id in filters.gone:
            self._index.remove(filter_id)
        for number, one in enumerate(filters.filters, 1):
            self._index.add(one)
            if not number % TURN:
                await asyncio.sleep(0)
        self._revision = filters.revision

    async def _build(self, filters: Filters) -> None:
        """Build an index of all filters aside, then take it in place of the old one."""
        sample = await self._sample() if len(filters.filters) >= BULK_FROM else []
        self._index = await asyncio.to_thread(_built, filters, sample)
        self._revision = filters.revision

    async def _sample(self) -> list[Paper]:
        """Papers like those that come, to see which words are rare."""
        newest = SearchRequest(root=None, today=self.clock.now().date(), limit=SAMPLE, newest=True)
        return [one.paper for one in (await self.store.papers.search(newest)).found]


def _built(filters: Filters, sample: Sequence[Paper]) -> AlertIndex:
    index = AlertIndex(filters.filters, shares(sample) if sample else None)
    if len(index) >= FROZEN_FROM:
        gc.freeze()
    return index


def _hits(index: AlertIndex, waiting: Sequence[Unplanned], today: date) -> list[Hits]:
    happened = [(folded(one.paper), one.event) for one in waiting]
    found = index.match_all(happened, today=today)
    return [
        Hits(paper_id=one.paper_id, sighting_id=one.id, event=one.event, filter_ids=filter_ids)
        for one, filter_ids in zip(waiting, found, strict=True)
        if filter_ids
    ]
