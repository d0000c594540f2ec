"""How often a posted page was voted on, and since when that is not shown."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # A default, so that a process of the version before can still write rows meanwhile.
    op.add_column("pages", sa.Column("votes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pages", sa.Column("voted_at", sa.DateTime(timezone=True)))
    voted = sa.text("voted_at IS NOT NULL")
    op.create_index(
        "ix_pages_voted_at", "pages", ["voted_at"], sqlite_where=voted, postgresql_where=voted
    )
