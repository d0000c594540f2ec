"""Stage 2: stored sightings × distinct filters → hits.

A hit is stored once per paper and filter, however many channels listen with that filter; what a
channel gets is worked out when its digest is due.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from bot.model.errors import Conflict
from bot.model.paper import Event
from bot.model.record import Filters, Hit, Unplanned
from bot.model.steps import Step, passing
from bot.ports import Clock, Store
from bot.rules.document import document
from bot.rules.index import MatchIndex
from bot.rules.matching import has_threshold
from bot.rules.parse import parse_filter
from bot.rules.synonyms import expand

log = logging.getLogger(__name__)

BATCH = 500
CHUNK = 20
"""Papers matched before other tasks get a turn."""


@dataclass(slots=True)
class Planner:
    """Matches new sightings; keeps the match index of the filters it saw last."""

    store: Store
    clock: Clock
    _revision: int = -1
    _index: MatchIndex = field(default_factory=MatchIndex)
    _known: dict[int, str] = field(default_factory=dict)
    _thresholds: set[int] = field(default_factory=set)

    async def plan(self) -> int:
        """Match everything not yet matched; returns the number of new hits."""
        found = 0
        while waiting := await self.store.papers.unplanned(BATCH):
            found += await self._plan(waiting)
        return found

    async def _plan(self, waiting: list[Unplanned]) -> int:
        # Filters are read after the sightings: a subscription that was there before a paper
        # arrived is never overlooked.
        await self._refresh(await self.store.subscriptions.filters())
        hits = await self._match([one for one in waiting if not one.late])
        passing(Step.MATCHED)
        try:
            planned = await self.store.ledger.plan(
                [one.id for one in waiting], hits, revision=self._revision, now=self.clock.now()
            )
        except Conflict:
            log.info("filters changed while matching; matching again")
            return 0
        passing(Step.PLANNED)
        return planned

    async def _refresh(self, filters: Filters) -> None:
        """Bring the index up to this revision by adding and removing what changed."""
        if filters.revision == self._revision:
            return
        wanted = {one.id: one.canonical for one in filters.filters}
        for gone in self._known.keys() - wanted.keys():
            self._index.remove(gone)
            self._thresholds.discard(gone)
            del self._known[gone]
        for new in wanted.keys() - self._known.keys():
            root = parse_filter(wanted[new]).root
            self._index.add(new, expand(root))
            if has_threshold(root):
                self._thresholds.add(new)
            self._known[new] = wanted[new]
        self._revision = filters.revision

    async def _match(self, waiting: list[Unplanned]) -> list[Hit]:
        hits = []
        today = self.clock.now().date()
        for position, one in enumerate(waiting):
            if position % CHUNK == CHUNK - 1:
                await asyncio.sleep(0)
            matching = self._index.match(document(one.paper), event=one.event, today=today)
            if one.event is Event.HOT:
                # A risen counter is news to those only who set a threshold for it.
                matching = [found for found in matching if found in self._thresholds]
            hits += [
                Hit(
                    paper_id=one.paper_id,
                    filter_id=filter_id,
                    sighting_id=one.id,
                    event=one.event,
                )
                for filter_id in matching
            ]
        return hits
