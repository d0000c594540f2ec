"""Packed hits are what a plain list of paper and filter says, through plannings and unions."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from adapters.store import tables
from adapters.store.hits import (
    ALL,
    hits_of_filters,
    hits_of_papers,
    store_hits,
    unite_hits,
)
from bot.model.paper import Event
from bot.model.record import Hits

PAPERS, FILTERS = range(1, 5), (1, 2, 63, 64, 65, 130, 5_000)

matched = st.tuples(st.sampled_from(PAPERS), st.lists(st.sampled_from(FILTERS), unique=True))
planned = st.lists(matched, min_size=1, max_size=4)
united = st.lists(st.sampled_from(PAPERS), min_size=2, max_size=2, unique=True).map(tuple)


class PlainHits:
    """What is hit by what, one by one."""

    def __init__(self):
        self.rows = []  # hit, paper, filter
        self.last = 0

    def plan(self, several):
        for paper, filters in several:
            known = {one for _, its, one in self.rows if its == paper}
            new = sorted(set(filters) - known)
            if new:
                self.last += 1
                self.rows += [(self.last, paper, one) for one in new]

    def unite(self, kept, gone):
        mine = {one for _, paper, one in self.rows if paper == kept}
        self.rows = [row for row in self.rows if row[1] != gone or row[2] not in mine]
        self.rows = [(hit, kept if its == gone else its, one) for hit, its, one in self.rows]


@settings(max_examples=80, deadline=None)
@given(st.lists(planned | united, max_size=8), st.integers(0, 10), st.integers(0, 10))
def test_packed_hits_are_what_one_row_for_each_would_be(steps, after, upto):
    engine, plain = create_engine("sqlite://"), PlainHits()
    with engine.connect() as connection:
        tables.METADATA.create_all(connection)
        for step in steps:
            if isinstance(step, tuple):
                kept, gone = step
                unite_hits(connection, kept=kept, gone=gone)
                plain.unite(kept, gone)
            else:
                stored = store_hits(
                    connection,
                    [
                        (
                            paper,
                            Hits(
                                paper_id=paper, sighting_id=1, event=Event.NEW, filter_ids=filters
                            ),
                        )
                        for paper, filters in step
                    ],
                )
                before = len(plain.rows)
                plain.plan(step)
                assert sum(map(len, stored)) == len(plain.rows) - before
        for window in ((0, ALL), (after, upto)):
            assert hits_of_filters(connection, dict.fromkeys(FILTERS, window)) == {
                filter_id: sorted(
                    hit
                    for hit, _, one in plain.rows
                    if one == filter_id and window[0] < hit <= window[1]
                )
                for filter_id in FILTERS
            }
        assert sorted(
            (row.id, row.paper_id, one)
            for row in hits_of_papers(connection, PAPERS)
            for one in row.filters
        ) == sorted(plain.rows)
    engine.dispose()
