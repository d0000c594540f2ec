"""Store announcements: papers, sightings, the search index and the source's cursor, at once."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, text, update

from adapters.folding import Folder, Folding
from adapters.store import meta, tables
from adapters.store.bulk import insert_many
from adapters.store.convert import paper_row
from adapters.store.drafts import Batch, Draft, day_of
from adapters.store.fulltext import Index
from adapters.store.hints import tell
from adapters.store.locks import Lock, take
from adapters.store.pages import note_news
from adapters.store.timing import Times, Timing
from adapters.store.uniting import unite
from bot.model.hint import Hint
from bot.model.paper import Announcements, Event, Paper, Saved, Sighting
from bot.rules.news import news_of
from bot.rules.search_tokens import indexable

BATCH = 1_000  # sightings merged at once; more gains nothing
MANY = 3_000  # sightings in one go from which on a second process for folding pays off
EPOCH = date(1970, 1, 1).toordinal()
PER_DAY = 1 << 20
PAPER_COLUMNS = frozenset(tables.papers.c.keys()) - {"id", "added_at"}


@dataclass(frozen=True, slots=True)
class Reindexing:
    """Ids to take out of the index and to put into it, and their papers being folded."""

    outdated: list[int]
    before: Folding
    indexed: list[int]
    after: Folding


class Saving:
    """One run of `PaperShelf.save`, inside one transaction."""

    def __init__(
        self,
        connection: Connection,
        index: Index,
        source: str,
        now: datetime,
        folder: Folder | None = None,
    ) -> None:
        """folder: folds large numbers of papers in its own process; None folds them here."""
        self.connection = connection
        self.index = index
        self.folder = folder or Folder()
        self.may_have_help = folder is not None
        self.source = source
        self.now = now
        self.outcome: dict[int, str] = {}
        self.altered = False
        self.unindexed: deque[Reindexing] = deque()

    def save(self, announcements: Announcements, timing: Timing) -> Saved:
        """Store it all and count papers by what became of them."""
        take(self.connection, Lock.PAPERS)
        if self.may_have_help and len(announcements.sightings) >= MANY:
            self.folder.get_help()
        else:
            self.folder.dismiss()
        for start in range(0, len(announcements.sightings), BATCH):
            self._save_batch(announcements.sightings[start : start + BATCH], timing)
        self._write_index()
        if self.altered:
            meta.next_papers_revision(self.connection)
        self._move_cursor(announcements.cursor)
        if announcements.sightings:
            tell(self.connection, Hint.PAPERS)
        outcomes = list(self.outcome.values())
        return Saved(**{name: outcomes.count(name) for name in ("new", "merged", "unchanged")})

    def _save_batch(self, sightings: Sequence[Sighting], timing: Timing) -> None:
        batch = Batch(self.connection, self.source, sightings)
        batch.merge_all(self.now.date(), timing)
        changed = [draft for draft in batch.drafts if draft.is_changed]
        new = [draft for draft in changed if draft.is_new]
        old = [draft for draft in changed if not draft.is_new]
        self.altered = self.altered or bool(old)
        self._unite(old)
        self._number(new)
        self._write_papers(new, old)
        self._write_aliases(batch)
        self._write_sightings(changed, timing)
        self._fold(changed)
        for draft in batch.drafts:
            self._count(draft)

    def _count(self, draft: Draft) -> None:
        if draft.stored is None:
            outcome = "new"
        elif draft.is_changed:
            outcome = "merged"
        else:
            outcome = "unchanged"
        if draft.id is not None and self.outcome.get(draft.id, "unchanged") == "unchanged":
            self.outcome[draft.id] = outcome

    def _unite(self, drafts: Iterable[Draft]) -> None:
        for draft in drafts:
            for other in draft.absorbed:
                if draft.id is not None and other.id is not None and other.stored is not None:
                    self._write_index()
                    self.index.remove(self.connection, [(other.id, indexable(other.stored))])
                    unite(self.connection, kept=draft.id, gone=other.id)
                    self.outcome.pop(other.id, None)

    def _number(self, drafts: Sequence[Draft]) -> None:
        """Give new papers their ids: by date, within a date in the order they came."""
        days = {_day_number(draft.paper) for draft in drafts}
        taken = dict(self._highest(days)) if days else {}
        for draft in drafts:
            day = _day_number(draft.paper)
            draft.id = taken[day] = taken.get(day, day * PER_DAY - 1) + 1
            draft.added_at = self.now

    def _highest(self, days: Iterable[int]) -> Iterator[tuple[int, int]]:
        values = ", ".join(f"({day})" for day in sorted(days))
        query = (
            (
                f"WITH days(day) AS (VALUES {values}) SELECT day, (SELECT max(id) FROM papers"
                f" WHERE id >= day * {PER_DAY} AND id < (day + 1) * {PER_DAY}) FROM days"
            )
            .replace("day *", "CAST(day AS bigint) *")
            .replace("(day + 1)", "CAST(day + 1 AS bigint)")
        )
        for day, highest in self.connection.execute(text(query)):
            if highest is not None:
                yield day, highest

    def _write_papers(self, new: Sequence[Draft], old: Sequence[Draft]) -> None:
        if new:
            rows = [
                paper_row(draft.paper) | {"id": draft.id, "rank": draft.rank, "added_at": self.now}
                for draft in new
            ]
            insert_many(self.connection, tables.papers, rows)
        happened = {
            draft.id: news
            for draft in old
            if draft.id and draft.stored and (news := news_of(draft.stored, draft.paper))
        }
        note_news(self.connection, happened, now=self.now)
        for draft in old:
            if draft.stored is draft.paper:
                continue
            row = paper_row(draft.paper) | {"rank": draft.rank}
            self.connection.execute(
                update(tables.papers).where(tables.papers.c.id == draft.id), row
            )

    def _write_aliases(self, batch: Batch) -> None:
        rows = [{"alias": alias, "paper_id": draft.id} for alias, draft in batch.new_aliases]
        # Ids of a united paper have rows already; those point to it by now.
        insert_many(self.connection, tables.aliases, rows, once=True)

    def _write_sightings(self, drafts: Iterable[Draft], timing: Timing) -> None:
        rows = []
        for draft in drafts:
            for (event, version), sighting in draft.sightings.items():
                row = self._sighting_row(draft, event, timing.of_sighting(sighting.on, sighting.at))
                rows.append(row | {"version": version, "source_key": sighting.source_key})
            if draft.is_hot:
                self._forget_hot(draft)
                hot = timing.of_sighting(self.now.date())
                rows.append(self._sighting_row(draft, Event.HOT, hot))
        insert_many(self.connection, tables.sightings, rows)

    def _sighting_row(self, draft: Draft, event: Event, times: Times) -> dict[str, Any]:
        return {
            "paper_id": draft.id,
            "source": self.source,
            "event": event.value,
            "version": 0,
            "seen_on": times.on,
            "source_key": "",
            "late": times.late,
            "first_seen_at": times.first_seen_at,
            "planned_at": None,
        }

    def _forget_hot(self, draft: Draft) -> None:
        # A new row with a new id, so that a planner that read the counters before this rise
        # cannot tick this one off.
        seen = tables.sightings.c
        self.connection.execute(
            delete(tables.sightings).where(
                seen.paper_id == draft.id,
                seen.source == self.source,
                seen.event == Event.HOT.value,
            )
        )

    def _fold(self, drafts: Iterable[Draft]) -> None:
        """Have the changed papers folded, while the next ones are merged."""
        changed = [draft for draft in drafts if _is_indexed_anew(draft)]
        new = {draft.id: draft.paper for draft in changed if draft.id is not None}
        old = {draft.id: draft.stored for draft in changed if draft.id is not None and draft.stored}
        before = self.folder.begin(list(old.values()))
        after = self.folder.begin(list(new.values()))
        self.unindexed.append(Reindexing(list(old), before, list(new), after))

    def _write_index(self) -> None:
        """Bring the index up to what was merged so far, in the same order."""
        while self.unindexed:
            one = self.unindexed.popleft()
            before, after = one.before.result(), one.after.result()
            self.index.remove(self.connection, list(zip(one.outdated, before, strict=True)))
            self.index.add(self.connection, list(zip(one.indexed, after, strict=True)))

    def _move_cursor(self, cursor: str | None) -> None:
        sources = tables.sources
        values: dict[str, Any] = {} if cursor is None else {"cursor": cursor}
        if "new" in self.outcome.values():
            values["last_new_at"] = self.now
        if not values:
            return
        mine = sources.c.name == self.source
        moved = self.connection.execute(update(sources).where(mine).values(**values))
        if not moved.rowcount and cursor is not None:
            row = {"name": self.source, "failures": 0, "problem": ""} | values
            self.connection.execute(insert(sources), row)


def _day_number(paper: Paper) -> int:
    return max(day_of(paper).toordinal() - EPOCH, 0)


def _is_indexed_anew(draft: Draft) -> bool:
    return draft.stored is None or _indexed(draft.stored) != _indexed(draft.paper)


def _indexed(paper: Paper) -> tuple[object, ...]:
    """What the search index holds of a paper."""
    return (
        paper.title,
        paper.abstract,
        paper.authors,
        paper.organization,
        paper.categories,
        paper.sources,
        paper.events,
        bool(paper.code_url),
        paper.version,
    )
