"""arXiv's announcements of the day, one category per feed.

Source: design page on sources, 2.3. Built at midnight in New York; it holds that day only, so a
missed day is caught up through OAI. One address per category: above 2,000 rows arXiv drops the
new papers first.
"""

from datetime import datetime, time, timedelta
from urllib.parse import quote

from adapters.sources import cursors
from adapters.sources.arxiv_clock import ZONE, arxiv_day, next_at
from adapters.sources.exchange import Request
from adapters.sources.http import Fetcher
from adapters.sources.places import with_path
from adapters.sources.rss_items import announced_on, read_items
from adapters.sources.xml_tree import BadXml, parse
from bot.model.errors import SourceGarbled, SourceRefused
from bot.model.paper import Announcements

OPENS = time(0, 15)
GIVE_UP = time(6)
EVERY = timedelta(minutes=30)


class ArxivRss:
    """One category, such as cs.CL. url: of all feeds, such as https://rss.arxiv.org/rss."""

    def __init__(self, fetcher: Fetcher, url: str, category: str) -> None:
        self.name = f"arxiv_rss:{category}"
        self._fetcher = fetcher
        self._url = f"{with_path(url, '/rss')}/{quote(category, safe='')}"

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """The feed, unless it is still the one of the last reading."""
        state = cursors.read(cursor)
        request = Request(
            source=self.name,
            url=self._url,
            etag=cursors.text(state, "etag"),
            modified=cursors.text(state, "modified"),
            also=frozenset({400}),  # its body says what was wrong with the category
        )
        reply = await self._fetcher.get(request)
        if reply.unchanged:
            return Announcements()
        try:
            root = parse(reply.body)
        except BadXml as error:
            msg = f"{self.name}: the answer of {request.host} {error}"
            raise SourceGarbled(msg) from None
        on = announced_on(root, self.name)
        if reply.status == 400:
            msg = f"{self.name}: {request.host} answered 400 Bad Request"
            raise SourceRefused(msg)
        found = read_items(root, on).checked(self.name)
        if not found.sightings and on != arxiv_day(now):
            return Announcements()  # an empty feed counts only if it is today's: a day off
        on = on or max(sighting.on for sighting in found.sightings)
        return Announcements(
            sightings=tuple(found.sightings),
            rejected=tuple(found.rejected),
            cursor=cursors.write(day=on, etag=reply.etag, modified=reply.modified),
        )

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """From 00:15 at arXiv every half hour until the day's feed is there, or until six."""
        read = cursors.day(cursors.read(cursor), "day")
        local = now.astimezone(ZONE)
        if read != local.date() and OPENS <= local.time() < GIVE_UP:
            return now + EVERY
        return next_at(OPENS, now)
