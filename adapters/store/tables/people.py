"""Tables of what people say and keep. Members stand here as salted hashes only."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text
from sqlalchemy import Column as SaColumn
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import FRESH, number, table_of


class VoteRow(SQLModel, table=True):
    """A member's verdict on a paper in a channel: 1 relevant, -1 not for us."""

    __tablename__ = "votes"
    __table_args__ = (Index(None, "paper_id"), Index(None, "member"))
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", primary_key=True)
    member: str = Field(sa_type=Text, primary_key=True)
    verdict: int
    voted_at: datetime


class MuteRow(SQLModel, table=True):
    """A filter a member hides. until None: for good."""

    __tablename__ = "mutes"
    member: str = Field(sa_type=Text, primary_key=True)
    term: str = Field(sa_type=Text, primary_key=True)
    platform: str = Field(sa_type=Text)
    workspace: str = Field(sa_type=Text)
    until: datetime | None
    muted_at: datetime


class SavedRow(SQLModel, table=True):
    """A paper a member keeps."""

    __tablename__ = "saved"
    __table_args__ = (Index(None, "paper_id"),)
    member: str = Field(sa_type=Text, primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", primary_key=True)
    platform: str = Field(sa_type=Text)
    workspace: str = Field(sa_type=Text)
    saved_at: datetime


class RecentRow(SQLModel, table=True):
    """A query a member asked lately."""

    __tablename__ = "recent"
    member: str = Field(sa_type=Text, primary_key=True)
    query: str = Field(sa_type=Text, primary_key=True)
    platform: str = Field(sa_type=Text)
    workspace: str = Field(sa_type=Text)
    asked_at: datetime


class ChangeRow(SQLModel, table=True):
    """A change of a channel. touched: JSON of what was before and after, to undo it."""

    __tablename__ = "changes"
    __table_args__ = (Index(None, "channel_id", "id"), FRESH)
    id: int = Field(sa_column=number())
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id")
    who: str = Field(sa_type=Text)
    what: str = Field(sa_type=Text)
    at: datetime
    touched: str = Field(sa_type=Text)
    undone_at: datetime | None


class SettingsRow(SQLModel, table=True):
    """A channel's settings. None: not settled. listed: JSON."""

    __tablename__ = "channel_settings"
    channel_id: int = Field(
        sa_column=SaColumn(
            BigInteger, ForeignKey("channels.id"), primary_key=True, autoincrement=False
        )
    )
    zone: str | None = Field(sa_type=Text)
    mode: str | None = Field(sa_type=Text)
    layout: str | None = Field(sa_type=Text)
    empty: str | None = Field(sa_type=Text)
    managers: str = Field(sa_type=Text)
    listed: str = Field(sa_type=Text)
    tally: bool
    threads: bool
    publish: bool
    is_public: bool | None


votes = table_of(VoteRow)
mutes = table_of(MuteRow)
saved = table_of(SavedRow)
recent = table_of(RecentRow)
changes = table_of(ChangeRow)
channel_settings = table_of(SettingsRow)
