"""Hits both ways round: the filters a paper matched, and the hits a filter has.

`hits` has a row for each sighting that matched anything, with all the filters. `postings` has the
same by filter: a row for some neighbouring filters and the hits that were stored together. So a
day of 700 papers and three million matches is a few thousand rows, and what a filter matched since
a given hit is still one short look-up.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from adapters.store import tables
from adapters.store.bulk import insert_many, numbered
from adapters.store.packing import hit_of, key, packed, packed_keys, unpacked, unpacked_keys
from adapters.store.places import chunks, pairs
from bot.model.record import Hits

BLOCK_BITS = 6
"""64 filters stand in one block: few rows to write, few bytes to read past."""
LOOKED_UP = 64
"""Filters looked up by one statement."""
ALL = (1 << 32) - 1


class StoredHit(NamedTuple):
    """A row of `hits`; the filters in ascending order. seen_at, told_at: see the table."""

    id: int
    paper_id: int
    event: str
    filters: Sequence[int]
    seen_at: datetime | None = None
    told_at: datetime | None = None

    def has(self, filter_id: int) -> bool:
        """Whether this filter is among them."""
        place = bisect_left(self.filters, filter_id)
        return place < len(self.filters) and self.filters[place] == filter_id


class _News(NamedTuple):
    """A row to store: see the table."""

    paper_id: int
    hit: Hits
    filters: "array[int]"
    seen_at: datetime | None
    told_at: datetime | None = None


def store_hits(connection: Connection, found: Sequence[tuple[int, Hits]]) -> list["array[int]"]:
    """Store what papers (by id) matched; the filters of each row made.

    Once per paper and filter, and once more whenever it is news to a subscription that began after
    the last time. So what one channel hears does not depend on what others listen with.
    """
    news = list(_news(connection, found))
    rows = [
        {
            "paper_id": one.paper_id,
            "sighting_id": one.hit.sighting_id,
            "event": one.hit.event.value,
            "filters": packed(one.filters),
            "seen_at": one.seen_at,
            "told_at": one.told_at,
        }
        for one in news
    ]
    filters = [one.filters for one in news]
    if rows:
        hits = tables.hits
        made = insert(hits).returning(hits.c.id, sort_by_parameter_order=True)
        _post(connection, list(connection.scalars(made, rows)), filters)
    return filters


def _news(connection: Connection, found: Sequence[tuple[int, Hits]]) -> Iterator[_News]:
    known: dict[int, list[StoredHit]] = {}
    for row in hits_of_papers(connection, {paper_id for paper_id, _ in found}):
        known.setdefault(row.paper_id, []).append(row)
    seen = _seen_at(connection, [hit.sighting_id for _, hit in found])
    several = Counter(paper_id for paper_id, _ in found)
    again = [paper_id for paper_id, count in several.items() if count > 1 or paper_id in known]
    young = _began_since(connection, known, seen) if again else {}
    for paper_id, hit in found:
        before = known.get(paper_id, [])
        new = set(hit.filter_ids).difference(*(row.filters for row in before))
        seen_at = seen.get(hit.sighting_id)
        if new:
            yield _News(paper_id, hit, array("I", sorted(new)), seen_at)
        told = _told(before, young.keys() & set(hit.filter_ids) - new, young, seen_at)
        for told_at, filters in told.items():
            yield _News(paper_id, hit, array("I", sorted(filters)), seen_at, told_at)
        if several[paper_id] > 1:
            matched = sorted(new.union(*told.values()))
            row = StoredHit(0, paper_id, hit.event.value, matched, seen_at)
            known[paper_id] = [*before, row]


def _told(
    before: Sequence[StoredHit],
    filters: Iterable[int],
    young: Mapping[int, datetime],
    seen_at: datetime | None,
) -> dict[datetime, list[int]]:
    """Of filters that matched before, those that somebody listens with only since: by when."""
    told: dict[datetime, list[int]] = {}
    if seen_at is None:
        return told
    for filter_id in filters:
        last = next(row.seen_at for row in reversed(before) if row.has(filter_id))
        if last is not None and last < young[filter_id] <= seen_at:
            told.setdefault(last, []).append(filter_id)
    return told


def _seen_at(connection: Connection, sightings: Sequence[int]) -> dict[int, datetime]:
    seen = tables.sightings.c
    found: dict[int, datetime] = {}
    for some in chunks(list(sightings)):
        rows = connection.execute(select(seen.id, seen.first_seen_at).where(seen.id.in_(some)))
        found.update((row.id, row.first_seen_at) for row in rows)
    return found


def _began_since(
    connection: Connection, known: Mapping[int, Sequence[StoredHit]], seen: Mapping[int, datetime]
) -> dict[int, datetime]:
    """By filter, when the youngest subscription began of those younger than any of these."""
    rows = [row.seen_at for some in known.values() for row in some]
    oldest = min((at for at in (*rows, *seen.values()) if at is not None), default=None)
    if oldest is None:
        return {}
    subscriptions = tables.subscriptions.c
    began = func.max(subscriptions.created_at)
    query = select(subscriptions.filter_id, began).where(subscriptions.created_at > oldest)
    return pairs(connection, query.group_by(subscriptions.filter_id))


def _post(connection: Connection, ids: Sequence[int], filters: Sequence["array[int]"]) -> None:
    blocks: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
    for hit_id, some in zip(ids, filters, strict=True):
        for filter_id in some:
            blocks[filter_id >> BLOCK_BITS].append(key(filter_id, hit_id))
    upto = max(ids)
    rows = [
        {"block": block, "upto": upto, "packed": packed_keys(sorted(keys))}
        for block, keys in sorted(blocks.items())
    ]
    insert_many(connection, tables.postings, rows)


def newest_hit(connection: Connection) -> int:
    """The last match so far."""
    return connection.scalar(select(func.max(tables.hits.c.id))) or 0


def hits_of_filters(
    connection: Connection, wanted: Mapping[int, tuple[int, int]]
) -> dict[int, list[int]]:
    """For each filter its hits after the first and up to the second of these, oldest first."""
    found: dict[int, list[int]] = {filter_id: [] for filter_id in wanted}
    # By where they begin: one that was paused for a year makes the others read no year.
    ordered = sorted(wanted, key=lambda filter_id: wanted[filter_id][0])
    for start in range(0, len(ordered), LOOKED_UP):
        blocks: dict[int, list[int]] = {}
        for filter_id in ordered[start : start + LOOKED_UP]:
            blocks.setdefault(filter_id >> BLOCK_BITS, []).append(filter_id)
        query = (
            "SELECT block, upto, packed FROM postings"
            f" WHERE upto > {wanted[ordered[start]][0]:d} AND block IN"
        )
        for block, _, data in sorted(map(tuple, numbered(connection, query, blocks))):
            keys = unpacked_keys(data)
            for filter_id in blocks[block]:
                after, upto = wanted[filter_id]
                first = bisect_right(keys, key(filter_id, after))
                last = bisect_right(keys, key(filter_id, upto), first)
                if first < last:
                    found[filter_id] += map(hit_of, keys[first:last])
    return found


def hits_of_papers(connection: Connection, papers: Iterable[int]) -> list[StoredHit]:
    """All hits of these papers, in their order."""
    hits = tables.hits.c
    found: list[StoredHit] = []
    for some in chunks(sorted(papers)):
        query = select(hits.id, hits.paper_id, hits.event, hits.filters, hits.seen_at, hits.told_at)
        found += [
            StoredHit(
                row.id, row.paper_id, row.event, unpacked(row.filters), row.seen_at, row.told_at
            )
            for row in connection.execute(query.where(hits.paper_id.in_(some)))
        ]
    return sorted(found, key=lambda one: one.id)


def unite_hits(connection: Connection, *, kept: int, gone: int) -> None:
    """Give one paper's hits to another; what both matched counts once, as it was with `kept`."""
    hits = tables.hits
    rows = hits_of_papers(connection, [kept, gone])
    mine: set[int] = set()
    for row in rows:
        if row.paper_id == kept:
            mine.update(row.filters)
    for row in rows:
        twins = mine.intersection(row.filters) if row.paper_id == gone else None
        if not twins:
            continue
        _unpost(connection, row.id, twins)
        left = [filter_id for filter_id in row.filters if filter_id not in twins]
        if left:
            changed = update(hits).where(hits.c.id == row.id)
            connection.execute(changed.values(filters=packed(left)))
        else:
            connection.execute(delete(hits).where(hits.c.id == row.id))
    connection.execute(update(hits).where(hits.c.paper_id == gone).values(paper_id=kept))


def _unpost(connection: Connection, hit_id: int, filters: Iterable[int]) -> None:
    """Take a hit out of the postings of these filters."""
    postings = tables.postings
    blocks: dict[int, set[int]] = {}
    for filter_id in filters:
        blocks.setdefault(filter_id >> BLOCK_BITS, set()).add(key(filter_id, hit_id))
    for some in chunks(sorted(blocks)):
        # What was stored with a hit is the first row of its block that reaches as far.
        holding = (
            select(postings.c.block, func.min(postings.c.upto))
            .where(postings.c.block.in_(some), postings.c.upto >= hit_id)
            .group_by(postings.c.block)
        )
        for block, upto in connection.execute(holding).all():
            here = (postings.c.block == block) & (postings.c.upto == upto)
            keys = unpacked_keys(
                connection.execute(select(postings.c.packed).where(here)).scalar_one()
            )
            left = [one for one in keys if one not in blocks[block]]
            connection.execute(update(postings).where(here).values(packed=packed_keys(left)))
