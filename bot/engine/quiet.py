"""What a digest without papers says: nothing, or a line."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.engine.laying_out import Occurrence, one_line
from bot.model.delivery import NewDelivery
from bot.model.record import SearchRequest, Source
from bot.model.subscription import EmptyDay, Every
from bot.ports import Renderer, Store
from bot.rules.quiet_days import days_covered, outage, quiet_day


@dataclass(slots=True)
class Quiet:
    """Asked for many subscriptions at one instant; the store is asked once."""

    store: Store
    now: datetime
    _sources: list[Source] | None = None
    _scanned: dict[tuple[date, int], int] = field(default_factory=dict)

    async def say(self, render: Renderer, occurrence: Occurrence) -> list[NewDelivery]:
        """The messages of one of them."""
        subscription = occurrence.subscription
        if subscription.cadence.every in {Every.INSTANT, Every.HOURLY}:
            return []
        if self._sources is None:
            self._sources = await self.store.sources.all()
        sources = self._sources
        if subscription.empty is EmptyDay.SILENT and not outage(sources):
            return []
        message = quiet_day(
            subscription,
            sources,
            occurrence.day,
            occurrence.now,
            scanned=await self._papers(occurrence),
        )
        if message is None:
            return []
        made = one_line(render, occurrence, message)
        if subscription.empty is EmptyDay.SILENT:
            key = f"{subscription.channel}/outage {outage(sources)}"
            if not await self.store.upkeep.first_time("outage", key, now=self.now):
                return []
        return made

    async def _papers(self, occurrence: Occurrence) -> int:
        """Papers announced on the days a digest covers."""
        back = days_covered(occurrence.subscription.cadence, occurrence.day)
        asked = (occurrence.day, back)
        if asked not in self._scanned:
            request = SearchRequest(
                root=None,
                today=occurrence.day,
                limit=0,
                since=occurrence.day - timedelta(days=back - 1),
                until=occurrence.day,
            )
            self._scanned[asked] = (await self.store.papers.search(request)).total
        return self._scanned[asked]
