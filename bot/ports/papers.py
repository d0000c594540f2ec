"""What the bot needs to remember of papers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.model.looking_back import LookBack, LookBackRequest
from bot.model.paper import Announcements, Paper, Saved
from bot.model.record import Arrival, PaperHistory, Results, SearchRequest, Unplanned
from bot.model.subscription import Channel


class PaperShelf(Protocol):
    """Stored papers, what was said about them, and the search index over them."""

    async def save(
        self, source: str, announcements: Announcements, *, now: datetime, late_before: date | None
    ) -> Saved:
        """Add or merge papers, add their sightings and move the source's cursor, all at once.

        A sighting is stored once per (source, paper, event, version); seeing it again changes
        metrics only. Raised counters add a `hot` sighting. Sightings on a date before
        `late_before` are marked late: stored, never alerted (None: none is late). After a restored
        backup what the lost database had taken in is told again: see `Upkeep.restored`.
        """
        ...

    async def get(self, key: str) -> Paper | None:
        """The paper with this key or any other known id of it (`scheme:value`)."""
        ...

    async def search(self, request: SearchRequest) -> Results:
        """Stored papers that match, best or newest first. Exactly `bot.rules.matching`'s answer."""
        ...

    async def arrivals(self, request: SearchRequest) -> list[Arrival]:
        """Sightings on dates from `since` to `until`, oldest first, at most `limit`.

        Of papers that match `root`, and perhaps some more: for a look back that asks the rules
        about each of them. `offset` and `newest` do not count here.
        """
        ...

    async def look_back(self, request: LookBackRequest) -> LookBack:
        """Arrivals in brief, and which of them terms hold of: exactly as `matching.holds` says.

        And of how many papers trees hold: `search(...).total` of each within the request's days.
        """
        ...

    async def load(self, keys: Sequence[str]) -> dict[str, Paper]:
        """The papers with these keys, by key."""
        ...

    async def unplanned(self, limit: int) -> list[Unplanned]:
        """Sightings no filter has been asked about yet, about `limit` of them, oldest first.

        Imported papers come last: as long as sources have announced anything, it is that, with
        what else is said of the same papers, so that a paper's sightings come in their order.
        """
        ...

    async def history(self, channel: Channel, key: str) -> PaperHistory | None:
        """What a channel's subscriptions and deliveries have had to do with this paper."""
        ...
