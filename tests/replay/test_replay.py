"""Recorded days replayed: nothing twice in a channel, nothing missed that the reference finds."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.commands.previewing import preview
from bot.model.paper import Event
from bot.model.subscription import Cadence, Every, Subscription
from bot.rules.parse import parse_filter
from tests.builders import LAB, a_paper
from tests.replay.audit import Audit, Heard
from tests.replay.orders import orders
from tests.replay.playing import Replay, check
from tests.replay.records import listing_days, readings
from tests.replay.taking import Shown
from tests.stores import open_test_store

D = date.fromisoformat
NINE = datetime(2025, 6, 2, 9, tzinfo=UTC)


async def audited(folder, data, since, until, number, *, previewed=False) -> Audit:
    """The days from `since` to `until` with so many subscriptions, all of them audited.

    previewed: what `preview` says of these days afterwards has to be the same papers.
    """
    start = datetime.combine(since, time(), UTC)
    end = datetime.combine(until + timedelta(days=1), time(), UTC)
    standing = orders(data, number, start)
    audit, heard = Audit(standing), Heard()
    async with open_test_store(folder) as store:
        replay = Replay(store, readings(data, since, until), start, end)
        await replay.begin(standing)
        async for moment in replay.play():
            await check(moment, audit, heard, store)
        for order in standing if previewed else ():
            report = await preview(store, order, (until - since).days + 1, until, everything=True)
            found = {one.paper.key for one in report.papers}
            if ".." in order.filter.canonical:
                # The past of a counter is not kept: a paper may have left the range since.
                assert found <= audit.matches_of(order)
            else:
                assert found == audit.matches_of(order)
    return audit


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("since", "until", "number", "at_least"),
    [
        pytest.param("2025-01-06", "2025-01-14", 24, 20, id="lists read again, counters rise"),
        pytest.param("2025-06-02", "2025-06-06", 24, 200, id="listings of a week"),
    ],
)
async def test_recorded_days_are_posted_to_the_paper(
    corpus, tmp_path, since, until, number, at_least
):
    audit = await audited(tmp_path, corpus / "data", D(since), D(until), number, previewed=True)
    assert audit.failures == []
    assert audit.shown > at_least
    assert audit.counted > 0, "no digest was too small: the cap was not tried"


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.timeout(7200)
async def test_a_whole_year_is_posted_to_the_paper(corpus, tmp_path):
    """A thousand subscriptions over a year of Daily Papers and all 149 days of the listing."""
    data = corpus / "data"
    days = listing_days(data)
    since, until = D("2024-09-01"), D("2025-08-31")
    assert len(days) == 149
    assert since <= min(days) <= max(days) <= until
    audit = await audited(tmp_path, data, since, until, 1_000)
    assert audit.failures == []
    assert audit.shown > 10_000


def books(top=2):
    """An audit of one daily subscription for which three papers wait, and their keys."""
    order = Subscription(
        channel=LAB,
        name="rings",
        filter=parse_filter("rings"),
        cadence=Cadence(Every.DAILY, time(9)),
        top=top,
        created_at=NINE,
    )
    audit = Audit([order])
    papers = [a_paper(f"On Rings {number}") for number in range(3)]
    audit.arrived([(one, Event.NEW) for one in papers], NINE.date())
    return audit, [one.key for one in papers]


@pytest.mark.parametrize(
    ("papers", "omitted", "says"),
    [
        ([0, 1], 1, None),
        ([0, 1], 0, "accounts for 2 + 0 of 3"),
        ([0], 2, "showed 1 papers, not {2}"),
        ([0, 0], 1, "twice"),
        ([0, "arxiv:2506.99999"], 1, "does not match"),
        ([], 0, "kept silent about"),
    ],
)
def test_the_audit_sees_what_is_wrong_with_a_digest(papers, omitted, says):
    audit, keys = books()
    shown = tuple(keys[one] if isinstance(one, int) else one for one in papers)
    audit.spoke({str(LAB): [Shown("rings", shown, omitted)]} if papers else {}, NINE)
    assert [says in one for one in audit.failures] == ([True] if says else [])


def test_the_audit_sees_what_comes_again_on_another_day_or_at_another_hour():
    audit, keys = books(top=3)
    audit.spoke({str(LAB): [Shown("rings", tuple(keys), 0)]}, NINE)
    assert audit.failures == []
    again = {str(LAB): [Shown("rings", (keys[0],), 0)]}
    audit.spoke(again, NINE + timedelta(days=1))
    audit.spoke(again, NINE + timedelta(hours=30))
    assert any("twice" in one for one in audit.failures)
    assert any("without being due" in one for one in audit.failures)
