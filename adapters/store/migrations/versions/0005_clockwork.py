"""Leases of things one process at a time may hold, and uses that are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
        sa.Column("held_until", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "uses",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("used_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uses"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uses_name_used_at", "uses", ["name", "used_at"])
