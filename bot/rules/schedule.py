"""Wall-clock rules: when a subscription speaks next, and which period that is.

One firing per local date. In a gap the first valid instant after it, in an overlap the first of
the two; a date that does not exist is skipped. All comparisons are made in UTC, because two local
times of one zone compare as equal across an overlap.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.model.errors import BadOption
from bot.model.subscription import DEFAULT_AT, Cadence, Every

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SATURDAY = 5
_LONGEST_SEARCH = 400  # local dates looked at before giving up; a week always suffices


def zone_of(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises BadOption with the nearest names."""
    try:
        if name and not name.startswith(("/", ".")):
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    wanted = name.casefold()
    near = sorted(zone for zone in available_timezones() if wanted and wanted in zone.casefold())
    hint = (
        f"; did you mean {', '.join(near[:3])}?" if near else "; use a name such as Europe/Berlin"
    )
    raise BadOption(f"“{name[:40]}” is no time zone{hint}")


def instant_on(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The UTC instant of `at` on a local date; None if that date does not exist in the zone."""
    local = datetime.combine(day, at, tzinfo=zone)  # fold=0: the first one in an overlap
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # In a gap: walk to the first instant whose local time is at or after the wish.
    opening = _end_of_gap(instant, local.replace(tzinfo=None), zone)
    return opening if opening.astimezone(zone).date() == day or _day_was_cut(day, zone) else None


def _end_of_gap(instant: datetime, wished: datetime, zone: ZoneInfo) -> datetime:
    """The first instant whose local time is not before `wished`, to the second."""
    low, high = instant - timedelta(days=2), instant + timedelta(days=2)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) >= wished:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def _day_was_cut(day: date, zone: ZoneInfo) -> bool:
    """Whether the date exists but its end is missing (the gap crosses midnight)."""
    start = datetime.combine(day, time(0, 0), tzinfo=zone).astimezone(UTC)
    return start.astimezone(zone).date() == day


@lru_cache(maxsize=1 << 10)
def next_due(cadence: Cadence, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The first instant after `after` at which this cadence speaks; None for `instant`."""
    if cadence.every is Every.INSTANT:
        return None
    if cadence.every is Every.HOURLY:
        return after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    day = after.astimezone(zone).date() - timedelta(days=1)
    for _ in range(_LONGEST_SEARCH):
        if speaks_on(cadence, day):
            instant = instant_on(day, cadence.at or DEFAULT_AT, zone)
            if instant is not None and instant > after:
                return instant
        day += timedelta(days=1)
    raise AssertionError("a cadence speaks at least once a week")


def last_due(cadence: Cadence, zone: ZoneInfo, until: datetime) -> datetime:
    """The last instant up to `until` at which this cadence spoke; for `instant` that is `until`."""
    if cadence.every is Every.INSTANT:
        return until
    if cadence.every is Every.HOURLY:
        return until.replace(minute=0, second=0, microsecond=0)
    day = until.astimezone(zone).date() + timedelta(days=1)
    for _ in range(_LONGEST_SEARCH):
        if speaks_on(cadence, day):
            instant = instant_on(day, cadence.at or DEFAULT_AT, zone)
            if instant is not None and instant <= until:
                return instant
        day -= timedelta(days=1)
    raise AssertionError("a cadence speaks at least once a week")


def moved(cadence: Cadence, zone: ZoneInfo, due_at: datetime) -> datetime:
    """Where the firing planned for `due_at` belongs by the zone's rules of today.

    Rules change by hours, firings are a day apart: of the dates around, the nearest is the same
    one. It may lie in the past; then it is due at once, and not lost.
    """
    if cadence.every in {Every.INSTANT, Every.HOURLY}:
        return due_at
    day = due_at.astimezone(zone).date()
    around = (day + timedelta(days=off) for off in (-1, 0, 1))
    at = cadence.at or DEFAULT_AT
    firings = [instant_on(one, at, zone) for one in around if speaks_on(cadence, one)]
    return min((one for one in firings if one), key=lambda one: abs(one - due_at), default=due_at)


def speaks_on(cadence: Cadence, day: date) -> bool:
    """Whether a dated cadence speaks on this local date."""
    if cadence.every is Every.WEEKDAYS:
        return day.weekday() < _SATURDAY
    if cadence.every is Every.WEEKLY:
        return day.weekday() == (cadence.weekday or 0)
    return True


def period_of(cadence: Cadence, zone: ZoneInfo, due_at: datetime, hit_id: int) -> str:
    """The label under which an occurrence happens at most once: a date, an hour or a match.

    A digest that fires in a gap crossing midnight still belongs to the date it was due on, so the
    label looks a minute back.
    """
    if cadence.every is Every.INSTANT:
        return f"match {hit_id}"
    if cadence.every is Every.HOURLY:
        return due_at.astimezone(UTC).strftime("%Y-%m-%dT%H")
    return due_date(cadence, zone, due_at).isoformat()


@lru_cache(maxsize=1 << 10)
def due_date(cadence: Cadence, zone: ZoneInfo, due_at: datetime) -> date:
    """The local date a dated occurrence belongs to, also when its instant lies past midnight."""
    day = due_at.astimezone(zone).date()
    before = day - timedelta(days=1)
    if speaks_on(cadence, before) and instant_on(before, cadence.at or DEFAULT_AT, zone) == due_at:
        return before
    return day


def describe(cadence: Cadence, zone: str) -> str:
    """The cadence in words a person would use: "daily at 09:00 (Europe/Berlin)"."""
    at = (cadence.at or DEFAULT_AT).strftime("%H:%M")
    match cadence.every:
        case Every.INSTANT:
            return "as soon as a paper matches"
        case Every.HOURLY:
            return "hourly"
        case Every.DAILY:
            return f"daily at {at} ({zone})"
        case Every.WEEKDAYS:
            return f"on weekdays at {at} ({zone})"
        case Every.WEEKLY:
            return f"weekly on {WEEKDAYS[cadence.weekday or 0]} at {at} ({zone})"
