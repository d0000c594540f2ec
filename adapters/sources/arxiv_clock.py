"""arXiv's day: it begins and ends in New York, daylight saving included."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/New_York")


def arxiv_day(now: datetime) -> date:
    """The date at arXiv."""
    return now.astimezone(ZONE).date()


def next_at(at: time, now: datetime) -> datetime:
    """The next instant, in UTC, when clocks at arXiv show `at`."""
    day = arxiv_day(now)
    found = datetime.combine(day, at, ZONE).astimezone(UTC)
    if found <= now:
        found = datetime.combine(day + timedelta(days=1), at, ZONE).astimezone(UTC)
    return found
