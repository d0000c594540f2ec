"""Which change of the filters in use each filter belongs to, so that only changes are read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "filters", sa.Column("revision", sa.BigInteger, nullable=False, server_default="0")
    )
    op.create_index("ix_filters_revision", "filters", ["revision"])
