"""Everything arXiv changed since a day, to catch up and to fill in.

Source: design page on sources, 2.4; OAI-PMH 2.0. Records come by the day of their last change;
arXivRaw tells new papers from replaced ones by their versions.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from adapters.sources import cursors
from adapters.sources.arxiv_clock import next_at
from adapters.sources.exchange import Request
from adapters.sources.http import Fetcher
from adapters.sources.oai_records import NOTHING_NEW, read_records
from adapters.sources.places import with_path
from adapters.sources.records import Sifted, day_of, line
from adapters.sources.xml_tree import BadXml, parse, text_of
from bot.model.errors import SourceDown, SourceGarbled, SourceRefused
from bot.model.paper import Announcements

NAME = "arxiv_oai"
UPDATED_BY = time(23, 30)
"""The day's changes are in by 22:30 in New York, Sunday to Thursday."""

MOST_PAGES = 12
"""In one reading, of about a thousand records each; the rest follows by the kept token."""

MORE_AFTER = timedelta(seconds=15)
BAD_TOKEN = "badResumptionToken"  # noqa: S105 - an error code of the protocol

_PHYSICS = re.compile(
    "astro-ph|cond-mat|gr-qc|hep-(ex|lat|ph|th)|math-ph|nlin|nucl-(ex|th)|physics|quant-ph"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the lists we stand.

    day: of the last complete list. since: first day of the one being read. at: the server's day
    when that one was begun. token: its next page; "" is its first.
    """

    day: date | None
    since: date
    at: date | None = None
    token: str = field(default="", repr=False)


class ArxivOai:
    """One OAI set, such as `cs` or `cs:cs:CL`; "" is all of arXiv."""

    def __init__(self, fetcher: Fetcher, url: str, set_: str = "") -> None:
        self.name = f"{NAME}:{set_}" if set_ else NAME
        self._fetcher = fetcher
        self._url = with_path(url, "/oai")
        self._set = oai_set(set_)

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """All records changed since the last complete list, or as many pages as one reading takes.

        The days overlap by one: a day's records keep coming until late in its evening.
        """
        place = _place(cursor, now)
        found = Sifted()
        code = ""
        for _ in range(MOST_PAGES):
            root = await self._page(place)
            code = _error(root)
            if code == BAD_TOKEN and place.token:
                place = replace(place, token="", at=None)  # it has expired; begin again
                found = Sifted()
                continue
            self._complain(root, code)
            page = read_records(root, place.since)
            found.sightings.extend(page.sightings)
            found.rejected.extend(page.rejected)
            place = replace(
                place,
                at=place.at or day_of(text_of(root, "responseDate")),
                token=_next_token(root),
            )
            if not place.token:
                break
        found.checked(self.name)
        empty = not (found.sightings or place.token or code == NOTHING_NEW)
        return Announcements(
            sightings=tuple(found.sightings),
            rejected=tuple(found.rejected),
            cursor=None if empty else _cursor(place),
        )

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """Once a day when the changes are in; at once while a list is half read."""
        if cursors.text(cursors.read(cursor), "token"):
            return now + MORE_AFTER
        return next_at(UPDATED_BY, now)

    async def _page(self, place: _Place) -> Element:
        asked = {"verb": "ListRecords"}
        if place.token:
            asked["resumptionToken"] = place.token
        else:
            asked |= {"metadataPrefix": "arXivRaw", "from": place.since.isoformat()}
            if self._set:
                asked["set"] = self._set
        request = Request(source=self.name, url=f"{self._url}?{urlencode(asked)}")
        reply = await self._fetcher.get(request)
        try:
            root = parse(reply.body)
        except BadXml as error:
            msg = f"{self.name}: the answer of {request.host} {error}"
            raise SourceGarbled(msg) from None
        if root.tag != "OAI-PMH":
            msg = f"{self.name}: the answer of {request.host} is no OAI-PMH (<{root.tag[:60]}>)"
            raise SourceGarbled(msg)
        return root

    def _complain(self, root: Element, code: str) -> None:
        if not code or code == NOTHING_NEW:
            return
        msg = f"{self.name}: arXiv answers {code}: {line(text_of(root, 'error'), 200)}"
        raise SourceDown(msg) if code == BAD_TOKEN else SourceRefused(msg)


def oai_set(name: str) -> str:
    """The OAI set of an arXiv category; what is a set already stays one."""
    if not name or ":" in name:
        return name
    archive, dot, subject = name.partition(".")
    group = "physics" if _PHYSICS.fullmatch(archive) else archive
    if dot:
        return f"{group}:{archive}:{subject}"
    return archive if archive == group else f"{group}:{archive}"


def _place(cursor: str | None, now: datetime) -> _Place:
    state = cursors.read(cursor)
    day, today = cursors.day(state, "day"), now.astimezone(UTC).date()
    since = cursors.day(state, "since")
    if since is not None:
        return _Place(day, since, cursors.day(state, "at"), cursors.text(state, "token"))
    return _Place(day, (day or today) - timedelta(days=1))


def _cursor(place: _Place) -> str:
    if place.token:
        return cursors.write(day=place.day, since=place.since, at=place.at, token=place.token)
    # Without a date in the answer the list is read again from the same day: late, never lost.
    return cursors.write(day=place.at or place.since + timedelta(days=1))


def _error(root: Element) -> str:
    error = root.find("error")
    return "" if error is None else line(error.get("code"), 40) or "an error"


def _next_token(root: Element) -> str:
    return "".join(token.text or "" for token in root.iter("resumptionToken")).strip()
