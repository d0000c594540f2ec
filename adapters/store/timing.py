"""When sightings count as taken in: now, or, after a backup was restored, when the lost one had."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from adapters.store import meta, tables
from bot.model.record import IMPORT
from bot.rules.mailings import delay, kind_of, taken_in_by

EVIDENCE = timedelta(days=14)
"""How far back it is looked when a source was read."""
LONGEST_DELAY = timedelta(days=2)
"""Later ones tell of a bot that was away, not of the source."""
BEFORE_BACKUP = timedelta(days=3)
"""So long before the backup what the lost database learned only after it can have been dated."""


class Times(NamedTuple):
    """What a row of `sightings` says about time. late: too old to be news to anybody."""

    on: date
    late: bool
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """What the lost database learned from a source after the backup.

    since: the first date of it. after: `delay` of the source. is_new: the backup does not know the
    source, so that what it tells of days gone by is news to nobody.
    """

    source: str
    since: date
    lost_at: datetime
    after: timedelta | None
    is_new: bool

    def times(self, on: date, at: datetime | None) -> Times | None:
        """Of what the lost database had taken in; None of everything else."""
        if on < self.since:
            return None
        taken_in = taken_in_by(self.source, on, at, self.after)
        return Times(on, self.is_new, taken_in) if taken_in <= self.lost_at else None


@dataclass(frozen=True, slots=True)
class Timing:
    """Gives the sightings of one reading their times. late_before: see `bot.ports.PaperShelf`."""

    now: datetime
    late_before: date | None = None
    gap: Gap | None = None

    @classmethod
    def of(
        cls, connection: Connection, source: str, now: datetime, late_before: date | None
    ) -> "Timing":
        """As it stands in the store."""
        return cls(now, late_before, _gap(connection, source))

    def of_sighting(self, on: date, at: datetime | None = None) -> Times:
        """Of something said on a date, or at a moment if the source tells it."""
        again = self.gap.times(on, at) if self.gap else None
        late = self.late_before is not None and on < self.late_before
        return again or Times(on, late, self.now)


def _gap(connection: Connection, source: str) -> Gap | None:
    lost_at = meta.lost_at(connection)
    if lost_at is None:
        return None
    sources = tables.sources.c
    cursor = connection.scalar(select(sources.cursor).where(sources.name == source))
    return Gap(
        source=source,
        since=date.fromisoformat(meta.read(connection, meta.LOST_SINCE) or f"{lost_at.date()}"),
        lost_at=lost_at,
        after=_delay(connection, source, lost_at) if kind_of(source) == "arxiv" else None,
        is_new=cursor is None and source != IMPORT,
    )


def _delay(connection: Connection, source: str, lost_at: datetime) -> timedelta | None:
    """The longest of the last days before the loss; None if there is no evidence."""
    seen = tables.sightings.c
    days = (
        select(seen.seen_on, func.max(seen.first_seen_at).label("at"))
        .where(seen.source == source, seen.seen_on >= (lost_at - EVIDENCE).date(), ~seen.late)
        .where(seen.first_seen_at <= lost_at)
        .group_by(seen.seen_on)
    )
    found = (delay(day, at) for day, at in connection.execute(days))
    return max((one for one in found if one <= LONGEST_DELAY), default=None)
