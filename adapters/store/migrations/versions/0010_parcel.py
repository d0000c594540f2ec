"""Read-back, breakers and shared limits."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    _deliveries()
    _lanes()
    op.create_table(
        "limits",
        some("key", sa.Text()),
        some("tat", sa.BigInteger()),
        some("granted", sa.Integer()),
        some("closed_until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("key", name="pk_limits"),
    )
    op.create_table(
        "circuits",
        some("platform", sa.Text()),
        some("workspace", sa.Text()),
        some("failures", sa.Integer()),
        sa.Column("failing_since", WHEN),
        sa.Column("open_until", WHEN),
        some("seen_at", WHEN),
        some("reason", sa.Text()),
        sa.PrimaryKeyConstraint("platform", "workspace", name="pk_circuits"),
    )
    op.create_index("ix_circuits_open_until", "circuits", ["open_until"])
    op.create_table(
        "tallies",
        some("key", sa.Text()),
        some("minute", sa.BigInteger()),
        some("count", sa.Integer()),
        sa.PrimaryKeyConstraint("key", "minute", name="pk_tallies"),
    )


def some(name: str, kind: Any, default: str | None = None) -> sa.Column[Any]:
    # Defaults, so that a process of the version before can still write rows meanwhile.
    return sa.Column(name, kind, nullable=False, server_default=default)


def _deliveries() -> None:
    for column in (
        some("role", sa.Text(), "other"),
        sa.Column("look_at", WHEN),
        some("looks", sa.Integer(), "0"),
        some("crashes", sa.Integer(), "0"),
        some("resends", sa.Integer(), "0"),
    ):
        op.add_column("deliveries", column)
    # What the version before left unclear is looked for as well.
    op.execute("UPDATE deliveries SET look_at = created_at WHERE state = 'unknown'")
    unknown = sa.text("state = 'unknown'")
    op.create_index(
        "ix_deliveries_unknown",
        "deliveries",
        ["look_at"],
        sqlite_where=unknown,
        postgresql_where=unknown,
    )


def _lanes() -> None:
    for column in (
        some("paused_by", sa.Text(), ""),
        sa.Column("probe_at", WHEN),
        some("probes", sa.Integer(), "0"),
        some("failures", sa.Integer(), "0"),
        sa.Column("failing_since", WHEN),
        sa.Column("told_at", WHEN),
    ):
        op.add_column("lanes", column)
