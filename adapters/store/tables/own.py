"""Tables the store keeps for itself."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import table_of


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


inbox = table_of(InboxRow)
meta = table_of(MetaRow)
