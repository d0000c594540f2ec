"""Tables of channels and of what they ordered."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlalchemy import Column as SaColumn
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import FRESH, number, table_of


class ChannelRow(SQLModel, table=True):
    """A place messages go to."""

    __tablename__ = "channels"
    __table_args__ = (Unique("platform", "workspace", "channel"),)
    id: int = Field(sa_column=number())
    platform: str = Field(sa_type=Text)
    workspace: str = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)


class FilterRow(SQLModel, table=True):
    """A distinct filter, whoever listens with it. uses: how many subscriptions do.

    revision: which change of the set of filters in use brought it in, or took it out, last.
    """

    __tablename__ = "filters"
    __table_args__ = (
        Index(
            "ix_filters_in_use",
            "id",
            sqlite_where=text("uses > 0"),
            postgresql_where=text("uses > 0"),
        ),
    )
    id: int = Field(sa_column=number())
    key: str = Field(sa_type=Text, unique=True)
    canonical: str = Field(sa_type=Text)
    uses: int = Field(sa_type=BigInteger)
    revision: int = Field(sa_type=BigInteger, index=True)


class SubscriptionRow(SQLModel, table=True):
    """A channel's standing order."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Unique("channel_id", "name"),
        Index(
            "ix_subscriptions_instant",
            "filter_id",
            sqlite_where=text("every = 'instant'"),
            postgresql_where=text("every = 'instant'"),
        ),
        FRESH,
    )
    id: int = Field(sa_column=number())
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
    layout: str = Field(sa_type=Text)
    empty: str = Field(sa_type=Text)
    created_at: datetime = Field(index=True)
    created_by: str = Field(sa_type=Text)
    next_due_at: datetime | None = Field(index=True)
    hit_cursor: int = Field(sa_type=BigInteger)
    heard_until: datetime | None
    paused_until: datetime | None


class OccurrenceRow(SQLModel, table=True):
    """One period of a subscription that has been dealt with; no key to it, so it outlives it.

    filter_id, hit_after, hit_upto: the hits it chose from, so that what it left out can be listed.
    """

    __tablename__ = "occurrences"
    subscription_id: int = Field(sa_type=BigInteger, primary_key=True)
    period: str = Field(sa_type=Text, primary_key=True)
    composed_at: datetime
    filter_id: int = Field(sa_type=BigInteger)
    hit_after: int = Field(sa_type=BigInteger)
    hit_upto: int = Field(sa_type=BigInteger)


class HitRow(SQLModel, table=True):
    """What one sighting told: a paper, and the filters that match it and had not before.

    Ids grow in the order in which hits become visible; digests count by them. filters: see
    `adapters.store.packing`. seen_at: when the sighting was taken in. told_at: None, or these
    filters had matched the paper by a sighting of that time already, and this is news only to
    subscriptions that have begun since.
    """

    __tablename__ = "hits"
    __table_args__ = (Index(None, "paper_id"), FRESH)
    id: int = Field(sa_column=number())
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id")
    sighting_id: int = Field(sa_type=BigInteger)
    event: str = Field(sa_type=Text)
    filters: bytes = Field(sa_type=LargeBinary)
    seen_at: datetime | None
    told_at: datetime | None


class PostingsRow(SQLModel, table=True):
    """The hits of neighbouring filters that were stored together: hits, looked up by filter.

    block: the filters' ids without their last bits. upto: the highest hit. packed: filters with
    their hits. See `adapters.store.hits`.
    """

    __tablename__ = "postings"
    block: int = Field(sa_column=SaColumn(BigInteger, primary_key=True, autoincrement=False))
    upto: int = Field(sa_column=SaColumn(BigInteger, primary_key=True, autoincrement=False))
    packed: bytes = Field(sa_type=LargeBinary)


channels = table_of(ChannelRow)
filters = table_of(FilterRow)
subscriptions = table_of(SubscriptionRow)
occurrences = table_of(OccurrenceRow)
hits = table_of(HitRow)
postings = table_of(PostingsRow)
