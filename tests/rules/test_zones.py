"""The schedule against an oracle that knows nothing of gaps: it looks at every local quarter hour.

Expected on each local date: one firing, at the first quarter hour whose local time has reached the
wished one; none on a date no quarter hour has.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.subscription import Cadence, Every
from bot.rules.schedule import instant_on, moved, next_due, period_of

QUARTER = timedelta(minutes=15)
TIMES = (time(0, 0), time(0, 30), time(1, 45), time(2, 30), time(9, 0), time(23, 45))
ZONES = sorted(available_timezones())


def quarters(day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """(instant, local time) around a date, by the zone's own conversion from UTC."""
    instant = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=30)
    for _ in range(4 * 96):
        yield instant, instant.astimezone(zone).replace(tzinfo=None)
        instant += QUARTER


def expected(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    wished = datetime.combine(day, at)
    around = list(quarters(day, zone))
    if all(local.date() != day for _, local in around):
        return None
    return next(instant for instant, local in around if local >= wished)


def turning_days(zone: ZoneInfo, first: date, last: date) -> Iterator[date]:
    """Dates on which the offset changes."""
    day = first
    before = None
    while day <= last:
        offset = datetime.combine(day, time(), tzinfo=UTC).astimezone(zone).utcoffset()
        if before is not None and offset != before:
            yield day
        before = offset
        day += timedelta(days=1)


def test_the_rule_agrees_with_the_oracle_around_every_turn_of_every_zone():
    seen = set()
    for name in ZONES:
        zone = ZoneInfo(name)
        for turn in turning_days(zone, date(2025, 1, 1), date(2026, 12, 31)):
            offsets = tuple(
                datetime.combine(turn, time(), tzinfo=UTC).astimezone(zone).utcoffset()
                if after
                else datetime.combine(turn - timedelta(days=1), time(), tzinfo=UTC)
                .astimezone(zone)
                .utcoffset()
                for after in (False, True)
            )
            if (turn, offsets) in seen:
                continue  # another name for the same rule
            seen.add((turn, offsets))
            for day in (turn - timedelta(days=1), turn, turn + timedelta(days=1)):
                for at in TIMES:
                    assert instant_on(day, at, zone) == expected(day, at, zone), (name, day, at)
    assert len(seen) > 50


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(1995, 1, 1), date(2036, 12, 31)),
    st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15)),
)
def test_any_date_in_any_zone_has_the_firing_the_oracle_expects(name, day, at):
    zone = ZoneInfo(name)
    assert instant_on(day, at, zone) == expected(day, at, zone)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2005, 1, 1), date(2035, 1, 1)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from([Every.DAILY, Every.WEEKDAYS, Every.WEEKLY]),
)
def test_firings_follow_each_other_and_no_label_comes_twice(name, start, at, every):
    zone = ZoneInfo(name)
    cadence = Cadence(every, at, weekday=3 if every is Every.WEEKLY else None)
    due, labels = datetime.combine(start, time(), UTC), []
    for _ in range(20):
        following = next_due(cadence, zone, due)
        assert following is not None
        assert following > due
        due = following
        labels.append(period_of(cadence, zone, due, 0))
    assert len(set(labels)) == len(labels)
    assert labels == sorted(labels)


NAMED = {
    "a gap of an hour": ("America/New_York", date(2025, 3, 9), time(2, 30), "2025-03-09T07:00"),
    "an overlap": ("America/New_York", date(2025, 11, 2), time(1, 30), "2025-11-02T05:30"),
    "half an hour forward": (
        "Australia/Lord_Howe", date(2025, 10, 5), time(2, 15), "2025-10-04T15:30"),
    "half an hour back": (
        "Australia/Lord_Howe", date(2025, 4, 6), time(1, 45), "2025-04-05T14:45"),
    "a gap up to midnight": ("America/Nuuk", date(2025, 3, 29), time(23, 59), "2025-03-30T01:00"),
    "a date that is missing": ("Pacific/Apia", date(2011, 12, 30), time(9, 0), None),
    "the date before it": ("Pacific/Apia", date(2011, 12, 29), time(23, 0), "2011-12-30T09:00"),
    "the date after it": ("Pacific/Apia", date(2011, 12, 31), time(9, 0), "2011-12-30T19:00"),
    "a gap at midnight": ("Asia/Beirut", date(2025, 3, 30), time(0, 0), "2025-03-29T22:00"),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMED)
def test_known_turns(case):
    name, day, at, instant = NAMED[case]
    wished = None if instant is None else datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert instant_on(day, at, ZoneInfo(name)) == wished


@pytest.mark.parametrize("shift", [timedelta(minutes=m) for m in (-90, -60, -30, 30, 60, 180)])
@pytest.mark.parametrize("at", [time(0, 15), time(9, 0), time(23, 45)])
@pytest.mark.parametrize("every", [Every.DAILY, Every.WEEKLY])
def test_new_zone_rules_move_a_firing_and_neither_lose_nor_repeat_it(shift, at, every):
    """The zone has changed its offset since the due time was worked out."""
    zone = ZoneInfo("Europe/Berlin")
    cadence = Cadence(every, at, weekday=2 if every is Every.WEEKLY else None)
    right = next_due(cadence, zone, datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert right is not None
    assert moved(cadence, zone, right + shift) == right


def test_what_has_no_local_time_is_not_moved():
    due = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for cadence in (Cadence(Every.INSTANT, None), Cadence(Every.HOURLY, None)):
        assert moved(cadence, ZoneInfo("Asia/Kolkata"), due) == due
