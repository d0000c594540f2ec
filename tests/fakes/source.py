"""A source that announces what a test tells it to."""

from datetime import date, datetime, timedelta

from bot.model.errors import SourceDown
from bot.model.paper import Announcements, Event, Paper, Sighting


class FakeSource:
    """Announces what was handed to `announce`, once; `down` makes the next readings fail."""

    def __init__(self, name: str = "hf_daily") -> None:
        self.name = name
        self.down = False
        self._waiting: list[tuple[Paper, Event, date | None, datetime | None]] = []

    def announce(
        self,
        *papers: Paper,
        event: Event = Event.NEW,
        on: date | None = None,
        at: datetime | None = None,
    ) -> None:
        self._waiting += [(paper, event, on, at) for paper in papers]

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        if self.down:
            raise SourceDown(f"{self.name} does not answer")
        sightings = tuple(
            Sighting(paper=paper, event=event, on=on or now.date(), at=at, source_key=paper.key)
            for paper, event, on, at in self._waiting
        )
        self._waiting = []
        return Announcements(sightings=sightings, cursor=now.isoformat())

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        return now + timedelta(minutes=1)
