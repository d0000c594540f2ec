"""Every table of the store. Rows are only stored and read here; values are checked in the model.

Dates and instants: see `bot.ports`. Lists are JSON text, so that both engines keep them alike.
The search index stands beside these tables: see `fulltext.py`.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer, Table, Text, text
from sqlalchemy import Column as SaColumn
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Set before any table exists: constraints take their names when their table is defined.
SQLModel.metadata.naming_convention = NAMING

# SQLite gives rows their number only where the column is called INTEGER, of any size.
BIG = BigInteger().with_variant(Integer, "sqlite")
# Without this SQLite gives out the number of a row again once the newest row is gone.
FRESH = {"sqlite_autoincrement": True}


def _number() -> SaColumn[int]:
    """A primary key that grows and is never given out twice."""
    return SaColumn(BIG, Identity(), primary_key=True)


class PaperRow(SQLModel, table=True):
    """A work. id: days since 1970 of its date << 20 | a count, so that ids follow the date.

    rank: how much the source is worth that its bibliography came from.
    """

    __tablename__ = "papers"
    id: int = Field(sa_column=SaColumn(BIG, primary_key=True, autoincrement=False))
    key: str = Field(sa_type=Text, unique=True)
    title: str = Field(sa_type=Text)
    url: str = Field(sa_type=Text)
    abstract: str = Field(sa_type=Text)
    authors: str = Field(sa_type=Text)
    categories: str = Field(sa_type=Text)
    published_on: date | None
    updated_on: date | None
    announced_on: date = Field(index=True)
    version: int | None
    ids: str = Field(sa_type=Text)
    organization: str = Field(sa_type=Text)
    blurb: str = Field(sa_type=Text)
    blurb_origin: str = Field(sa_type=Text)
    comment: str = Field(sa_type=Text)
    journal_ref: str = Field(sa_type=Text)
    license: str = Field(sa_type=Text)
    keywords: str = Field(sa_type=Text)
    code_url: str = Field(sa_type=Text)
    project_url: str = Field(sa_type=Text)
    thumbnail_url: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    upvotes: int | None = Field(sa_type=BigInteger)
    comments: int | None = Field(sa_type=BigInteger)
    stars: int | None = Field(sa_type=BigInteger)
    events: str = Field(sa_type=Text)
    sources: str = Field(sa_type=Text)
    rank: int
    added_at: datetime


class AliasRow(SQLModel, table=True):
    """Every id a paper is known by, its key among them."""

    __tablename__ = "aliases"
    alias: str = Field(sa_type=Text, primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", index=True)


class SightingRow(SQLModel, table=True):
    """A source saying something about a paper. planned_at: when the filters were asked.

    version is 0 where the source names none, so that it can be part of a unique key.
    """

    __tablename__ = "sightings"
    __table_args__ = (
        Unique("paper_id", "source", "event", "version"),
        Index(
            "ix_sightings_unplanned",
            "id",
            sqlite_where=text("planned_at IS NULL"),
            postgresql_where=text("planned_at IS NULL"),
        ),
        FRESH,
    )
    id: int = Field(sa_column=_number())
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id")
    source: str = Field(sa_type=Text)
    event: str = Field(sa_type=Text)
    version: int
    seen_on: date
    source_key: str = Field(sa_type=Text)
    late: bool
    first_seen_at: datetime
    planned_at: datetime | None


class SourceRow(SQLModel, table=True):
    """Where a source was read up to, and how it is doing."""

    __tablename__ = "sources"
    name: str = Field(sa_type=Text, primary_key=True)
    cursor: str | None = Field(sa_type=Text)
    next_poll_at: datetime | None
    last_try_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    failures: int
    problem: str = Field(sa_type=Text)


class ChannelRow(SQLModel, table=True):
    """A place messages go to."""

    __tablename__ = "channels"
    __table_args__ = (Unique("platform", "workspace", "channel"),)
    id: int = Field(sa_column=_number())
    platform: str = Field(sa_type=Text)
    workspace: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)


class FilterRow(SQLModel, table=True):
    """A distinct filter, whoever listens with it. uses: how many subscriptions do."""

    __tablename__ = "filters"
    __table_args__ = (
        Index(
            "ix_filters_in_use",
            "id",
            sqlite_where=text("uses > 0"),
            postgresql_where=text("uses > 0"),
        ),
    )
    id: int = Field(sa_column=_number())
    key: str = Field(sa_type=Text, unique=True)
    canonical: str = Field(sa_type=Text)
    uses: int = Field(sa_type=BigInteger)


class SubscriptionRow(SQLModel, table=True):
    """A channel's standing order."""

    __tablename__ = "subscriptions"
    __table_args__ = (Unique("channel_id", "name"), FRESH)
    id: int = Field(sa_column=_number())
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id")
    name: str = Field(sa_type=Text)
    filter_id: int = Field(sa_type=BigInteger, foreign_key="filters.id", index=True)
    typed: str = Field(sa_type=Text)
    every: str = Field(sa_type=Text)
    at: str | None = Field(sa_type=Text)
    weekday: int | None
    zone: str = Field(sa_type=Text)
    top: int
    mode: str = Field(sa_type=Text)
    created_at: datetime
    created_by: str = Field(sa_type=Text)
    next_due_at: datetime | None = Field(index=True)
    hit_cursor: int = Field(sa_type=BigInteger)
    paused_until: datetime | None


class OccurrenceRow(SQLModel, table=True):
    """One period of a subscription that has been dealt with; no key to it, so it outlives it."""

    __tablename__ = "occurrences"
    subscription_id: int = Field(sa_type=BigInteger, primary_key=True)
    period: str = Field(sa_type=Text, primary_key=True)
    composed_at: datetime


class HitRow(SQLModel, table=True):
    """A paper and a filter that match. Ids grow in the order in which hits become visible."""

    __tablename__ = "hits"
    __table_args__ = (Unique("paper_id", "filter_id"), Index(None, "filter_id", "id"), FRESH)
    id: int = Field(sa_column=_number())
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id")
    filter_id: int = Field(sa_type=BigInteger, foreign_key="filters.id")
    sighting_id: int = Field(sa_type=BigInteger)
    event: str = Field(sa_type=Text)


class LaneRow(SQLModel, table=True):
    """The queue of one channel. Workers claim lanes, never messages.

    ready_at: when its first waiting delivery may go out; None while paused, empty or busy.
    busy_with: the delivery that is being sent or whose fate is unknown; nobody else sends.
    """

    __tablename__ = "lanes"
    __table_args__ = (
        Index(
            "ix_lanes_ready",
            "ready_at",
            sqlite_where=text("ready_at IS NOT NULL"),
            postgresql_where=text("ready_at IS NOT NULL"),
        ),
        Index(
            "ix_lanes_busy",
            "lease_until",
            sqlite_where=text("busy_with IS NOT NULL"),
            postgresql_where=text("busy_with IS NOT NULL"),
        ),
    )
    channel_id: int = Field(
        sa_column=SaColumn(BIG, ForeignKey("channels.id"), primary_key=True, autoincrement=False)
    )
    paused: str | None = Field(sa_type=Text)
    paused_at: datetime | None
    ready_at: datetime | None
    next_at: datetime | None
    busy_with: int | None = Field(sa_type=BigInteger)
    lease_owner: str = Field(sa_type=Text)
    lease_until: datetime | None
    generation: int = Field(sa_type=BigInteger)
    next_seq: int = Field(sa_type=BigInteger)
    last_ok_at: datetime | None


class DeliveryRow(SQLModel, table=True):
    """A message owed to a channel. payload: JSON."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_waiting",
            "channel_id",
            "seq",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_deliveries_open",
            "expires_at",
            sqlite_where=text("state IN ('queued', 'sending', 'unknown')"),
            postgresql_where=text("state IN ('queued', 'sending', 'unknown')"),
        ),
        Index(None, "state", "finished_at"),
        FRESH,
    )
    id: int = Field(sa_column=_number())
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", index=True)
    seq: int = Field(sa_type=BigInteger)
    dedupe_key: str = Field(sa_type=Text, unique=True)
    payload: str = Field(sa_type=Text)
    marker: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    attempt: int
    generation: int = Field(sa_type=BigInteger)
    created_at: datetime
    not_before: datetime
    expires_at: datetime
    first_try_at: datetime | None
    finished_at: datetime | None
    message_id: str = Field(sa_type=Text)
    problem: str = Field(sa_type=Text)


class ShownRow(SQLModel, table=True):
    """A paper a channel was promised: never again in the same channel."""

    __tablename__ = "shown"
    __table_args__ = (Index(None, "paper_id"), Index(None, "delivery_id"))
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", primary_key=True)
    delivery_id: int = Field(sa_type=BigInteger, foreign_key="deliveries.id")
    subscription: str = Field(sa_type=Text)
    promised_at: datetime


class InboxRow(SQLModel, table=True):
    """An event or interaction that has arrived already."""

    __tablename__ = "inbox"
    scope: str = Field(sa_type=Text, primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    seen_at: datetime = Field(index=True)


class MetaRow(SQLModel, table=True):
    """What the store knows about itself: the revision of the filters, the age of the index."""

    __tablename__ = "meta"
    name: str = Field(sa_type=Text, primary_key=True)
    value: str = Field(sa_type=Text)


def _table(row: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(row.__tablename__)]


papers = _table(PaperRow)
aliases = _table(AliasRow)
sightings = _table(SightingRow)
sources = _table(SourceRow)
channels = _table(ChannelRow)
filters = _table(FilterRow)
subscriptions = _table(SubscriptionRow)
occurrences = _table(OccurrenceRow)
hits = _table(HitRow)
lanes = _table(LaneRow)
deliveries = _table(DeliveryRow)
shown = _table(ShownRow)
inbox = _table(InboxRow)
meta = _table(MetaRow)
METADATA = SQLModel.metadata
