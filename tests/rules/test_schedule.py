"""One firing per local date, in every zone of the world."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.model.errors import BadOption
from bot.model.subscription import Cadence, Every
from bot.rules.schedule import describe, instant_on, next_due, period_of, zone_of

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_daily_digest_comes_at_the_same_local_time_in_summer_and_winter():
    daily = Cadence(Every.DAILY, time(9, 0))
    assert next_due(daily, BERLIN, datetime(2026, 7, 1, 12, tzinfo=UTC)) == datetime(
        2026, 7, 2, 7, tzinfo=UTC
    )
    assert next_due(daily, BERLIN, datetime(2026, 12, 1, 12, tzinfo=UTC)) == datetime(
        2026, 12, 2, 8, tzinfo=UTC
    )


def test_a_time_that_the_clocks_skip_becomes_the_first_moment_after_the_gap():
    assert instant_on(date(2025, 3, 30), time(2, 30), BERLIN) == datetime(
        2025, 3, 30, 1, tzinfo=UTC
    )
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # shifts by half an hour
    assert instant_on(date(2025, 10, 5), time(2, 15), lord_howe) == datetime(
        2025, 10, 4, 15, 30, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_used_the_first_time_only():
    new_york = ZoneInfo("America/New_York")
    daily = Cadence(Every.DAILY, time(1, 30))
    first = next_due(daily, new_york, datetime(2025, 11, 2, 0, tzinfo=UTC))
    assert first == datetime(2025, 11, 2, 5, 30, tzinfo=UTC)
    assert first is not None
    assert next_due(daily, new_york, first) == datetime(2025, 11, 3, 6, 30, tzinfo=UTC)


def test_a_gap_across_midnight_keeps_the_digest_of_the_date_it_was_due_on():
    nuuk = ZoneInfo("America/Nuuk")
    late = Cadence(Every.DAILY, time(23, 59))
    due = next_due(late, nuuk, datetime(2025, 3, 29, 12, tzinfo=UTC))
    assert due is not None
    assert period_of(late, nuuk, due, 0) == "2025-03-29"


def test_a_date_that_does_not_exist_is_skipped():
    assert instant_on(date(2011, 12, 30), time(9, 0), ZoneInfo("Pacific/Apia")) is None


def test_every_zone_gets_each_date_of_a_year_exactly_once():
    late = Cadence(Every.DAILY, time(23, 59))
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        due, seen = datetime(2025, 2, 15, tzinfo=UTC), []
        for _ in range(60):
            following = next_due(late, zone, due)
            assert following is not None
            due = following
            seen.append(period_of(late, zone, due, 0))
        assert len(set(seen)) == len(seen), name
        days = [date.fromisoformat(day) for day in seen]
        assert (days[-1] - days[0]).days == 59, name


def test_weekdays_leave_out_the_weekend():
    weekdays = Cadence(Every.WEEKDAYS, time(9, 0))
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert next_due(weekdays, ZoneInfo("UTC"), friday) == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_a_weekly_digest_keeps_its_weekday():
    weekly = Cadence(Every.WEEKLY, time(9, 0), weekday=2)
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_due(weekly, ZoneInfo("UTC"), monday) == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert describe(weekly, "UTC") == "weekly on Wed at 09:00 (UTC)"


def test_an_hourly_digest_comes_on_the_hour():
    hourly = Cadence(Every.HOURLY, None)
    assert next_due(
        hourly, ZoneInfo("UTC"), datetime(2026, 11, 23, 12, 20, tzinfo=UTC)
    ) == datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Mars/Base", "", "+05:30", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_does_not_exist_is_refused(name):
    with pytest.raises(BadOption, match="no time zone"):
        zone_of(name)


def test_a_city_alone_gets_the_full_name_as_a_hint():
    with pytest.raises(BadOption, match="Europe/Berlin"):
        zone_of("berlin")
