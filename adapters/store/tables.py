"""The tables. They never leave this folder; `convert` is the border to the model."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""A growing id: SQLite only counts up by itself in a column of type INTEGER."""


def _id() -> Any:  # noqa: ANN401 - a column for a field of any type, as SQLModel wants it
    return Field(default=None, sa_column=Column(SERIAL, primary_key=True))


class PaperRow(SQLModel, table=True):
    """One paper. id grows with its date, so that newest-first is a walk along the key."""

    __tablename__ = "papers"
    id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    key: str = Field(unique=True)
    title: str
    url: str
    abstract: str
    authors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    categories: list[str] = Field(sa_column=Column(JSON, nullable=False))
    published_on: date | None
    updated_on: date | None
    announced_on: date | None = Field(index=True)
    version: int | None
    organization: str
    extra: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    keywords: list[str] = Field(sa_column=Column(JSON, nullable=False))
    has_code: bool
    status: str
    language: str
    upvotes: int | None
    comments: int | None
    stars: int | None
    events: str
    sources: str
    rank: int


class AliasRow(SQLModel, table=True):
    """Every known identity of a paper, its key among them."""

    __tablename__ = "paper_ids"
    alias: str = Field(primary_key=True)
    paper_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class SightingRow(SQLModel, table=True):
    """One source saying something about a paper."""

    __tablename__ = "sightings"
    __table_args__ = (
        UniqueConstraint("source", "paper_id", "event", "version"),
        Index(
            "ix_sightings_unplanned",
            "id",
            sqlite_where=text("planned = 0"),
            postgresql_where=text("NOT planned"),
        ),
    )
    id: int | None = _id()
    paper_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    source: str
    event: str
    version: int
    on: date
    source_key: str
    first_seen_at: datetime
    planned: bool
    late: bool


class SourceRow(SQLModel, table=True):
    """How one source is doing, and where it was read up to."""

    __tablename__ = "sources"
    name: str = Field(primary_key=True)
    cursor: str | None = None
    next_poll_at: datetime | None = None
    last_try_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0
    problem: str = ""


class FilterRow(SQLModel, table=True):
    """One distinct topic filter, shared by all that listen with it."""

    __tablename__ = "filters"
    id: int | None = _id()
    key: str = Field(unique=True)
    canonical: str


class RevisionRow(SQLModel, table=True):
    """A counter that moves whenever the set of filters in use does."""

    __tablename__ = "revisions"
    name: str = Field(primary_key=True)
    value: int


class SubscriptionRow(SQLModel, table=True):
    """A channel's standing order."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "channel", "name_key"),
        Index("ix_subscriptions_due", "next_due_at"),
    )
    id: int | None = _id()
    platform: str
    workspace: str
    channel: str
    name: str
    name_key: str
    filter_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    typed: str
    every: str
    at: str | None
    weekday: int | None
    zone: str
    top: int
    mode: str
    created_at: datetime
    created_by: str
    next_due_at: datetime | None
    hit_cursor: int = Field(sa_column=Column(BigInteger, nullable=False))
    paused_until: datetime | None


class HitRow(SQLModel, table=True):
    """A paper and a filter that match, once per pair."""

    __tablename__ = "hits"
    __table_args__ = (
        UniqueConstraint("filter_id", "paper_id"),
        Index("ix_hits_filter", "filter_id", "id"),
    )
    id: int | None = _id()
    filter_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    paper_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    sighting_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    event: str
    at: datetime


class OccurrenceRow(SQLModel, table=True):
    """One firing of a subscription; its period happens once."""

    __tablename__ = "occurrences"
    subscription_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    period: str = Field(primary_key=True)
    at: datetime


class LaneRow(SQLModel, table=True):
    """The ordered line of deliveries to one channel."""

    __tablename__ = "lanes"
    __table_args__ = (
        UniqueConstraint("platform", "workspace", "channel"),
        Index("ix_lanes_ready", "waiting", "next_at"),
    )
    id: int | None = _id()
    platform: str
    workspace: str
    channel: str
    waiting: bool = False  # a delivery is queued: what makes claiming cheap among many lanes
    paused: str | None = None
    lease_owner: str | None = None
    lease_until: datetime | None = None
    next_at: datetime
    last_ok_at: datetime | None = None


class DeliveryRow(SQLModel, table=True):
    """One message owed to one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index(
            "ix_deliveries_lane",
            "lane_id",
            "id",
            sqlite_where=text("state IN ('queued','sending','unknown')"),
            postgresql_where=text("state IN ('queued','sending','unknown')"),
        ),
        Index("ix_deliveries_state", "state", "lease_until"),
    )
    id: int | None = _id()
    lane_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    subscription_id: int | None = Field(sa_column=Column(BigInteger, nullable=True))
    dedupe_key: str = Field(unique=True)
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    state: str
    attempt: int
    generation: int
    created_at: datetime
    not_before: datetime
    first_try_at: datetime | None
    lease_until: datetime | None
    expires_at: datetime
    finished_at: datetime | None
    message_id: str
    problem: str


class ShownRow(SQLModel, table=True):
    """A paper promised or shown to a channel: once, whatever subscription brought it."""

    __tablename__ = "shown"
    lane_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    paper_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    delivery_id: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    subscription: str
    at: datetime


class InboxRow(SQLModel, table=True):
    """Events and interactions received, so that a repeat has no second effect."""

    __tablename__ = "inbox"
    scope: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
