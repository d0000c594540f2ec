"""Tables of messages owed to channels."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy import Column as SaColumn
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import BIG, FRESH, number, table_of


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
    """A message owed to a channel. payload: JSON. about: dedupe key of what it changes or answers."""

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
    id: int = Field(sa_column=number())
    channel_id: int = Field(sa_type=BigInteger, foreign_key="channels.id", index=True)
    seq: int = Field(sa_type=BigInteger)
    dedupe_key: str = Field(sa_type=Text, unique=True)
    kind: str = Field(sa_type=Text)
    about: str = Field(sa_type=Text)
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


lanes = table_of(LaneRow)
deliveries = table_of(DeliveryRow)
shown = table_of(ShownRow)
