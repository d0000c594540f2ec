"""Tables of what one process at a time may hold."""

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlalchemy import Index as SaIndex
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import FRESH, number, table_of


class LeaseRow(SQLModel, table=True):
    """Who holds a thing, and until when. generation: grows with every new holder."""

    __tablename__ = "leases"
    name: str = Field(sa_type=Text, primary_key=True)
    holder: str = Field(sa_type=Text)
    generation: int = Field(sa_type=BigInteger)
    held_until: datetime | None


class UseRow(SQLModel, table=True):
    """One use of a thing that may be used only so often."""

    __tablename__ = "uses"
    __table_args__ = (SaIndex(None, "name", "used_at"), FRESH)
    id: int = Field(sa_column=number())
    name: str = Field(sa_type=Text)
    used_at: datetime


leases = table_of(LeaseRow)
uses = table_of(UseRow)
