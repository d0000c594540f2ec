"""Papers on their way into the store: each batch is merged here before a row is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from adapters.store import merging, tables
from adapters.store.convert import paper_of, storable
from adapters.store.timing import Timing
from bot.model.paper import QUIET_EVENTS, Event, Paper, Sighting
from bot.rules.alerts import HOT_FOR

MOST_IDS = 20  # a record with more ids of one work is broken

SightingKey = tuple[Event, int]


@dataclass(slots=True, eq=False)
class Draft:
    """A paper of this batch. id, stored: None until it has a row.

    absorbed: rows that turned out to be the same work. sightings: new ones, by event and version.
    """

    paper: Paper
    rank: int
    id: int | None = None
    stored: Paper | None = None
    added_at: datetime | None = None
    seen: set[SightingKey] = field(default_factory=set)
    sightings: dict[SightingKey, Sighting] = field(default_factory=dict)
    absorbed: list["Draft"] = field(default_factory=list)
    is_hot: bool = False

    @property
    def is_new(self) -> bool:
        return self.id is None

    @property
    def is_changed(self) -> bool:
        return self.stored is not self.paper or bool(self.sightings or self.absorbed)

    def heat(self, today: date, timing: Timing) -> None:
        """Mark a paper that was known before, has risen, and that nothing else announces.

        What is late, or quiet, announces nothing to a filter with a threshold.
        """
        announced = any(
            event not in QUIET_EVENTS and not timing.of_sighting(one.on, one.at).late
            for (event, _), one in self.sightings.items()
        )
        if self.stored is None or announced or self.paper.announced_on is None:
            return
        young = today - self.paper.announced_on <= HOT_FOR
        if young and merging.raised(self.stored.metrics, self.paper.metrics):
            self.is_hot = True
            self.paper = replace(self.paper, events=self.paper.events | {Event.HOT})


class Batch:
    """The papers a few sightings are about, looked up at once and merged in order."""

    def __init__(self, connection: Connection, source: str, announced: Sequence[Sighting]) -> None:
        """Read what is stored about the papers of these sightings."""
        self.source = source
        self.rank = merging.rank_of(source)
        self.drafts: list[Draft] = []
        self._by_alias: dict[str, Draft] = {}
        self._announced = [_storable(one) for one in announced]
        self._read(connection)

    def _read(self, connection: Connection) -> None:
        wanted = {known for one in self._announced for known in ids_of(one.paper)}
        aliases = tables.aliases.c
        found = connection.execute(
            select(aliases.alias, aliases.paper_id).where(aliases.alias.in_(wanted))
        ).all()
        by_id = {row_id: None for _, row_id in found}
        drafts = {draft.id: draft for draft in read_drafts(connection, by_id, self.source)}
        self._by_alias = {alias: drafts[row_id] for alias, row_id in found}
        self.drafts = [drafts[row_id] for row_id in by_id]

    def merge_all(self, today: date, timing: Timing) -> None:
        """Take every sighting in."""
        for one in self._announced:
            self._merge(one)
        for draft in self.drafts:
            draft.heat(today, timing)

    def _merge(self, one: Sighting) -> None:
        ids = ids_of(one.paper)
        event = frozenset({one.event})
        paper = replace(
            one.paper,
            ids=ids,
            announced_on=one.on,
            events=one.paper.events | event,
            sources=one.paper.sources | {self.source},
        )
        draft = self._draft_of(ids)
        if draft is None:
            draft = Draft(paper, self.rank)
            self.drafts.append(draft)
        else:
            draft.paper, draft.rank = merging.merge(draft.paper, draft.rank, paper, self.source)
        for known in ids:
            self._by_alias[known] = draft
        key = (one.event, one.paper.version or 0)
        if key not in draft.seen:
            draft.seen.add(key)
            draft.sightings[key] = one

    def _draft_of(self, ids: Iterable[str]) -> Draft | None:
        """The draft with any of these ids; several of them become one."""
        known = dict.fromkeys(filter(None, map(self._by_alias.get, ids)))
        if len(known) < 2:
            return next(iter(known), None)
        oldest, *others = sorted(known, key=lambda draft: (_age(draft), self.drafts.index(draft)))
        for other in others:
            self._absorb(oldest, other)
        return oldest

    def _absorb(self, kept: Draft, other: Draft) -> None:
        kept.paper, kept.rank = _union(kept, other)
        kept.seen |= other.seen
        for key, sighting in other.sightings.items():
            kept.sightings.setdefault(key, sighting)
        kept.absorbed += [one for one in (other, *other.absorbed) if not one.is_new]
        self.drafts.remove(other)
        for alias, draft in self._by_alias.items():
            if draft is other:
                self._by_alias[alias] = kept

    @property
    def new_aliases(self) -> list[tuple[str, Draft]]:
        """Ids that have no row yet."""
        return [
            (alias, draft)
            for alias, draft in self._by_alias.items()
            if draft.stored is None or alias not in draft.stored.ids
        ]


def _storable(sighting: Sighting) -> Sighting:
    paper = storable(sighting.paper)
    return sighting if paper is sighting.paper else replace(sighting, paper=paper)


def _union(kept: Draft, other: Draft) -> tuple[Paper, int]:
    """Both papers as one: the better bibliography wins, as if its source had spoken last."""
    rank = max(kept.rank, other.rank)
    voice = next((name for name, worth in merging.RANKS.items() if worth == other.rank), "")
    paper, _ = merging.merge(kept.paper, kept.rank, other.paper, voice)
    return paper, rank


def _age(draft: Draft) -> tuple[bool, datetime | None, int]:
    if draft.id is None or draft.added_at is None:
        return (True, None, 0)
    return (False, draft.added_at, draft.id)


def ids_of(paper: Paper) -> tuple[str, ...]:
    """Every id of a paper, its key first."""
    return tuple(dict.fromkeys((paper.key, *paper.ids)))[:MOST_IDS]


def read_drafts(connection: Connection, ids: Iterable[int], source: str) -> list[Draft]:
    """The stored papers with these ids, with what `source` has said about them so far."""
    papers, sightings = tables.papers.c, tables.sightings.c
    wanted = list(ids)
    if not wanted:
        return []
    drafts = {}
    for row in connection.execute(select(tables.papers).where(papers.id.in_(wanted))).mappings():
        paper = paper_of(row)
        drafts[row["id"]] = Draft(
            paper, row["rank"], id=row["id"], stored=paper, added_at=row["added_at"]
        )
    said = select(sightings.paper_id, sightings.event, sightings.version).where(
        sightings.source == source, sightings.paper_id.in_(wanted)
    )
    for paper_id, event, version in connection.execute(said):
        drafts[paper_id].seen.add((Event(event), version))
    return list(drafts.values())


def day_of(paper: Paper) -> date:
    """The date a paper is sorted by: never a later one than that on which it was announced."""
    days = [day for day in (paper.published_on, paper.announced_on) if day is not None]
    if not days:
        msg = f"{paper.key} has no date; sightings always bring one"
        raise ValueError(msg)
    return min(days)
