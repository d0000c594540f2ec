"""Tables of what was posted, what happened to it since, and who left."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy import Column as SaColumn
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import FRESH, number, table_of


class PageRow(SQLModel, table=True):
    """The words of a posted page, to write it anew when one of its papers changes.

    message: JSON of the digest it shows. edits: how often it was written anew. told_upto: the
    newest of the news it tells of. votes: how often people judged papers on it; voted_at: when the
    first of the votes was given that it does not show.
    """

    __tablename__ = "pages"
    __table_args__ = (
        Index(
            "ix_pages_voted_at",
            "voted_at",
            sqlite_where=text("voted_at IS NOT NULL"),
            postgresql_where=text("voted_at IS NOT NULL"),
        ),
    )
    delivery_id: int = Field(
        sa_column=SaColumn(
            BigInteger, ForeignKey("deliveries.id"), primary_key=True, autoincrement=False
        )
    )
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", index=True)
    message: str = Field(sa_type=Text)
    edits: int
    told_upto: int = Field(sa_type=BigInteger)
    composed_at: datetime = Field(index=True)
    votes: int
    voted_at: datetime | None


class PagePaperRow(SQLModel, table=True):
    """A paper that stands on a posted page."""

    __tablename__ = "page_papers"
    delivery_id: int = Field(sa_type=BigInteger, foreign_key="pages.delivery_id", primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", primary_key=True, index=True)


class NewsRow(SQLModel, table=True):
    """Something that happened to a stored paper and that posted cards do not say yet."""

    __tablename__ = "news"
    __table_args__ = (FRESH,)
    id: int = Field(sa_column=number())
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", index=True)
    what: str = Field(sa_type=Text)
    at: datetime


class UnfurlRow(SQLModel, table=True):
    """A paper whose card a channel got because somebody posted its link, the last time.

    message_id: of the message with the link.
    """

    __tablename__ = "unfurls"
    __table_args__ = (Index(None, "paper_id"),)
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", primary_key=True)
    paper_id: int = Field(sa_type=BigInteger, foreign_key="papers.id", primary_key=True)
    at: datetime
    message_id: str = Field(sa_type=Text)


class AbsenceRow(SQLModel, table=True):
    """A channel we cannot post to, or (channel empty) a workspace that put us out."""

    __tablename__ = "absences"
    platform: str = Field(sa_type=Text, primary_key=True)
    workspace: str = Field(sa_type=Text, primary_key=True)
    channel: str = Field(sa_type=Text, primary_key=True)
    reason: str = Field(sa_type=Text)
    since: datetime
    purge_at: datetime | None = Field(index=True)


pages = table_of(PageRow)
page_papers = table_of(PagePaperRow)
news = table_of(NewsRow)
unfurls = table_of(UnfurlRow)
absences = table_of(AbsenceRow)
