"""What digests read again and again of stored papers, kept while it cannot have changed.

The papers of a day stand in digest after digest. Who changes a stored paper, or unites two, counts
up the revision of the papers in the same transaction; so what was read at one revision is true
for everybody who reads that revision, in whatever process the change was made.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from adapters.store import meta, tables
from adapters.store.convert import paper_of
from adapters.store.hits import newest_hit
from adapters.store.packing import unpacked
from adapters.store.places import chunks
from bot.model.paper import Event, Paper
from bot.model.record import Candidate

State = tuple[int, int]

MOST_CANDIDATES = 4_096
MOST_BYTES = 32_000_000
"""Of filters that papers matched: two days of 713 papers against 240,000 filters take 24 MB."""


@dataclass(slots=True)
class Kept:
    """Hits with their papers, as of one state of the store.

    candidates, seen_at: by hit. seen_from: the first of these instants. told_at: by hit, of those
    that are news only to who began since. matched: by paper, the filters of each of its hits, in
    ascending order.
    """

    state: State
    candidates: dict[int, Candidate] = field(default_factory=dict)
    seen_at: dict[int, datetime | None] = field(default_factory=dict)
    seen_from: datetime | None = None
    told_at: dict[int, datetime] = field(default_factory=dict)
    matched: dict[int, list[Sequence[int]]] = field(default_factory=dict)
    _bytes: int = 0

    @property
    def is_full(self) -> bool:
        """Whether it is better to begin anew than to keep more."""
        return len(self.candidates) > MOST_CANDIDATES or self._bytes > MOST_BYTES

    def load(self, connection: Connection, hits: Collection[int]) -> None:
        """Have these hits in `candidates`, as far as they are stored."""
        stored = tables.hits.c
        query = select(stored.id, stored.paper_id, stored.event, stored.seen_at, stored.told_at)
        missing = sorted(set(hits) - self.candidates.keys())
        for some in chunks(missing):
            rows = connection.execute(query.where(stored.id.in_(some))).all()
            papers = _papers(connection, {row[1] for row in rows})
            for number, paper_id, event, seen_at, told_at in rows:
                self.candidates[number] = Candidate(
                    hit_id=number, paper_id=paper_id, paper=papers[paper_id], event=Event(event)
                )
                self.seen_at[number] = seen_at
                if told_at is not None:
                    self.told_at[number] = told_at
                if seen_at is not None:
                    self.seen_from = min(self.seen_from or seen_at, seen_at)

    def load_matched(self, connection: Connection, papers: Collection[int]) -> None:
        """Have these papers in `matched`."""
        hits = tables.hits.c
        for some in chunks(sorted(set(papers) - self.matched.keys())):
            query = select(hits.paper_id, hits.filters).where(hits.paper_id.in_(some))
            self.matched |= {paper_id: [] for paper_id in some}
            for paper_id, data in connection.execute(query.order_by(hits.id)).all():
                self.matched[paper_id].append(unpacked(data))
                self._bytes += len(data)


def state_of(connection: Connection) -> State:
    """Changes with everything that is kept."""
    return meta.papers_revision(connection), newest_hit(connection)


def _papers(connection: Connection, ids: Collection[int]) -> dict[int, Paper]:
    papers = tables.papers
    found: dict[int, Paper] = {}
    for some in chunks(sorted(ids)):
        rows = connection.execute(select(papers).where(papers.c.id.in_(some))).mappings().all()
        found.update((row["id"], paper_of(row)) for row in rows)
    return found
