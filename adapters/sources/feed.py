"""Any RSS, Atom or JSON Feed: journals, preprint servers, laboratories' blogs."""

import asyncio
import re
from datetime import UTC, date, datetime, timedelta

from adapters.sources import cursors
from adapters.sources.exchange import Reply, Request
from adapters.sources.feed_entries import read_entries
from adapters.sources.feed_reader import NoFeed
from adapters.sources.feed_worker import read_apart
from adapters.sources.http import Fetcher
from adapters.sources.records import Sifted
from bot.model.errors import SourceGarbled
from bot.model.paper import Announcements

MOST_BYTES = 5 * 1024 * 1024
WITHIN = 20.0
SOONEST = timedelta(minutes=15)
LATEST = timedelta(hours=6)
OBSERVED = timedelta(days=7)

_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


class Feed:
    """One feed, named by its address."""

    def __init__(self, fetcher: Fetcher, url: str) -> None:
        self.name = f"feed:{url}"
        self._fetcher = fetcher
        self._url = url

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """All entries of the feed, unless it says that nothing changed.

        Which of them are new is for the store to say: feeds have no memory of who read what.
        """
        state = cursors.read(cursor)
        request = Request(
            source=self.name,
            url=self._url,
            etag=cursors.text(state, "etag"),
            modified=cursors.text(state, "modified"),
            public_only=True,
            most_bytes=MOST_BYTES,
            within=WITHIN,
        )
        reply = await self._fetcher.get(request)
        if reply.unchanged:
            return Announcements()
        try:
            feed = await asyncio.to_thread(read_apart, reply.body, reply.url, reply.charset)
        except NoFeed as error:
            msg = f"{self.name}: the answer of {request.host} {error}"
            raise SourceGarbled(msg) from None
        today = now.astimezone(UTC).date()
        found = read_entries(feed["entries"], feed["link"] or self._url, today)
        found.checked(self.name)
        if not found.sightings:
            return Announcements()
        every = _rhythm(found, today, feed["ttl"], reply)
        return Announcements(
            sightings=tuple(sorted(found.sightings, key=lambda one: one.on)),
            rejected=tuple(found.rejected),
            cursor=cursors.write(
                etag=reply.etag, modified=reply.modified, every=int(every.total_seconds())
            ),
        )

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """As often as the feed brings something, and no sooner than it asks for."""
        every = cursors.read(cursor).get("every")
        seconds = every if isinstance(every, int) else SOONEST.total_seconds() * 4
        return now + min(max(timedelta(seconds=seconds), SOONEST), LATEST)


def _rhythm(found: Sifted, today: date, ttl: int, reply: Reply) -> timedelta:
    """Twice per usual interval between entries, within what the feed and its server ask for."""
    fresh = sum(one.on > today - OBSERVED for one in found.sightings)
    observed = OBSERVED / (2 * fresh) if fresh else LATEST
    age = _MAX_AGE.search(reply.headers.get("cache-control", ""))
    asked = max(timedelta(minutes=ttl), timedelta(seconds=int(age[1]) if age else 0))
    return min(max(observed, asked, SOONEST), LATEST)
