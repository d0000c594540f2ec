"""Why a source brought nothing: weekend, holiday, late, or down.

What decides is the source's own evidence: it was read until it was done with the day, or when the
day's papers should have been there, and there was nothing new. Known holidays only give it a name. arXiv announces Sunday to Thursday at 20:00 in New York, so its feed has papers
dated Monday to Friday; Hugging Face lists papers on working days, UTC.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from bot.model.record import Source

_NEW_YORK = ZoneInfo("America/New_York")
_SATURDAY = 5
READY_AFTER = timedelta(hours=6)
"""arXiv's feed is built at midnight and sometimes hours later; by six it is there or late."""

HARVESTED_AFTER = timedelta(hours=30)
"""What changed at arXiv on a day is harvested in the following night at the latest."""

READ_EVERY = timedelta(hours=2)
"""How often a list is read at least while it grows."""

GROWN_AFTER = timedelta(hours=12)
"""Hugging Face's list of a day grows from 00:00 UTC on; by noon nearly all of it is there."""

# arXiv, help/availability, as published for 2026: dates without a mailing. A hint only.
ARXIV_HOLIDAYS = frozenset(
    map(date.fromisoformat, ("2026-11-26", "2026-12-25", "2026-12-29", "2026-12-31"))
)


def kind_of(name: str) -> str:
    """`arxiv` for arxiv_rss:cs.CL and the like, `hf` for hf_daily, else empty."""
    return next((kind for kind in ("arxiv", "hf") if name.startswith(f"{kind}_")), "")


def taken_in_by(name: str, on: date, at: datetime | None, after: timedelta | None) -> datetime:
    """By when a bot at work had taken in what this source announced on a date; rather too late.

    at: the very moment, where the source tells it. after: `delay` of an earlier day. arXiv
    announces a day's papers at once; other lists grow until the day is over.
    """
    if kind_of(name) == "arxiv":
        usual = READY_AFTER if name.startswith("arxiv_rss:") else HARVESTED_AFTER
        return _begins(on, _NEW_YORK) + (after or usual)
    if at is not None:
        return at + READ_EVERY
    return _begins(on + timedelta(days=1), UTC)


def delay(on: date, taken_in_at: datetime) -> timedelta:
    """How long after the beginning of arXiv's day its papers were taken in."""
    return taken_in_at - _begins(on, _NEW_YORK)


def is_of_today_only(name: str) -> bool:
    """Whether this source tells nothing of the days before."""
    return name.startswith("arxiv_rss:")


def quiet_words(sources: Sequence[Source], now: datetime) -> list[str]:
    """A sentence for each kind of source that brought nothing on the last day it could have."""
    arxiv = [one for one in sources if kind_of(one.name) == "arxiv"]
    words = [_arxiv(arxiv, now)] if arxiv else []
    words += [_listing(one, now) for one in sources if kind_of(one.name) == "hf"]
    return [one for one in words if one]


def _arxiv(sources: Sequence[Source], now: datetime) -> str:
    day = (now - READY_AFTER).astimezone(_NEW_YORK).date()
    if _anything_new(sources, _begins(day, _NEW_YORK)):
        return ""
    if day.weekday() >= _SATURDAY:
        return "arXiv has no mailing at weekends."
    if any(_is_read(one, _begins(day, _NEW_YORK), READY_AFTER, now) for one in sources):
        known = " It is one of its holidays." if day in ARXIV_HOLIDAYS else ""
        return f"arXiv had no mailing on {_said(day)}.{known}"
    return f"arXiv's mailing of {_said(day)} has not been read yet."


def _listing(source: Source, now: datetime) -> str:
    day = (now - GROWN_AFTER).astimezone(UTC).date()
    if _anything_new([source], _begins(day, UTC)):
        return ""
    if day.weekday() >= _SATURDAY:
        return f"{source.name} has no list at weekends."
    if _is_read(source, _begins(day, UTC), GROWN_AFTER, now):
        return f"{source.name} has listed nothing new on {_said(day)}."
    last = source.last_success_at
    since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "yet"
    return f"{source.name} has not been read {since}."


def _begins(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _anything_new(sources: Sequence[Source], since: datetime) -> bool:
    return any(one.last_new_at is not None and one.last_new_at >= since for one in sources)


def _is_read(source: Source, begins: datetime, ready: timedelta, now: datetime) -> bool:
    """Whether it has nothing more to tell of a day: read late enough, or done by its own schedule."""
    last, following = source.last_success_at, source.next_poll_at
    if last is None or last < begins:
        return False
    is_done = not source.problem and (following is None or following + READ_EVERY > now)
    return is_done or last >= begins + ready - READ_EVERY


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"
