"""Silence explains itself: weekend, holiday, late or down, by the sources' own evidence."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.record import Source
from bot.rules.mailings import quiet_words


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_source(name="arxiv_rss:cs.CL", *, read: str, new: str | None) -> Source:
    return Source(name=name, last_success_at=at(read), last_new_at=at(new) if new else None)


@pytest.mark.parametrize(
    ("now", "read", "new", "says"),
    [
        # Tuesday noon in New York, the day's mailing was read.
        ("2026-11-24T17:00", "2026-11-24T05:00", "2026-11-24T05:00", ""),
        # Before six in New York it is too early to miss today's; yesterday's came.
        ("2026-11-24T09:00", "2026-11-24T08:30", "2026-11-23T05:00", ""),
        # Thanksgiving: read all day, nothing came, and the holiday is known.
        ("2026-11-27T09:00", "2026-11-27T08:30", "2026-11-25T05:00", "Thursday 26 November. It is"),
        # The same on a day nobody knows as a holiday.
        ("2026-11-25T18:00", "2026-11-25T17:00", "2026-11-24T05:00", "no mailing on Wednesday 25"),
        # Not read since: late, not empty.
        ("2026-11-25T18:00", "2026-11-24T23:00", "2026-11-24T05:00", "has not been read yet"),
        ("2026-11-28T18:00", "2026-11-28T17:00", "2026-11-27T05:00", "no mailing at weekends"),
        ("2026-11-30T08:00", "2026-11-30T07:00", "2026-11-27T05:00", "no mailing at weekends"),
        # The night the clocks go back.
        ("2026-11-02T09:00", "2026-11-02T08:00", "2026-10-30T04:30", "no mailing at weekends"),
    ],
)
def test_arxiv(now, read, new, says):
    words = quiet_words([a_source(read=read, new=new)], at(now))
    assert (says in " ".join(words)) if says else words == []


@pytest.mark.parametrize(
    ("now", "read", "new", "says"),
    [
        ("2026-11-24T13:00", "2026-11-24T12:30", "2026-11-24T01:00", ""),
        ("2026-11-24T00:10", "2026-11-24T00:05", "2026-11-23T09:00", ""),
        ("2026-11-24T13:00", "2026-11-24T12:30", "2026-11-23T09:00", "nothing new on Tuesday 24"),
        ("2026-11-24T13:00", "2026-11-23T12:30", "2026-11-23T09:00", "has not been read since"),
        ("2026-11-29T13:00", "2026-11-29T12:30", "2026-11-27T09:00", "no list at weekends"),
    ],
)
def test_hugging_face(now, read, new, says):
    words = quiet_words([a_source("hf_daily", read=read, new=new)], at(now))
    assert (says in " ".join(words)) if says else words == []


def test_several_arxiv_feeds_are_one_calendar_and_feeds_have_none():
    now = at("2026-11-25T18:00")
    some = [
        a_source("arxiv_rss:cs.CL", read="2026-11-25T17:00", new="2026-11-25T05:00"),
        a_source("arxiv_rss:math.RA", read="2026-11-25T17:00", new="2026-11-20T05:00"),
        a_source("feed:https://a.example", read="2026-11-25T17:00", new=None),
    ]
    assert quiet_words(some, now) == []
    assert len(quiet_words(some[1:], now)) == 1
    assert quiet_words(some, now + timedelta(days=1)) != []
