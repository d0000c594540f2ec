"""Tables of papers, and of what sources said about them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy import Column as SaColumn
from sqlalchemy import UniqueConstraint as Unique
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import BIG, FRESH, number, table_of


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


_ANNOUNCED = text("planned_at IS NULL AND source <> 'import'")


class SightingRow(SQLModel, table=True):
    """A source saying something about a paper. planned_at: when the filters were asked.

    version is 0 where the source names none, so that it can be part of a unique key.
    """

    __tablename__ = "sightings"
    __table_args__ = (
        Unique("paper_id", "source", "event", "version"),
        Index(None, "seen_on"),
        Index(
            "ix_sightings_unplanned",
            "id",
            sqlite_where=text("planned_at IS NULL"),
            postgresql_where=text("planned_at IS NULL"),
        ),
        Index(
            "ix_sightings_announced",
            "id",
            sqlite_where=_ANNOUNCED,
            postgresql_where=_ANNOUNCED,
        ),
        FRESH,
    )
    id: int = Field(sa_column=number())
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


papers = table_of(PaperRow)
aliases = table_of(AliasRow)
sightings = table_of(SightingRow)
sources = table_of(SourceRow)
