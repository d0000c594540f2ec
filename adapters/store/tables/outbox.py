"""Tables of messages owed to channels."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy import Column as SaColumn
from sqlmodel import Field, SQLModel

from adapters.store.tables.base import BIG, FRESH, number, table_of


class LaneRow(SQLModel, table=True):
    """The queue of one channel. Workers claim lanes, never messages.

    ready_at: when its first waiting delivery may go out; None while empty, busy, or paused without
    a time to probe. busy_with: the delivery that is being sent or whose fate is unknown; nobody
    else sends until lease_until. generation: counts the leases.

    paused: the reason, paused_by: `person`, `channel` or `workspace`. failures: in a row, of the
    kind that passes. told_at: when somebody was told last that it is paused.
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
            "ix_lanes_paused",
            "paused_at",
            sqlite_where=text("paused IS NOT NULL"),
            postgresql_where=text("paused IS NOT NULL"),
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
    paused_by: str = Field(sa_type=Text)
    paused_at: datetime | None
    probe_at: datetime | None
    probes: int
    failures: int
    failing_since: datetime | None
    told_at: datetime | None
    ready_at: datetime | None
    next_at: datetime | None
    busy_with: int | None = Field(sa_type=BigInteger)
    lease_owner: str = Field(sa_type=Text)
    lease_until: datetime | None
    generation: int = Field(sa_type=BigInteger)
    next_seq: int = Field(sa_type=BigInteger)
    last_ok_at: datetime | None


class DeliveryRow(SQLModel, table=True):
    """A message owed to a channel. payload: JSON. about: dedupe key of what it changes or answers.

    look_at: while its fate is unknown, when somebody should look. Others: see `Delivery`.
    """

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
        Index(
            "ix_deliveries_unknown",
            "look_at",
            sqlite_where=text("state = 'unknown'"),
            postgresql_where=text("state = 'unknown'"),
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
    role: str = Field(sa_type=Text)
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
    look_at: datetime | None
    looks: int
    crashes: int
    resends: int
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


class LimitRow(SQLModel, table=True):
    """A rate limit that all processes share, counted by GCRA in microseconds since 1970.

    tat: the theoretical arrival time of the next one. granted: how many the last taker got.
    closed_until: nobody passes before.
    """

    __tablename__ = "limits"
    key: str = Field(sa_type=Text, primary_key=True)
    tat: int = Field(sa_type=BigInteger)
    granted: int
    closed_until: int = Field(sa_type=BigInteger)


class CircuitRow(SQLModel, table=True):
    """How a workspace, or a platform (workspace ""), is doing; none is kept for what never failed.

    failures: in a row over all its channels. open_until: nothing is sent before, and then one
    message only, to see.
    """

    __tablename__ = "circuits"
    platform: str = Field(sa_type=Text, primary_key=True)
    workspace: str = Field(sa_type=Text, primary_key=True)
    failures: int
    failing_since: datetime | None
    open_until: datetime | None = Field(index=True)
    seen_at: datetime
    reason: str = Field(sa_type=Text)


class TallyRow(SQLModel, table=True):
    """How often something happened, minute by minute."""

    __tablename__ = "tallies"
    key: str = Field(sa_type=Text, primary_key=True)
    minute: int = Field(sa_type=BigInteger, primary_key=True)
    count: int


lanes = table_of(LaneRow)
limits = table_of(LimitRow)
circuits = table_of(CircuitRow)
tallies = table_of(TallyRow)
deliveries = table_of(DeliveryRow)
shown = table_of(ShownRow)
