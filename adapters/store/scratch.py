"""A throw-away database with the same people and settings, but no past: for simulations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, select, update

from adapters.store import tables
from adapters.store.bulk import insert_many
from adapters.store.convert import paper_of
from adapters.store.database import run
from adapters.store.engines import database_url, open_engine
from adapters.store.fulltext_sqlite import SqliteIndex
from adapters.store.places import pairs
from adapters.store.saving import Saving
from adapters.store.schema import migrate
from adapters.store.timing import Timing
from bot.model.paper import Announcements, Event, Paper, Sighting

ORDERED = ("filters", "channels", "channel_settings", "subscriptions", "mutes")
"""Tables that hold what people want. All others hold what happened, by numbers that mean nothing in
a copy without a past: pages, votes, limits that were used up today, tokens.
"""

BATCH = 5_000
_UNCHECKED = "PRAGMA foreign_keys = OFF"
BEFORE = "simulation"


def make_scratch(url: str, folder: Path, since: date, until: date) -> str:
    """A SQLite database in `folder` to play `since` to `until` on; its address.

    It has everything people ordered in the database at `url`, which is only read, and knows which
    papers of these dates its channels had been shown before.
    """
    scratch_url = f"sqlite:///{folder / 'scratch.db'}"
    migrate(scratch_url)
    source = open_engine(database_url(url), threads=1, writes=False)
    scratch = open_engine(database_url(scratch_url), threads=1, writes=True)
    # What a channel was shown before points to messages that are not here.
    event.listen(scratch, "connect", lambda connection, _: connection.execute(_UNCHECKED))
    try:
        with source.connect() as reading:
            _copy(reading, scratch)
            shown = _shown_before(reading, since, until)
        run(scratch, lambda connection: _begin(connection, datetime.combine(since, time(), UTC)))
        run(scratch, lambda connection: _carry(connection, shown))
    finally:
        source.dispose()
        scratch.dispose()
    return scratch_url


def _copy(reading: Connection, scratch: Engine) -> None:
    for name in ORDERED:
        table = tables.METADATA.tables[name]
        for rows in _batches(reading, select(table)):
            run(scratch, partial(insert_many, table=table, rows=rows, once=True))


def _batches(connection: Connection, query: Any) -> Iterator[list[dict[str, Any]]]:
    result = connection.execution_options(yield_per=BATCH).execute(query)
    for some in result.mappings().partitions():
        yield [dict(row) for row in some]


def _begin(connection: Connection, start: datetime) -> None:
    """Everybody starts at `start` without a past; every lane is open and empty."""
    subscriptions, channels = tables.subscriptions, tables.channels
    connection.execute(
        update(subscriptions).values(
            hit_cursor=0, heard_until=None, created_at=start, next_due_at=None
        )
    )
    ids = connection.scalars(select(channels.c.id)).all()
    rows = [{"channel_id": one, "lease_owner": "", "generation": 0, "next_seq": 1} for one in ids]
    insert_many(connection, tables.lanes, rows)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A paper of the period that a channel had been shown before it."""

    channel_id: int
    paper: Paper
    subscription: str
    at: datetime


def _shown_before(connection: Connection, since: date, until: date) -> list[_Shown]:
    shown, seen, papers = tables.shown.c, tables.sightings.c, tables.papers
    query = (
        select(papers, shown.channel_id, shown.subscription, shown.promised_at)
        .join(tables.shown, shown.paper_id == papers.c.id)
        .where(
            shown.promised_at < datetime.combine(since, time(), UTC),
            papers.c.id.in_(
                select(seen.paper_id).where(seen.seen_on >= since, seen.seen_on <= until)
            ),
        )
    )
    return [
        _Shown(row["channel_id"], paper_of(row), row["subscription"], row["promised_at"])
        for row in connection.execute(query).mappings()
    ]


def _carry(connection: Connection, shown: list[_Shown]) -> None:
    """Let channels know what they were shown; the papers are stored without being news."""
    if not shown:
        return
    papers = {one.paper.key: one.paper for one in shown}
    sightings = tuple(
        Sighting(paper=paper, event=Event.NEW, on=date.min) for paper in papers.values()
    )
    at = min(one.at for one in shown)
    saving = Saving(connection, SqliteIndex(), BEFORE, at)
    saving.save(Announcements(sightings=sightings), Timing(at, late_before=date.max))
    aliases = tables.aliases.c
    ids = pairs(connection, select(aliases.alias, aliases.paper_id))
    rows = [
        {
            "channel_id": one.channel_id,
            "paper_id": ids[one.paper.key],
            "delivery_id": 0,
            "subscription": one.subscription,
            "promised_at": one.at,
        }
        for one in shown
    ]
    insert_many(connection, tables.shown, rows, once=True)
