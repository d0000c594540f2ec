"""Silence explains itself: weekend, holiday, late or down, by the sources' own evidence."""

from dataclasses import replace
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
        (
            "2026-11-24T13:00",
            "2026-11-23T12:30",
            "2026-11-23T09:00",
            "has not been read since 2026-11-23 12:30 UTC",
        ),
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


@pytest.mark.parametrize(
    ("name", "read", "more", "says"),
    [
        # Done with the day by its own schedule: its feed was there and empty.
        ("arxiv_rss:cs.CL", "05:15", {"next_poll_at": at("2026-11-28T05:15")}, "no mailing on Fri"),
        # Read last while the feed was being built, and down since, or not asked since.
        ("arxiv_rss:cs.CL", "05:15", {"problem": "down", "failures": 9}, "has not been read yet"),
        ("arxiv_rss:cs.CL", "08:59", {"problem": "down", "failures": 9}, "has not been read yet"),
        ("arxiv_rss:cs.CL", "09:00", {"problem": "down", "failures": 9}, "no mailing on Friday 27"),
        (
            "arxiv_rss:cs.CL",
            "05:15",
            {"next_poll_at": at("2026-11-27T05:45")},
            "has not been read yet",
        ),
        (
            "hf_daily",
            "00:10",
            {"problem": "down", "failures": 9},
            "read since 2026-11-27 00:10 UTC",
        ),
        ("hf_daily", "11:10", {"problem": "down", "failures": 1}, "nothing new on Friday 27"),
    ],
)
def test_what_was_read_too_early_to_know_is_not_called_a_day_without_papers(name, read, more, says):
    source = replace(a_source(name, read=f"2026-11-27T{read}", new="2026-11-25T05:00"), **more)
    assert says in " ".join(quiet_words([source], at("2026-11-27T18:00")))
