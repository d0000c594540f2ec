"""Paused lanes by an index: somebody looks every half minute whom to tell."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    paused = sa.text("paused IS NOT NULL")
    op.create_index(
        "ix_lanes_paused", "lanes", ["paused_at"], sqlite_where=paused, postgresql_where=paused
    )
