"""Hugging Face Daily Papers, day by day.

Source: design page on sources, 1 and 5. `date=D` lists what was submitted on UTC day D; the list
grows during the day and its order changes while one pages.
"""

from datetime import UTC, date, datetime, time, timedelta

from adapters.sources import cursors, hf_rows
from adapters.sources.exchange import Reply, Request
from adapters.sources.hf_rows import NAME
from adapters.sources.http import Fetcher
from adapters.sources.records import Sifted, line
from adapters.sources.strict_json import BadJson, decode
from bot.model.errors import SourceDown, SourceGarbled
from bot.model.paper import Announcements, Sighting

PAGE = 100
MOST_PAGES = 20

SETTLED_AFTER = timedelta(hours=36)
"""From the start of a day until its list no longer grows; only then may the cursor pass it."""

SWEPT_DAYS = 7
"""Upvotes, comments and stars move for a week, so once a day the week is read again."""

MOST_DAYS = 31
"""Days read at once after a long absence; the rest follows at the next reading."""

BUSY_UNTIL = time(12)
BUSY_EVERY = timedelta(minutes=30)
CALM_EVERY = timedelta(hours=2)
CATCH_UP_EVERY = timedelta(minutes=1)

ONE_DAY = timedelta(days=1)


class HuggingFaceDaily:
    """Papers listed by the community, from the day of the cursor to today.

    endpoint: such as https://huggingface.co. token: optional; raises the rate limit.
    """

    name = NAME

    def __init__(self, fetcher: Fetcher, endpoint: str, token: str = "") -> None:
        self._fetcher = fetcher
        self._url = f"{endpoint.rstrip('/')}/api/daily_papers"
        self._token = token

    async def fetch(self, cursor: str | None, now: datetime) -> Announcements:
        """Everything listed since the cursor's day; always today and yesterday."""
        state = cursors.read(cursor)
        today = now.astimezone(UTC).date()
        yesterday = today - ONE_DAY
        first = min(cursors.day(state, "from") or yesterday, yesterday)
        last = min(today, first + (MOST_DAYS - 1) * ONE_DAY)
        swept = cursors.day(state, "swept") == today
        wanted = {*_days(first, last), yesterday, today}
        if not swept:
            wanted.update(_days(today - SWEPT_DAYS * ONE_DAY, today))
        found = Sifted()
        for day in sorted(wanted):
            await self._read_day(day, found)
        found.checked(self.name)
        if not found.sightings:
            return Announcements()
        return Announcements(
            sightings=tuple(found.sightings),
            rejected=tuple(found.rejected),
            cursor=cursors.write(**{"from": _first_open_day(first, last, now), "swept": today}),
        )

    def next_poll(self, cursor: str | None, now: datetime) -> datetime:
        """Half-hourly while the day's list fills, every two hours after; at once to catch up."""
        now = now.astimezone(UTC)
        behind = cursors.day(cursors.read(cursor), "from")
        if behind is not None and behind < now.date() - 2 * ONE_DAY:
            return now + CATCH_UP_EVERY
        if now.time() < BUSY_UNTIL:
            return now + BUSY_EVERY
        midnight = datetime.combine(now.date() + ONE_DAY, time(0, 10), UTC)
        return min(now + CALM_EVERY, midnight)

    async def _read_day(self, day: date, found: Sifted) -> None:
        """All pages of one day into `found`, each paper once."""
        rows: dict[str, Sighting] = {}
        page = Sifted()
        url = f"{self._url}?date={day.isoformat()}&limit={PAGE}"
        for _ in range(MOST_PAGES):
            reply = await self._fetcher.get(Request(source=NAME, url=url, token=self._token))
            for number, row in enumerate(self._rows(reply), start=1):
                page.take(row, f"{day} row {number}", lambda one: hf_rows.sighting_of(one, day))
            url = reply.next_url
            if not url:
                break
        else:
            msg = f"{NAME}: the list of {day} has more than {MOST_PAGES} pages"
            raise SourceGarbled(msg)
        for sighting in page.sightings:
            rows[sighting.paper.key] = sighting  # a later page has the later counters
        found.sightings.extend(rows.values())
        found.rejected.extend(page.rejected)

    @staticmethod
    def _rows(reply: Reply) -> list[object]:
        try:
            value = decode(reply.body)
        except BadJson as error:
            msg = f"{NAME}: the answer {error}"
            raise SourceGarbled(msg) from None
        if isinstance(value, dict) and "error" in value:
            msg = f"{NAME}: Hugging Face says: {line(value['error'], 200) or 'an error'}"
            raise SourceDown(msg)
        if not isinstance(value, list):
            msg = f"{NAME}: the answer is no list of papers"
            raise SourceGarbled(msg)
        return value


def _days(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def _first_open_day(first: date, last: date, now: datetime) -> date:
    """The first day that may still grow, or that has not been read."""
    day = first
    while day <= last and datetime.combine(day, time(), UTC) + SETTLED_AFTER <= now:
        day += ONE_DAY
    return day
